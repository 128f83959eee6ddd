"""An authenticator app: its secret is offered, proved by a first code, and each code of it counts once.

What is offered is bound to the sign-in it is shown in (`where`): else whoever has the password could have a secret
drawn first, keep it, and wait until its owner puts that very secret into her own app.
"""

import secrets
from pathlib import Path
from typing import Final

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from panel.kernel import clock, keyfiles
from panel.kernel.errors import Invalid
from panel.kernel.ids import AccountId
from panel.named.accounts.factors import totp
from panel.named.accounts.factors.held import HELD, OFFERED, any_authenticator
from panel.named.accounts.factors.models import AuthenticatorRow
from panel.named.accounts.factors.sealing import sealed, unsealed

_KEY: Final = keyfiles.AUTHENTICATORS


class NotYet(Invalid):
    """The app does not have the secret, or the telephone's clock is wrong."""

    sentence = "That code is not right. Check that your phone shows the right time, then enter the code shown now"


def offer(db: Session, keys: Path, account: AccountId, where: bytes) -> None:
    """Draw a secret for a new app; one offered before is forgotten, one that is held stays until this one is proved."""
    _drop(db, account, OFFERED)
    key = keyfiles.read(keys, _KEY) if any_authenticator(db) else keyfiles.ensure(keys, _KEY)
    fresh = sealed(key, account, secrets.token_bytes(totp.SECRET_SIZE), where)
    db.execute(insert(AuthenticatorRow).values(account=account, state=OFFERED, sealed=fresh))


def offered(db: Session, keys: Path, account: AccountId, where: bytes) -> bytes | None:
    """The secret that waits for its first code, if one does in this sign-in."""
    return _secret(db, keys, account, OFFERED, where)


def prove(db: Session, keys: Path, account: AccountId, typed: str, where: bytes) -> None:
    """The first code makes the offered secret the one that counts, in place of any before. Raises NotYet."""
    secret = offered(db, keys, account, where)
    at = secret and totp.accepted(secret, typed, clock.now(), None)
    if not secret or not at:
        raise NotYet
    _drop(db, account, HELD)
    kept = sealed(keyfiles.read(keys, _KEY), account, secret)
    held = {"state": HELD, "sealed": kept, "last_counter": at}
    db.execute(update(AuthenticatorRow).where(_row(account, OFFERED)).values(**held))


def use(db: Session, keys: Path, account: AccountId, typed: str) -> bool:
    """Whether the code is right and is used hereby: never twice, not even by two requests at once."""
    secret = _secret(db, keys, account, HELD)
    at = secret and totp.accepted(secret, typed, clock.now(), _last(db, account))
    if not at:
        return False
    # compared and swapped in one statement: of two that carry the same code the second changes no row
    last = AuthenticatorRow.last_counter
    swap = (
        update(AuthenticatorRow)
        .where(_row(account, HELD), last.is_(None) | (last < at))
        .values(last_counter=at)
        .returning(AuthenticatorRow.account)
    )
    return db.scalar(swap) is not None


def remove(db: Session, account: AccountId) -> None:
    """Forget the app, and one that was about to follow it."""
    _drop(db, account, HELD)
    _drop(db, account, OFFERED)


def _secret(db: Session, keys: Path, account: AccountId, state: str, *where: bytes) -> bytes | None:
    kept = db.scalar(select(AuthenticatorRow.sealed).where(_row(account, state)))
    return None if kept is None else unsealed(keyfiles.read(keys, _KEY), account, kept, *where)


def _last(db: Session, account: AccountId) -> int | None:
    return db.scalar(select(AuthenticatorRow.last_counter).where(_row(account, HELD)))


def _drop(db: Session, account: AccountId, state: str) -> None:
    db.execute(delete(AuthenticatorRow).where(_row(account, state)))


def _row(account: AccountId, state: str) -> ColumnElement[bool]:
    return (AuthenticatorRow.account == account) & (AuthenticatorRow.state == state)
