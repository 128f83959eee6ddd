"""What a passkey must sign next: drawn for one browser, kept here, and gone with the first answer."""

import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.encoding import digest
from panel.named.accounts.factors.models import ChallengeRow

LIFE: Final = timedelta(minutes=5)
_SIZE: Final = 32


def draw(db: Session, token: str) -> bytes:
    """A fresh challenge for the browser of that token; one from before is forgotten."""
    kept, oldest = digest(token.encode()), clock.now() - LIFE
    db.execute(delete(ChallengeRow).where((ChallengeRow.token_hash == kept) | (ChallengeRow.made_at < oldest)))
    challenge = secrets.token_bytes(_SIZE)
    db.add(ChallengeRow(token_hash=kept, challenge=challenge, made_at=clock.now()))
    db.flush()
    return challenge


def take(database: Database, token: str) -> bytes | None:
    """The browser's challenge, which is of no use to anybody hereafter. Opens a transaction of its own."""
    with database.writing("named") as db:
        row = (ChallengeRow.token_hash == digest(token.encode())) & (ChallengeRow.made_at >= clock.now() - LIFE)
        found: bytes | None = db.scalar(delete(ChallengeRow).where(row).returning(ChallengeRow.challenge))
    return found
