"""Cancelling a board before the lock: nothing of what candidates sent in can be read or opened any more."""

from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.roles import Role
from panel.audit.heads import Signer, sign_head
from panel.blind.allocation import service as allocation
from panel.blind.marking import service as marking
from panel.blind.moderation import service as moderation
from panel.blind.submissions import service as submissions
from panel.board import service as board_service
from panel.board.lifecycle import Fact, Readiness, Stage
from panel.board.queries import Board
from panel.config import Config
from panel.kernel import keyfiles
from panel.kernel.database import Database
from panel.kernel.ids import BoardId
from panel.named.intake.closing import unlink
from panel.named.intake.drafting import drop_all
from panel.named.intake.scrubbing import scrub
from panel.named.unsealing import early
from panel.sealed.equality import service as equality
from panel.sealed.guesses import service as guesses
from panel.sealed.vault import service as vault


def cancel(database: Database, config: Config, person: Person, board: BoardId, *, reason: str) -> bool:
    """End a board before the lock: shares, envelopes, drafts, their keys and every text are destroyed.

    The roll stays, for the letter that tells candidates. `reason` is a key of a closed list, and is logged. The key
    files go only once the database has let go, and with them what the database's files still hold: whether that
    happened is returned, and it is left to the next scrub while somebody uses them. Raises UnlawfulMove.
    """
    with database.writing() as db:
        held = board_service.take(db, board)
        if held.stage is Stage.OPEN:
            unlink(db, board)
        drop_all(db, board)
        given = Readiness((Fact("reason", met=bool(reason), sentence="Say why the board is cancelled."),))
        board_service.advance(db, board, Stage.CANCELLED, given, person.id, Role.HR, {"reason": reason})
        vault.destroy(db, board)
        equality.destroy(db, board)
        guesses.destroy(db, board)
        early.destroy(db, board)
        if held.stage is not Stage.DRAFT:
            _destroy_texts(db, held)
        sign_head(db, board, Signer.of(config.keys))
    for name in (keyfiles.drafts(board), keyfiles.results(board)):
        keyfiles.destroy(config.keys, name)
    return held.stage is Stage.DRAFT or scrub(database)


def _destroy_texts(db: Session, held: Board) -> None:
    """Nothing that candidates wrote, or that was written about it, outlives a cancelled board."""
    submissions.destroy_texts(db, held)
    marking.destroy_evidence(db, held.id)
    moderation.destroy_reasons(db, held.id)
    allocation.destroy_exclusions(db, held.id)
