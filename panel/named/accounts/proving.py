"""Proving who one is. The attempt is charged and committed before the password is tried, and no transaction is open
while it is: twenty guesses at once are charged as twenty, and nobody waits for another's Argon2id."""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.errors import Invalid
from panel.kernel.ids import AccountId
from panel.named.accounts.hashing import matches
from panel.named.accounts.models import Account, Attempt
from panel.named.accounts.queries import State, email_key
from panel.named.accounts.throttle import TooManyAttempts, hour, limits


class WrongPassword(Invalid):
    """The address, the password or both are wrong, or the account is not open: one answer for all."""

    sentence = "Email address or password is not right"


@dataclass(frozen=True)
class Proof:
    """What someone offers: an address and a password, and the network place it comes from."""

    email: str
    password: str
    place: str


def prove(database: Database, proof: Proof, profile: str) -> AccountId:
    """Whose password this is. Opens transactions of its own. Raises TooManyAttempts and WrongPassword."""
    allowed = limits(email_key(proof.email), proof.place)
    charge(database, allowed)
    with database.reading("named") as db:
        found = _stored(db, proof.email)
    if not matches(proof.password, found and found[1], profile) or found is None:
        raise WrongPassword
    with database.writing("named") as db:
        _refund(db, list(allowed))
    return found[0]


def charge(database: Database, allowed: dict[bytes, int]) -> None:
    """Count one attempt under each key, for good; one that would go past a limit is refused, and counted nowhere.

    Else a guesser whom one limit stops would go on to use up the others, and lock their owners out everywhere.
    """
    now = hour(clock.now())
    with database.writing("named") as db:
        db.execute(delete(Attempt).where(Attempt.hour < now))
        # in one order for everyone, so that two at once cannot wait for each other
        counts = {key: _count(db, key, now) for key in sorted(allowed)}
        if any(count > allowed[key] for key, count in counts.items()):
            raise TooManyAttempts


def refund(db: Session, key: bytes) -> None:
    """An attempt that was charged under the key was right: it does not count."""
    db.execute(update(Attempt).where(Attempt.key == key, Attempt.count > 0).values(count=Attempt.count - 1))


def _count(db: Session, key: bytes, now: str) -> int:
    one_more = update(Attempt).where(Attempt.key == key, Attempt.hour == now).values(count=Attempt.count + 1)
    found: int | None = db.scalar(one_more.returning(Attempt.count))
    if found is not None:
        return found
    try:
        with db.begin_nested():
            db.execute(insert(Attempt).values(key=key, hour=now, count=1))
    except IntegrityError:
        # two first attempts at once: the other one made the row
        found = db.scalar(one_more.returning(Attempt.count))
        return found or 1
    return 1


def _refund(db: Session, keys: list[bytes]) -> None:
    db.execute(delete(Attempt).where(Attempt.key == keys[0]))
    for key in sorted(keys[1:]):
        refund(db, key)


def _stored(db: Session, email: str) -> tuple[AccountId, str | None] | None:
    query = select(Account.id, Account.password).where(
        Account.email_key == email_key(email), Account.state == State.ACTIVE
    )
    row = db.execute(query).first()
    return None if row is None else (row.id, row.password)


def owner(database: Database, email: str) -> AccountId | None:
    """Whose address was tried, for the security log."""
    with database.reading("named") as db:
        found = _stored(db, email)
    return None if found is None else found[0]
