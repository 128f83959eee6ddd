"""Proving who one is. The attempt is charged and committed before the password is tried, and no transaction is open
while it is: twenty guesses at once are charged as twenty, and nobody waits for another's Argon2id.

For addresses known, unknown, closed and never used the same statements run and the same hash is worked out.
"""

from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.access.queries import account_of, live_session
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.errors import Invalid
from panel.kernel.ids import AccountId
from panel.named.accounts import devices
from panel.named.accounts.hashing import matches
from panel.named.accounts.models import Account, Attempt
from panel.named.accounts.queries import State, email_key
from panel.named.accounts.throttle import TooManyAttempts, hour, limits, limits_of, refusal


class WrongPassword(Invalid):
    """The address, the password or both are wrong, or the account is not open: one answer for all."""

    sentence = "Email address or password is not right"


@dataclass(frozen=True)
class Proof:
    """What someone offers: an address and a password, and what her browser shows: where it is, and its tokens.

    `device`: by which it is known to those who have signed in in it.
    """

    email: str
    password: str
    place: str
    session: str = field(default="", repr=False)
    device: tuple[str, ...] = field(default=(), repr=False)


def prove(database: Database, proof: Proof, profile: str) -> AccountId:
    """Whose password this is. Opens transactions of its own. Raises TooManyAttempts and WrongPassword."""
    with database.reading("named") as db:
        found = _stored(db, proof.email)
        own = _shown(db, proof, found and found[0])
    allowed = limits_of(own) if own else limits(email_key(proof.email), proof.place)
    charge(database, allowed, known=own is not None)
    if not matches(proof.password, found and found[1], profile) or found is None:
        raise WrongPassword
    with database.writing("named") as db:
        _refund(db, list(allowed))
        # it was worked out for a while, with no transaction open
        if _stored(db, proof.email) != found:
            raise WrongPassword
    return found[0]


def charge(database: Database, allowed: dict[bytes, int], *, known: bool = True) -> None:
    """Count one attempt under each key, for good; one that would go past a limit is refused, and counted nowhere.

    Else a guesser whom one limit stops would go on to use up the others, and lock their owners out everywhere. Raises
    TooManyAttempts, which says how long to wait and, unless the browser is `known`, what else can be done.
    """
    now = hour(clock.now())
    with database.writing("named") as db:
        db.execute(delete(Attempt).where(Attempt.hour < now))
        # in one order for everyone, so that two at once cannot wait for each other
        counts = {key: _count(db, key, now) for key in sorted(allowed)}
        if any(count > allowed[key] for key, count in counts.items()):
            raise TooManyAttempts(refusal(clock.now(), known=known))


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


def _shown(db: Session, proof: Proof, account: AccountId | None) -> bytes | None:
    """What attempts are counted by if the browser is signed in as the person or known to her; None if it is neither."""
    live = live_session(db, proof.session) if proof.session else None
    if live and account_of(db, live.marker) == account:
        return live.handle
    # asked for an address that nobody has too: both cost the same
    return devices.known(db, proof.device, account or AccountId.new())


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
