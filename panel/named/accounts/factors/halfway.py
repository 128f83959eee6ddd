"""Between first and second step: a row on the named side, and no session. The blind side has never heard of it."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.encoding import digest
from panel.kernel.ids import AccountId
from panel.named.accounts.factors.models import HalfSignInRow

LIFE: Final = timedelta(minutes=10)
#: Codes that may be tried before the password is asked for again.
ATTEMPTS: Final = 5


@dataclass(frozen=True)
class Half:
    """Who is halfway. `password`: by her own password, just now, which counts as a step-up once she is in."""

    account: AccountId
    password: bool


def begin(db: Session, account: AccountId, *, password: bool = True) -> str:
    """The first step was right; returns the token under which the browser goes on. What has run out is swept away."""
    db.execute(delete(HalfSignInRow).where(HalfSignInRow.begun_at < clock.now() - LIFE))
    token = secrets.token_urlsafe(32)
    db.add(HalfSignInRow(token_hash=_hash(token), account=account, password=password, begun_at=clock.now(), attempts=0))
    db.flush()
    return token


def at(db: Session, token: str | None) -> Half | None:
    """Who is halfway in this browser, if anybody."""
    live = (HalfSignInRow.begun_at >= clock.now() - LIFE) & (HalfSignInRow.attempts < ATTEMPTS)
    query = select(HalfSignInRow.account, HalfSignInRow.password).where(HalfSignInRow.token_hash == _hash(token or ""))
    row = db.execute(query.where(live)).first()
    return None if row is None else Half(*row)


def charge(database: Database, token: str | None) -> bool:
    """Count one attempt, for good, before it is made; whether there was one left. Opens a transaction of its own."""
    with database.writing("named") as db:
        row = (HalfSignInRow.token_hash == _hash(token or "")) & (HalfSignInRow.attempts < ATTEMPTS)
        one_more = update(HalfSignInRow).where(row).values(attempts=HalfSignInRow.attempts + 1)
        return db.scalar(one_more.returning(HalfSignInRow.attempts)) is not None


def end(db: Session, token: str | None) -> bool:
    """Forget that this browser is halfway; whether it still was."""
    row = HalfSignInRow.token_hash == _hash(token or "")
    return db.scalar(delete(HalfSignInRow).where(row).returning(HalfSignInRow.account)) is not None


def end_of(db: Session, account: AccountId) -> None:
    """Forget that anybody is halfway into this account."""
    db.execute(delete(HalfSignInRow).where(HalfSignInRow.account == account))


def _hash(token: str) -> bytes:
    return digest(token.encode())
