"""What a browser was sent to the identity provider with, until the answer: it counts once, in that browser alone."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from panel.kernel import clock
from panel.kernel.encoding import digest, digest_of
from panel.named.accounts.models import SignOnRequest

LIFE: Final = timedelta(minutes=10)


class Purpose(StrEnum):
    """What the person is asked who she is for."""

    SIGN_IN = "sign-in"
    LINK = "link"
    STEP_UP = "step-up"


@dataclass(frozen=True)
class Question:
    """What goes to the provider (state, nonce, a digest of the verifier), and where the person goes afterwards.

    `asked_at`: what she proves to the provider before that does not count for a step-up.
    """

    purpose: Purpose
    destination: str
    asked_at: datetime
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


def ask(db: Session, browser: str, purpose: Purpose, destination: str) -> Question:
    """A new question for the browser with this token. Those that were never answered are swept away."""
    made = Question(purpose, destination, clock.now(), *(secrets.token_urlsafe(32) for _ in range(3)))
    _sweep(db)
    row = {
        "state_hash": digest(made.state.encode()),
        "browser_hash": _browser(browser),
        "purpose": purpose.value,
        "nonce": made.nonce,
        "verifier": made.verifier,
        "destination": destination,
        "expires_at": made.asked_at + LIFE,
    }
    db.execute(insert(SignOnRequest).values(**row))
    return made


def take(db: Session, browser: str, state: str) -> Question | None:
    """The question that this is the answer to; it is gone whatever follows, so the caller commits before all else.

    None for one that was never asked, was asked in another browser, is more than ten minutes old or was answered.
    """
    _sweep(db)
    mine = SignOnRequest.state_hash == digest(state.encode())
    columns = SignOnRequest.__table__.columns
    row = db.execute(delete(SignOnRequest).where(mine).returning(*columns)).one_or_none()
    if row is None or row.browser_hash != _browser(browser):
        return None
    asked_at = row.expires_at.replace(tzinfo=row.expires_at.tzinfo or UTC) - LIFE
    return Question(Purpose(row.purpose), row.destination, asked_at, state, row.nonce, row.verifier)


def _sweep(db: Session) -> None:
    db.execute(delete(SignOnRequest).where(SignOnRequest.expires_at < clock.now()))


def _browser(token: str) -> bytes:
    # not the digest under which the session is kept: a question never answered says nothing of who asked
    return digest_of({"sign_on": token})
