"""Sealing guesses to a board's key. They are opened only into counts, at the ceremony."""

from collections.abc import Iterable

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from panel.board.lifecycle import Stage
from panel.board.service import hold
from panel.kernel.ids import BoardId, MarkerId
from panel.sealed.guesses.guess import Guess, info, plaintext
from panel.sealed.guesses.models import GuessEnvelopeRow
from panel.sealed.vault.envelope import FORMAT, seal
from panel.sealed.vault.queries import public_key

#: From the first signed sheet until the ceremony opens the names.
STAGES = (Stage.MARKING, Stage.MODERATION, Stage.LOCKED)


def seal_guesses(db: Session, board: BoardId, marker: MarkerId, guesses: Iterable[Guess]) -> None:
    """Seal a marker's answer in place of any before it. Raises WrongStage, TooLong, and Missing before the founding."""
    hold(db, board, *STAGES)
    public, policy_digest = public_key(db, board)
    sealed = seal(public, info(board, marker, policy_digest), plaintext(guesses))
    mine = (GuessEnvelopeRow.board == board) & (GuessEnvelopeRow.marker == marker)
    db.execute(delete(GuessEnvelopeRow).where(mine))
    db.execute(insert(GuessEnvelopeRow).values(board=board, marker=marker, format=FORMAT, sealed=sealed))


def destroy(db: Session, board: BoardId) -> None:
    """Destroy a board's guesses: counted, cancelled or archived."""
    db.execute(delete(GuessEnvelopeRow).where(GuessEnvelopeRow.board == board))
