"""Reading sealed equality answers. Nothing here opens anything."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from panel.kernel.encoding import digest
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, SubmissionRef
from panel.sealed.equality.models import EqualityEnvelopeRow
from panel.sealed.vault.queries import Envelope


def envelopes(db: Session, board: BoardId) -> tuple[Envelope, ...]:
    """Every equality envelope of a board, by ref."""
    columns = EqualityEnvelopeRow.ref, EqualityEnvelopeRow.format, EqualityEnvelopeRow.sealed
    query = select(*columns).where(EqualityEnvelopeRow.board == board).order_by(EqualityEnvelopeRow.ref)
    return tuple(Envelope(*row) for row in db.execute(query))


def refs(db: Session, board: BoardId) -> frozenset[SubmissionRef]:
    """The submissions of a board that have an equality envelope."""
    query = select(EqualityEnvelopeRow.ref).where(EqualityEnvelopeRow.board == board)
    return frozenset(db.scalars(query.order_by(EqualityEnvelopeRow.ref)))


def envelope_digests(db: Session, board: BoardId) -> Mapping[SubmissionRef, bytes]:
    """SHA-256 of every equality envelope of a board, by ref: for the lodged root."""
    return {envelope.ref: digest(envelope.sealed) for envelope in envelopes(db, board)}


def envelope_digest(db: Session, ref: SubmissionRef) -> bytes:
    """SHA-256 of one submission's equality envelope: for its receipt. Raises Missing."""
    row = db.get(EqualityEnvelopeRow, ref)
    if row is None:
        raise Missing
    return digest(row.sealed)


def count(db: Session, board: BoardId) -> int:
    """How many equality envelopes a board has."""
    return db.scalar(select(func.count()).where(EqualityEnvelopeRow.board == board)) or 0
