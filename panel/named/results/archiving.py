"""Archiving a board once its retention has ended: only counts, scores by number and the log are left."""

from pathlib import Path

from sqlalchemy import delete
from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.roles import Role
from panel.audit.heads import Signer, sign_head
from panel.audit.service import append
from panel.blind.merit import queries as merit
from panel.blind.merit.destroying import destroy_texts
from panel.blind.merit.sheet import DESTROYED_TEXTS
from panel.board import service as board_service
from panel.board.lifecycle import RUNNING, Fact, Readiness, Stage
from panel.board.queries import Board, boards
from panel.board.retention import ends
from panel.kernel import clock, keyfiles
from panel.kernel.database import Database
from panel.kernel.encoding import Json
from panel.kernel.errors import Refused
from panel.kernel.ids import BoardId
from panel.named.accounts import posting
from panel.named.intake import closing
from panel.named.intake.scrubbing import scrub
from panel.named.results.models import AmendmentTold, ApprovedNote
from panel.named.unsealing import service as unsealing
from panel.named.unsealing.ending import overtake
from panel.web.filters import day


class NotAsLocked(Refused):
    """The texts are what shows that the marks were changed: they stay until somebody has looked."""

    sentence = "The marks are not the ones that were locked. Nothing was destroyed. Tell the auditor."


def readiness(board: Board) -> Readiness:
    """What published → archived demands: the retention the rules promise has ended."""
    until = board.published_on and ends(board.published_on, board.policy.retention_months)
    passed = until is not None and until <= clock.today()
    kept = f"Texts and names are kept until {day(until)}." if until else "The results are not published."
    sentence = "Texts and names no longer have to be kept." if passed else kept
    return Readiness((Fact("retention", passed, sentence),))


def archive(db: Session, keys: Path, actor: Person, board: BoardId) -> Board:
    """Destroy every text, name and link of a published board. The caller commits, then calls `finish`.

    Raises WrongStage, NotReady, NotAsLocked and NotLogged.
    """
    held = board_service.take(db, board, Stage.PUBLISHED)
    _demand_unchanged(db, board)
    overtake(db, board, actor.id, Role.HR)
    # first the stage: until then the database refuses every change to what was locked
    archived = board_service.advance(db, board, Stage.ARCHIVED, readiness(held), actor.id, Role.HR)
    destroy_texts(db, held)
    db.execute(delete(ApprovedNote).where(ApprovedNote.board == board))
    db.execute(delete(AmendmentTold).where(AmendmentTold.board == board))
    unsealing.destroy(db, board)
    closing.destroy_roll(db, board)
    posting.forget(db, board)
    left: dict[str, Json] = {"marks_root": merit.marks_root(db, board).hex()}
    append(db, board, DESTROYED_TEXTS, actor.id, Role.HR, left)
    sign_head(db, board, Signer.of(keys))
    return archived


def finish(database: Database, keys: Path, board: BoardId) -> bool:
    """Once that is committed: destroy the results key, then scrub; whether the scrub really happened. Repeatable.

    Without the key no backup joins names to numbers any more. The caller has no transaction open. PostgreSQL keeps old
    versions of evidence notes and reasons in its files until it next vacuums those tables.
    """
    keyfiles.destroy(keys, keyfiles.results(board))
    return scrub(database)


def finish_all(database: Database, keys: Path) -> None:
    """Destroy keys that outlived an archiving or a cancelling cut short."""
    with database.reading() as db:
        ended = [each.id for each in boards(db) if each.stage not in RUNNING]
    for each in ended:
        for name in (keyfiles.drafts(each), keyfiles.results(each)):
            keyfiles.destroy(keys, name)


def _demand_unchanged(db: Session, board: BoardId) -> None:
    """The last moment at which it can be told: without the texts the tables lead to another root than the locked one.

    Digests of the texts would keep it tellable, and would let anybody guess a short text that was to be destroyed.
    """
    if not merit.as_locked(db, board):
        raise NotAsLocked
    merit.amendments(db, board)
