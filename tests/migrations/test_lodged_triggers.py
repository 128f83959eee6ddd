"""What the database itself refuses about what was lodged: from the close on roll and envelopes stand as they are."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.sql.dml import UpdateBase

from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.kernel.database import Database
from panel.kernel.ids import AccountId, BoardId, RollId, SubmissionRef
from panel.named.intake.models import RollRow
from panel.sealed.equality.models import EqualityEnvelopeRow
from panel.sealed.vault.models import EnvelopeRow
from tests.migrations.test_triggers import SEALED, copied, refused

pytestmark = [pytest.mark.vault("V06"), pytest.mark.vault("V18")]

SEALED_ROWS = (EnvelopeRow, EqualityEnvelopeRow)
#: From the close until the names and envelopes are destroyed, and after that.
STANDING = (Stage.CLOSED, Stage.MARKING, Stage.MODERATION, Stage.LOCKED, Stage.UNSEALED, Stage.PUBLISHED)
ENDED = (Stage.ARCHIVED, Stage.CANCELLED)


@pytest.fixture
def board(database: Database) -> BoardId:
    """An open board with one entry of the roll and both envelopes."""
    board, ref = BoardId.new(), SubmissionRef.new()
    with database.writing() as db:
        db.add(BoardRow(id=board, title="Inspector", stage=Stage.OPEN.value, draw=bytes(32)))
        db.flush()
        db.execute(insert(RollRow).values(id=RollId.new(), board=board, account=AccountId.new(), state="applied"))
        for model in SEALED_ROWS:
            db.execute(insert(model).values(ref=ref, board=board, format=1, sealed=bytes(SEALED)))
    return board


def move(database: Database, board: BoardId, stage: Stage) -> None:
    with database.writing() as db:
        db.get_one(BoardRow, board).stage = stage.value


def coming(database: Database) -> list[UpdateBase]:
    rows: list[UpdateBase] = [copied(database, RollRow, id=RollId.new(), account=AccountId.new())]
    rows += [copied(database, model, ref=SubmissionRef.new()) for model in SEALED_ROWS]
    if database.is_sqlite:  # REPLACE would take the old row away without asking the triggers of deletion
        rows.append(copied(database, RollRow, id=RollId.new()).prefix_with("OR REPLACE"))
    return rows


def going() -> list[UpdateBase]:
    return [delete(model) for model in (RollRow, *SEALED_ROWS)]


def test_no_row_comes_or_goes_between_close_and_archive(database: Database, board: BoardId) -> None:
    new = coming(database)
    assert not any(refused(database, "named", change) for change in (*new[:3], *going()))
    for stage in STANDING:
        move(database, board, stage)
        assert all(refused(database, "named", change) for change in (*new, *going())), stage
    for stage in ENDED:
        move(database, board, stage)
        assert all(refused(database, "named", change) for change in new), stage
        assert not any(refused(database, "named", change) for change in going()), stage


OTHERS: dict[str, Callable[[], UpdateBase]] = {
    "its id": lambda: update(RollRow).values(id=RollId.new()),
    "its person": lambda: update(RollRow).values(account=AccountId.new()),
    "its board": lambda: update(RollRow).values(board=BoardId.new()),
}


def test_an_entry_of_the_roll_is_never_made_anothers(database: Database, board: BoardId) -> None:
    assert {name for name, change in OTHERS.items() if refused(database, "named", change())} == set(OTHERS)
    move(database, board, Stage.LOCKED)
    assert {name for name, change in OTHERS.items() if refused(database, "named", change())} == set(OTHERS)


def test_after_the_close_one_can_stand_down_and_nothing_else(database: Database, board: BoardId) -> None:
    def lets(*states: str) -> set[str]:
        return {state for state in states if not refused(database, "named", update(RollRow).values(state=state))}

    assert lets("withdrawn", "stood_down") == {"withdrawn", "stood_down"}
    for stage in (Stage.CLOSED, Stage.LOCKED):
        move(database, board, stage)
        assert lets("withdrawn", "stood_down") == {"stood_down"}
    for stage in (Stage.UNSEALED, Stage.PUBLISHED):
        move(database, board, stage)
        assert lets("withdrawn", "stood_down") == set()
    move(database, board, Stage.LOCKED)
    with database.writing() as db:
        db.execute(update(RollRow).values(state="stood_down"))
    assert lets("applied", "withdrawn") == set()


def test_truncating_is_refused_while_a_board_stands_closed(database: Database, board: BoardId) -> None:
    move(database, board, Stage.CLOSED)
    for table in ("named.roll", "sealed.envelope", "sealed.equality_envelope"):
        with database.session("named", writes=True) as db, pytest.raises(DatabaseError):
            db.execute(text(f"TRUNCATE {table}"))
