"""Ways of the second step come and go: the owner's own changes, and an administrator's reset."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from panel.access import service as access
from panel.access.queries import person_of
from panel.access.roles import Role
from panel.audit.service import append
from panel.config import Config
from panel.kernel.errors import Refused
from panel.kernel.ids import SYSTEM, AccountId, MarkerId, PasskeyId, SignInCode
from panel.named.accounts import posting
from panel.named.accounts.factors import authenticator, halfway, passkeys, recovery, runs
from panel.named.accounts.factors.held import demanded, held
from panel.named.accounts.letters import Letter
from panel.named.accounts.models import LinkedIdentity


class LastWay(Refused):
    """A part on a board asks for a second step, and none would be left."""

    sentence = (
        "Your part asks for a second step, and this is your only one. Set up an authenticator app or another passkey "
        "first, then remove this one."
    )


class OwnReset(Refused):
    """A reset by whoever sits at an administrator's browser would be a way past her second step."""

    sentence = "You cannot reset your own second step. Change it under your account, or ask another administrator."


def added(db: Session, account: AccountId) -> tuple[SignInCode, ...]:
    """A way was added: tell its owner. Returns her recovery codes if this was the first way, for now she needs some."""
    posting.post(db, [account], Letter.SECOND_STEP)
    found = held(db, account)
    return () if found.codes_left or found.count > 1 else recovery.renew(db, account)


def new_codes(db: Session, account: AccountId) -> tuple[SignInCode, ...]:
    """New recovery codes in place of the old ones; their owner is told."""
    posting.post(db, [account], Letter.SECOND_STEP)
    return recovery.renew(db, account)


def remove_authenticator(db: Session, config: Config, account: AccountId) -> None:
    """Give up the app. Raises LastWay."""
    _demand_another(db, config, account)
    authenticator.remove(db, account)
    _removed(db, account)


def remove_passkey(db: Session, config: Config, account: AccountId, passkey: PasskeyId) -> None:
    """Give up a passkey. Raises Missing for another's, and LastWay."""
    held(db, account).passkey(passkey)
    _demand_another(db, config, account)
    passkeys.remove(db, account, passkey)
    _removed(db, account)


def reset(db: Session, actor: MarkerId, account: AccountId) -> None:
    """Take away every way of a person who has lost hers, sign her out, and tell her. Raises OwnReset.

    Whoever has her password can then set up another, so the log keeps who did it.
    """
    person = person_of(db, account)
    if person == actor:
        raise OwnReset
    forget(db, account)
    access.end_sessions_of(db, account)
    append(db, SYSTEM, "account.second_step_reset", actor, Role.ADMINISTRATOR, {"person": str(person)})
    posting.post(db, [account], Letter.SECOND_STEP_RESET)


def forget(db: Session, account: AccountId) -> None:
    """Nothing is left of what the person had for the second step, here or elsewhere, nor of a sign-in halfway."""
    access.hold(db, account)
    authenticator.remove(db, account)
    passkeys.remove_all(db, account)
    recovery.forget(db, account)
    # whoever shows it at a provider is let in by no password, and the provider may be what she has lost
    db.execute(delete(LinkedIdentity).where(LinkedIdentity.account == account))
    runs.end(db, account)
    halfway.end_of(db, account)


def _demand_another(db: Session, config: Config, account: AccountId) -> None:
    access.hold(db, account)
    if held(db, account).count <= 1 and demanded(db, config, account):
        raise LastWay


def _removed(db: Session, account: AccountId) -> None:
    if not held(db, account).any:
        recovery.forget(db, account)
    posting.post(db, [account], Letter.SECOND_STEP)
