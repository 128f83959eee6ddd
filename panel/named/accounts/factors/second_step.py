"""The second step itself: a code of the app, a recovery code or a passkey. Charged before it is tried, one answer for
every failure, and used up in a transaction of its own before anything else is done with it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from panel.kernel.database import Database
from panel.kernel.encoding import digest_of
from panel.kernel.errors import Invalid
from panel.kernel.ids import AccountId
from panel.named.accounts.factors import authenticator, challenges, passkeys, recovery, runs
from panel.named.accounts.factors.passkeys import Site
from panel.named.accounts.proving import charge, refund
from panel.named.accounts.throttle import limits, limits_of


class WrongStep(Invalid):
    """The code is wrong, old, used or another's, or the passkey is: one answer for all."""

    sentence = "That is not right, or was used before. Wait for the next code of your app, or use another way"


class Way(StrEnum):
    """By what the second step was taken."""

    AUTHENTICATOR = "authenticator"
    RECOVERY_CODE = "recovery-code"
    PASSKEY = "passkey"


@dataclass(frozen=True)
class Offered:
    """What somebody offers: a typed code, or a passkey's answer as JSON; in which browser, and from where.

    `known`: by what attempts are counted in a browser that she has signed in with before, or is signed in with now.
    """

    code: str
    passkey: str
    token: str
    place: str
    known: bytes | None = None


def take(database: Database, keys: Path, where: Site | None, account: AccountId, offered: Offered) -> Way:
    """Use up what is offered; which way it was. Opens transactions of its own. Raises WrongStep, TooManyAttempts."""
    # counted apart from passwords: who knows the password could wipe its count by giving it again
    allowed = _allowed(account, offered)
    charge(database, allowed, known=offered.known is not None)
    if offered.known is None:
        runs.charge(database, account)
    challenge = challenges.take(database, offered.token) if offered.passkey else None
    with database.writing("named") as db:
        way = _way(db, keys, where, account, offered, challenge)
        if way is None:
            raise WrongStep
        for each in sorted(allowed):
            refund(db, each)
        if offered.known is None:
            runs.end(db, account)
        return way


def _allowed(account: AccountId, offered: Offered) -> dict[bytes, int]:
    if offered.known is not None:
        return limits_of(digest_of({"second step in": offered.known.hex()}))
    return limits(f"second step of {account}", offered.place)


def _way(
    db: Session, keys: Path, where: Site | None, account: AccountId, offered: Offered, challenge: bytes | None
) -> Way | None:
    if offered.passkey:
        right = where is not None and passkeys.use(db, where, account, offered.passkey, challenge)
        return Way.PASSKEY if right else None
    if authenticator.use(db, keys, account, offered.code):
        return Way.AUTHENTICATOR
    return Way.RECOVERY_CODE if recovery.use(db, account, offered.code) else None
