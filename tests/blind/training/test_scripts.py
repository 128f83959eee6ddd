"""The scripts of practice in the tables: written, changed, opened and fixed by the chair."""

import pytest
from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.audit import queries as audit
from panel.blind.training import queries, script_service
from panel.blind.training.models import ScriptRow
from panel.blind.training.purpose import Purpose
from panel.blind.training.script_service import NotOpened, ScriptChanged, ScriptsFixed, ScriptsLacking
from panel.board import service as boards
from panel.board.lifecycle import Stage, WrongStage
from panel.kernel.errors import Invalid, Missing
from panel.kernel.ids import MarkerId, ScriptId
from tests.blind.training.conftest import Panel, make_panel, move


def test_practice_opens_only_with_a_script_for_every_criterion(blind_db: Session, panel: Panel) -> None:
    assert not queries.script_problems(blind_db, panel.board)
    script_service.remove_script(blind_db, panel.board, panel.fair)
    assert queries.script_problems(blind_db, panel.board)
    with pytest.raises(ScriptsLacking) as refusal:
        script_service.open_practice(blind_db, panel.board, panel.chair.marker, Role.CHAIR)
    assert refusal.value.details == ("Add a practice script for ‘Is fair’.",)


def test_open_scripts_no_longer_change(blind_db: Session, panel: Panel) -> None:
    script_service.open_practice(blind_db, panel.board, panel.chair.marker, Role.CHAIR)
    with pytest.raises(ScriptsFixed):
        script_service.add_script(blind_db, panel.board, "calm", "Answer", 3, "Reason")
    with pytest.raises(ScriptsFixed):
        script_service.change_script(blind_db, panel.board, panel.calm, 1, "Answer", 3, "Reason")
    with pytest.raises(ScriptsFixed):
        script_service.remove_script(blind_db, panel.board, panel.calm)
    with pytest.raises(ScriptsFixed):
        script_service.open_practice(blind_db, panel.board, panel.chair.marker, Role.CHAIR)
    (entry,) = audit.entries(blind_db, panel.board, "practice.opened")
    assert (entry.facts["scripts"], len(str(entry.facts["digest"]))) == (8, 64)


def test_scripts_to_learn_on_are_added_while_practice_is_open(blind_db: Session, panel: Panel) -> None:
    chair = (panel.board, panel.chair.marker, Role.CHAIR, "calm")
    with pytest.raises(NotOpened):
        script_service.add_practice(blind_db, *chair, "Answer", 3, "Reason")
    script_service.open_practice(blind_db, panel.board, panel.chair.marker, Role.CHAIR)
    added = script_service.add_practice(blind_db, *chair, "Answer", 3, "Reason")
    assert queries.script(blind_db, panel.board, added).purpose is Purpose.PRACTICE
    with pytest.raises(ScriptsFixed):
        script_service.change_script(blind_db, panel.board, added, 1, "Answer", 4, "Reason")
    (entry,) = audit.entries(blind_db, panel.board, "practice.extended")
    assert (entry.facts["criterion"], len(str(entry.facts["digest"]))) == ("calm", 64)


def test_the_second_of_two_edits_is_told(blind_db: Session, panel: Panel) -> None:
    script_service.change_script(blind_db, panel.board, panel.calm, 1, "Deputy's answer", 2, "Reason")
    with pytest.raises(ScriptChanged):
        script_service.change_script(blind_db, panel.board, panel.calm, 1, "Chair's answer", 5, "Reason")
    script = queries.script(blind_db, panel.board, panel.calm)
    assert (script.answer, script.agreed, script.version) == ("Deputy's answer", 2, 2)


@pytest.mark.parametrize(("criterion", "agreed"), [("bold", 3), ("calm", 0), ("calm", 6)])
def test_script_must_fit_the_board(blind_db: Session, panel: Panel, criterion: str, agreed: int) -> None:
    with pytest.raises(Invalid):
        script_service.add_script(blind_db, panel.board, criterion, "Answer", agreed, "Reason")


def test_scripts_cannot_be_written_once_marking_has_begun(db: Session) -> None:
    panel = make_panel(db)
    move(db, panel.board, Stage.MARKING)
    with pytest.raises(WrongStage):
        script_service.add_script(db, panel.board, "calm", "Answer", 3, "Reason")


def test_draft_without_criteria_is_not_ready(db: Session) -> None:
    board = boards.create(db, "Sergeant 2027")
    assert queries.script_problems(db, board) == ("HR chooses the criteria of this board first.",)
    with pytest.raises(WrongStage):
        script_service.open_practice(db, board, MarkerId.new(), Role.CHAIR)


def test_seeds_are_no_part_of_practice(blind_db: Session, panel: Panel) -> None:
    seed = ScriptId.new()
    row = ScriptRow(id=seed, board=panel.board, criterion="calm", answer="A", agreed=3, reason="R", version=1)
    row.purpose = Purpose.SEED.value
    blind_db.add(row)
    blind_db.flush()
    assert seed not in {script.id for script in queries.scripts(blind_db, panel.board)}
    script_service.remove_script(blind_db, panel.board, seed)
    assert blind_db.get(ScriptRow, seed) is not None
    with pytest.raises(Missing):
        script_service.change_script(blind_db, panel.board, seed, 1, "Answer", 3, "Reason", Purpose.PRACTICE)
    with pytest.raises(Invalid):
        script_service.add_script(blind_db, panel.board, "calm", "Answer", 3, "Reason", Purpose.SEED)
