"""Sealing equality answers to a board's key, apart from names. They are opened only into counts, at the ceremony."""

from collections.abc import Mapping

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from panel.board.lifecycle import Stage
from panel.board.service import hold
from panel.kernel.encoding import digest
from panel.kernel.ids import BoardId, SubmissionRef
from panel.sealed.equality.answers import info, plaintext
from panel.sealed.equality.models import EqualityEnvelopeRow
from panel.sealed.vault.envelope import FORMAT, seal
from panel.sealed.vault.queries import public_key
from panel.sealed.vault.service import shuffle_rows


def seal_answers(db: Session, board: BoardId, ref: SubmissionRef, answers: Mapping[str, str]) -> bytes:
    """Seal one candidate's equality answers; returns SHA-256 of the envelope. Part of the lodging.

    `answers`: characteristic key → option key; what is left out is declined. Raises WrongStage unless the board is
    open, and UnknownAnswer.
    """
    hold(db, board, Stage.OPEN)
    public, policy_digest = public_key(db, board)
    sealed = seal(public, info(board, ref, policy_digest), plaintext(answers))
    db.execute(insert(EqualityEnvelopeRow).values(ref=ref, board=board, format=FORMAT, sealed=sealed))
    return digest(sealed)


def discard(db: Session, ref: SubmissionRef) -> None:
    """Take an envelope away: an application amended or withdrawn before the close."""
    db.execute(delete(EqualityEnvelopeRow).where(EqualityEnvelopeRow.ref == ref))


def rewrite(db: Session, board: BoardId) -> None:
    """Write a board's equality envelopes anew in random order. Part of the close."""
    shuffle_rows(db, EqualityEnvelopeRow, board)


def destroy(db: Session, board: BoardId) -> None:
    """Destroy a board's equality envelopes: counted, cancelled or archived."""
    db.execute(delete(EqualityEnvelopeRow).where(EqualityEnvelopeRow.board == board))
