"""Counts are kept once and already suppressed; HR reads them once the names are open."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.access.service import grant
from panel.board.equality import CHARACTERISTICS, DECLINED, UnknownAnswer, answered
from panel.board.lifecycle import Stage, WrongStage
from panel.board.models import BoardRow
from panel.board.service import create
from panel.kernel.database import Database
from panel.kernel.ids import BoardId
from panel.named.monitoring import queries
from panel.named.monitoring.adverse_impact import Outcome
from panel.named.monitoring.models import OutcomeCount
from panel.named.monitoring.service import AlreadyCounted, record_counts
from panel.named.monitoring.tally import tallied
from tests.named.accounts.signing import added_niamh, sign_in

#: 40 women of whom 24 passed, 30 men of whom 12 passed, 3 people who did not say.
PEOPLE = (
    [({"sex": "female"}, n < 24) for n in range(40)]
    + [({"sex": "male"}, n < 12) for n in range(30)]
    + [({"sex": DECLINED}, n < 1) for n in range(3)]
)


def board_at(db: Session, stage: Stage) -> BoardId:
    board = create(db, "Inspector 2026")
    db.get_one(BoardRow, board).stage = stage.value
    db.flush()
    return board


def counted(database: Database) -> BoardId:
    with database.writing("named") as db:
        board = board_at(db, Stage.LOCKED)
        record_counts(db, board, tallied(PEOPLE))
    return board


def test_every_characteristic_has_its_table_with_all_groups() -> None:
    tallies = tallied(PEOPLE)
    assert set(tallies) == {each.key for each in CHARACTERISTICS}
    assert tallies["sex"] == {"female": Outcome(40, 24), "male": Outcome(30, 12), DECLINED: Outcome(3, 1)}
    assert tallies["religion"]["sikh"] == Outcome(0, 0)
    assert tallies["religion"][DECLINED] == Outcome(73, 37)


def test_an_answer_off_the_list_counts_as_declined_and_is_refused_when_given() -> None:
    assert tallied([({"sex": "of no list"}, True)])["sex"][DECLINED] == Outcome(1, 1)
    assert answered({"sex": "female"})["religion"] == DECLINED
    for wrong in ({"sex": "of no list"}, {"station": "Euston"}):
        with pytest.raises(UnknownAnswer):
            answered(wrong)


@pytest.mark.leak("L41")
@pytest.mark.vault("V17")
def test_a_withheld_count_is_in_no_table_at_all(database: Database) -> None:
    board = counted(database)
    with database.reading() as db:
        query = select(OutcomeCount).where(OutcomeCount.board == board).order_by(OutcomeCount.group)
        kept = {(row.characteristic, row.group, row.outcome): row.count for row in db.scalars(query)}
    assert kept["sex", DECLINED, "applied"] is None
    # the next smallest group goes too, or 73 - 40 - 30 would give the 3
    assert kept["sex", "male", "applied"] is None
    assert kept["sex", "female", "applied"] == 40
    assert kept["sex", "total", "applied"] == 73


@pytest.mark.leak("L41")
def test_a_second_table_of_the_same_board_is_refused(database: Database) -> None:
    board = counted(database)
    with database.session("named", writes=True) as db, pytest.raises(AlreadyCounted):
        record_counts(db, board, tallied(PEOPLE[:-1]))


@pytest.mark.parametrize("stage", [Stage.MARKING, Stage.MODERATION, Stage.PUBLISHED])
def test_counts_are_kept_at_the_unsealing_only(database: Database, stage: Stage) -> None:
    with database.session("named", writes=True) as db, pytest.raises(WrongStage):
        record_counts(db, board_at(db, stage), tallied(PEOPLE))


@pytest.mark.leak("L41")
def test_no_column_of_the_counts_takes_free_text() -> None:
    assert {column.name for column in OutcomeCount.__table__.columns} == {
        "board",
        "characteristic",
        "group",
        "outcome",
        "count",
    }


def test_a_table_read_back_has_its_withheld_groups_as_one_row(database: Database) -> None:
    board = counted(database)
    with database.reading() as db:
        sex = next(table for table in queries.tables(db, board) if table.characteristic.key == "sex")
    assert [(row.label, row.outcome) for row in sex.rows] == [
        ("Female", Outcome(40, 24)),
        ("Male", None),
        ("Prefer not to say", None),
    ]
    assert sex.rest is not None
    assert sex.rest.outcome == Outcome(33, 13)
    assert sex.rows[0].comparison is not None


def test_hr_of_the_board_reads_it_and_nobody_else(database: Database, client: FlaskClient) -> None:
    board = counted(database)
    niamh = added_niamh(database)
    sign_in(client)
    assert client.get(f"/monitoring/{board}").status_code == 404
    with database.writing("named") as db:
        grant(db, board, niamh, Role.HR)
    sign_in(client)  # her first part has ended the sign-in that she had without one
    page = client.get(f"/monitoring/{board}").text
    assert "Outcomes by group" in page
    assert "60% (" in page
    assert "Withheld groups together" in page


def test_before_the_counting_there_is_no_page(database: Database, client: FlaskClient) -> None:
    niamh = added_niamh(database)
    with database.writing("named") as db:
        board = board_at(db, Stage.LOCKED)
        grant(db, board, niamh, Role.HR)
    sign_in(client)
    assert client.get(f"/monitoring/{board}").status_code == 404
