"""Practice marking in the tables: scripts, tries, coaching, qualification, and the gate that others call."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from panel.access import service as access
from panel.access.roles import Role
from panel.audit import queries as audit
from panel.blind.training import queries, script_service, service
from panel.blind.training.desk import PracticeShut
from panel.blind.training.gate import NotQualified
from panel.blind.training.service import (
    NoCoachingDue,
    NotItsTurn,
    TryCounted,
)
from panel.blind.training.standing import Step
from panel.board.lifecycle import Stage, WrongStage
from panel.kernel.clock import today
from panel.kernel.database import Database
from panel.kernel.errors import Invalid, Missing
from panel.kernel.ids import BoardId, MarkerId, ScriptId
from tests.blind.training.conftest import CALM as CALM_NAME
from tests.blind.training.conftest import Panel, make_panel, move, person, train

CALM, FAIR = {"calm": (3, 2)}, {"fair": (4,)}


def sit(
    db: Session, panel: Panel, marker: MarkerId, scores: Mapping[str, tuple[int, ...]], *, second: bool = False
) -> None:
    """Mark the scripts of one attempt with these scores, by criterion."""
    scripts = panel.other if second else panel.fresh
    for key, given in scores.items():
        for script, score in zip(scripts[key], given, strict=True):
            service.practise(db, panel.board, marker, script, score, "Evidence")


def practise(db: Session, panel: Panel, marker: MarkerId) -> None:
    for script in (panel.calm, panel.fair):
        service.practise(db, panel.board, marker, script, 3, "Evidence")


def qualify(db: Session, panel: Panel, marker: MarkerId) -> None:
    practise(db, panel, marker)
    sit(db, panel, marker, CALM | FAIR)


def test_marker_who_has_done_everything_qualifies(blind_db: Session, practising: Panel) -> None:
    marker = practising.markers[0].marker
    with pytest.raises(NotQualified):
        service.require_qualified(blind_db, marker, practising.board)
    qualify(blind_db, practising, marker)
    service.require_qualified(blind_db, marker, practising.board)
    assert queries.gate(blind_db, marker, practising.board, today()).open
    assert queries.qualified(blind_db, practising.board, today()) == (marker,)


def test_qualifying_is_in_the_boards_log_once_for_each_criterion(blind_db: Session, practising: Panel) -> None:
    marker = practising.markers[0].marker
    qualify(blind_db, practising, marker)
    service.practise(blind_db, practising.board, marker, practising.calm, 5, "Evidence")
    logged = [entry.facts for entry in audit.entries(blind_db, practising.board, "marker.qualified")]
    assert logged == [{"marker": str(marker), "criterion": key} for key in ("calm", "fair")]


def test_marker_qualifies_criterion_by_criterion(blind_db: Session, practising: Panel) -> None:
    marker, board = practising.markers[0].marker, practising.board
    practise(blind_db, practising, marker)
    sit(blind_db, practising, marker, FAIR)
    assert queries.qualified_by_criterion(blind_db, board, today()) == {marker: {"fair"}}
    assert queries.qualified(blind_db, board, today()) == ()
    service.require_qualified(blind_db, marker, board)
    service.require_qualified(blind_db, marker, board, "fair")
    with pytest.raises(NotQualified) as refusal:
        service.require_qualified(blind_db, marker, board, "calm")
    assert refusal.value.details == (f"Mark the qualification scripts for ‘{CALM_NAME}’.",)


def test_fewest_qualified_is_that_of_the_scarcest_criterion(blind_db: Session, practising: Panel) -> None:
    one, two = (seat.marker for seat in practising.markers[:2])
    qualify(blind_db, practising, one)
    practise(blind_db, practising, two)
    sit(blind_db, practising, two, FAIR)
    assert queries.fewest_qualified(blind_db, practising.board, today()) == 1


def test_refusal_says_what_to_do_next(blind_db: Session, panel: Panel) -> None:
    with pytest.raises(NotQualified) as refusal:
        service.require_qualified(blind_db, panel.markers[0].marker, panel.board)
    assert refusal.value.details == (
        "Complete the course ‘Unconscious bias in assessment’.",
        "Complete the course ‘Assessing evidence against a framework’.",
        "Come back for practice marking when the chair has opened it for this board.",
    )


def test_expired_training_shuts_the_gate_again(blind_db: Session, practising: Panel) -> None:
    marker = practising.markers[0].marker
    qualify(blind_db, practising, marker)
    later = date(today().year + 2, 1, 1)
    assert not queries.gate(blind_db, marker, practising.board, later).open
    assert queries.qualified(blind_db, practising.board, later) == ()


def test_qualification_holds_for_one_board_only(db: Session) -> None:
    one, two = make_panel(db), make_panel(db)
    marker = one.markers[0].marker
    train(db, marker)
    script_service.open_practice(db, one.board, one.chair.marker, Role.CHAIR)
    qualify(db, one, marker)
    access.grant(db, two.board, one.markers[0].account, Role.MARKER)
    assert queries.qualified(db, one.board, today()) == (marker,)
    assert queries.qualified(db, two.board, today()) == ()
    with pytest.raises(NotQualified):
        service.require_qualified(db, marker, two.board)


def test_someone_no_longer_on_the_panel_is_not_among_the_qualified(db: Session) -> None:
    panel = make_panel(db)
    seat = panel.markers[0]
    train(db, seat.marker)
    script_service.open_practice(db, panel.board, panel.chair.marker, Role.CHAIR)
    qualify(db, panel, seat.marker)
    access.revoke(db, panel.board, seat.account, Role.MARKER)
    assert queries.qualified(db, panel.board, today()) == ()


def test_practice_waits_for_courses(blind_db: Session, panel: Panel) -> None:
    script_service.open_practice(blind_db, panel.board, panel.chair.marker, Role.CHAIR)
    marker = panel.markers[0].marker
    with pytest.raises(PracticeShut) as refusal:
        service.practise(blind_db, panel.board, marker, panel.calm, 3, "Evidence")
    assert "Complete the course" in refusal.value.details[0]


def test_practice_waits_for_the_chair(blind_db: Session, panel: Panel) -> None:
    train(blind_db, panel.markers[0].marker)
    with pytest.raises(PracticeShut):
        service.practise(blind_db, panel.board, panel.markers[0].marker, panel.calm, 3, "Evidence")


def test_what_qualifies_waits_for_practice(blind_db: Session, practising: Panel) -> None:
    marker = practising.markers[0].marker
    with pytest.raises(NotItsTurn):
        sit(blind_db, practising, marker, CALM)
    practise(blind_db, practising, marker)
    with pytest.raises(NotItsTurn):
        sit(blind_db, practising, marker, CALM, second=True)


def test_fresh_scripts_are_marked_once_and_then_others(blind_db: Session, practising: Panel) -> None:
    marker = practising.markers[0].marker
    practise(blind_db, practising, marker)
    sit(blind_db, practising, marker, {"calm": (5, 2)})
    with pytest.raises(NotItsTurn):
        sit(blind_db, practising, marker, CALM)
    assert queries.desk(blind_db, marker, practising.board).standing("calm").step is Step.SECOND
    sit(blind_db, practising, marker, CALM, second=True)
    assert queries.qualified_by_criterion(blind_db, practising.board, today()) == {marker: {"calm"}}


def test_two_attempts_then_the_chairs_coaching_then_the_first_scripts_again(
    blind_db: Session, practising: Panel
) -> None:
    marker, board, chair = practising.markers[0].marker, practising.board, practising.chair.marker
    practise(blind_db, practising, marker)
    for second in (False, True):
        sit(blind_db, practising, marker, {"calm": (5, 2)}, second=second)
    service.coach(blind_db, board, chair, Role.CHAIR, marker, "calm", "Read anchor 3 again.")
    desk = queries.desk(blind_db, marker, board)
    assert desk.coaching["calm"].note == "Read anchor 3 again."
    assert desk.standing("calm").step is Step.QUALIFY
    sit(blind_db, practising, marker, CALM)
    assert queries.desk(blind_db, marker, board).standing("calm").step is Step.DONE
    (entry,) = audit.entries(blind_db, board, "marker.coached")
    assert entry.facts == {"marker": str(marker), "criterion": "calm"}


def test_coaching_nobody_needs_is_refused(blind_db: Session, practising: Panel) -> None:
    marker, board, chair = practising.markers[0].marker, practising.board, practising.chair.marker
    practise(blind_db, practising, marker)
    sit(blind_db, practising, marker, {"calm": (5, 2)})
    for criterion in ("calm", "fair"):
        with pytest.raises(NoCoachingDue):
            service.coach(blind_db, board, chair, Role.CHAIR, marker, criterion, "Note")


def test_practice_script_is_marked_as_often_as_she_likes(blind_db: Session, practising: Panel) -> None:
    marker = practising.markers[0].marker
    for score in (5, 5, 3, 1):
        service.practise(blind_db, practising.board, marker, practising.calm, score, "Evidence")
    assert len(queries.desk(blind_db, marker, practising.board).trial(practising.calm)[1].tries) == 4


def test_one_form_sent_twice_counts_once(blind_db: Session, practising: Panel) -> None:
    marker = practising.markers[0].marker
    service.practise(blind_db, practising.board, marker, practising.calm, 5, "Evidence", 1)
    with pytest.raises(TryCounted):
        service.practise(blind_db, practising.board, marker, practising.calm, 5, "Evidence", 1)
    assert len(queries.desk(blind_db, marker, practising.board).trial(practising.calm)[1].tries) == 1


def test_score_off_the_scale_is_refused(blind_db: Session, practising: Panel) -> None:
    with pytest.raises(Invalid):
        service.practise(blind_db, practising.board, practising.markers[0].marker, practising.calm, 6, "Evidence")


def test_script_of_another_board_is_not_found(db: Session) -> None:
    one, two = make_panel(db), make_panel(db)
    script_service.open_practice(db, one.board, one.chair.marker, Role.CHAIR)
    train(db, one.markers[0].marker)
    with pytest.raises(Missing):
        service.practise(db, one.board, one.markers[0].marker, two.calm, 3, "Evidence")
    with pytest.raises(Missing):
        script_service.change_script(db, two.board, one.calm, 1, "Answer", 3, "Reason")


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.MODERATION, Stage.LOCKED, Stage.CANCELLED])
def test_practice_belongs_to_the_stages_from_open_to_marking(db: Session, stage: Stage) -> None:
    panel = make_panel(db)
    script_service.open_practice(db, panel.board, panel.chair.marker, Role.CHAIR)
    train(db, panel.markers[0].marker)
    move(db, panel.board, stage)
    with pytest.raises(WrongStage):
        service.practise(db, panel.board, panel.markers[0].marker, panel.calm, 3, "Evidence")


def test_board_that_does_not_exist_is_not_found(blind_db: Session, panel: Panel) -> None:
    with pytest.raises(Missing):
        queries.gate(blind_db, panel.markers[0].marker, BoardId.new(), today())
    with pytest.raises(Missing):
        queries.script(blind_db, panel.board, ScriptId.new())


def test_chair_finds_each_marker_by_panel_code(blind_db: Session, practising: Panel) -> None:
    desks = queries.panel(blind_db, practising.board)
    assert [desk.code for desk in desks] == sorted(desk.code for desk in desks)
    found = {queries.marker_of(blind_db, practising.board, desk.code.lower()) for desk in desks}
    assert found == {seat.marker for seat in practising.markers}
    with pytest.raises(Missing):
        queries.marker_of(blind_db, practising.board, "AAAAAA")


@pytest.mark.thorough
def test_queries_do_not_grow_with_the_panel(database: Database, practising: Panel) -> None:
    few = queries_made(database, practising)
    with database.writing("named") as db:
        for _ in range(9):
            seat = person(db, practising.board, Role.MARKER)
            train(db, seat.marker)
            qualify(db, practising, seat.marker)
    assert queries_made(database, practising) == few
    with database.reading("blind") as db:
        assert len(queries.panel(db, practising.board)) == 12
        assert len(queries.qualified(db, practising.board, today())) == 9


def queries_made(database: Database, panel: Panel) -> int:
    """How many statements the chair's page and the allocation's question take together."""
    made: list[str] = []

    def count(*call: Any) -> None:
        made.append(call[2])

    engine = database.engine("blind")
    event.listen(engine, "before_cursor_execute", count)
    with database.reading("blind") as db:
        queries.panel(db, panel.board)
        queries.qualified(db, panel.board, today())
    event.remove(engine, "before_cursor_execute", count)
    return len(made)
