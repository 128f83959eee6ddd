"""Texts that may name somebody: listed at the close, flagged in marking, redacted or left, and never shown again."""

import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.access.roles import Role
from panel.audit.models import LogEntry
from panel.blind.submissions import queries, text_queries, texts
from panel.blind.submissions.answers import stored
from panel.blind.submissions.models import RedactionRow, SubmissionRow
from panel.blind.submissions.redaction import NotInText
from panel.blind.submissions.text_queries import FLAGGED
from panel.blind.submissions.texts import AlreadySettled
from panel.board.lifecycle import Stage, WrongStage
from panel.kernel.encoding import digest_of
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, TextCode
from tests.blind.scene import Scene

CRITERION = "we-collaborate"
TEXT = "Okonjo of Ebury Bridge rang. Her plan was that Ebury Bridge would close."


@pytest.fixture
def scene(db: Session) -> Scene:
    found = Scene.closed(db)
    row = db.get_one(SubmissionRow, found.refs[0])
    row.answers = stored({"we-take-ownership": "I kept the log.", CRITERION: TEXT})
    db.flush()
    answers = queries.shown(db, found.board_id)
    texts.look_at(db, found.board_id, answers)
    db.commit()
    return found


def leader(scene: Scene, role: Role = Role.CHAIR) -> Actor:
    marker = scene.chair if role is Role.CHAIR else scene.deputy
    return Actor(marker, frozenset({(scene.board_id, role)}))


def code(scene: Scene) -> TextCode:
    return text_queries.text_checks(scene.db, scene.board_id)[0].code


def remove(scene: Scene, *passages: str, by: Role = Role.CHAIR) -> None:
    texts.remove_words(scene.db, leader(scene, by), scene.board_id, code(scene), passages, "It says where.")


def test_soft_hits_are_listed_by_a_code_that_says_nothing(scene: Scene) -> None:
    (check,) = text_queries.text_checks(scene.db, scene.board_id)
    assert (check.criterion, check.found, check.open) == (CRITERION, ("PRONOUN",), True)
    assert text_queries.texts_open(scene.db, scene.board_id) == 1
    number = queries.numbers(scene.db, scene.board_id)[scene.refs[0]]
    assert str(check.code) not in {str(scene.refs[0]), str(number)}


@pytest.mark.leak("L56")
def test_removed_words_are_gone_from_everything_a_marker_meets(scene: Scene) -> None:
    remove(scene, "ebury bridge", "Okonjo")
    ref = scene.refs[0]
    shown = "[removed] of [removed] rang. Her plan was that [removed] would close."
    assert queries.shown_answer(scene.db, ref, CRITERION) == shown
    assert queries.shown_answers(scene.db, ref)["we-take-ownership"] == "I kept the log."
    for found in (queries.shown(scene.db, scene.board_id)[ref], queries.shown_answers(scene.db, ref)):
        assert "Okonjo" not in str(found)
    assert text_queries.texts_open(scene.db, scene.board_id) == 0


@pytest.mark.leak("L56")
def test_the_text_as_lodged_stays_beside_the_redaction_with_its_own_digest(scene: Scene) -> None:
    before = next(card for card in queries.cards(scene.db, scene.board_id) if card.ref == scene.refs[0])
    assert before.shown_digest == before.answers_digest
    remove(scene, "Okonjo")
    after = next(card for card in queries.cards(scene.db, scene.board_id) if card.ref == scene.refs[0])
    assert after.answers_digest == before.answers_digest
    assert after.shown_digest == digest_of(queries.shown_answers(scene.db, scene.refs[0]))
    assert TEXT in scene.db.get_one(SubmissionRow, scene.refs[0]).answers


def test_a_redaction_is_logged_by_number_with_neither_words_nor_ref(scene: Scene) -> None:
    remove(scene, "Okonjo")
    body = scene.db.scalars(select(LogEntry.body)).one()
    entry = json.loads(body)
    number = queries.numbers(scene.db, scene.board_id)[scene.refs[0]]
    assert (entry["kind"], entry["role"]) == ("redaction.decided", "chair")
    assert entry["facts"] == {"number": number, "criterion": CRITERION, "version": 1}
    assert b"Okonjo" not in body
    assert str(scene.refs[0]).encode() not in body


def test_a_later_redaction_builds_on_the_earlier_one(scene: Scene) -> None:
    remove(scene, "Okonjo")
    scene.move(Stage.MARKING)
    texts.flag(scene.db, scene.board_id, scene.refs[0], CRITERION)
    (check,) = text_queries.text_checks(scene.db, scene.board_id)
    assert check.found == (FLAGGED, "PRONOUN")
    remove(scene, "Ebury Bridge", by=Role.DEPUTY)
    shown = queries.shown_answer(scene.db, scene.refs[0], CRITERION)
    assert shown == "[removed] of [removed] rang. Her plan was that [removed] would close."
    assert queries.redactors(scene.db, scene.board_id) == {scene.refs[0]: {scene.chair, scene.deputy}}
    rows = scene.db.scalars(select(RedactionRow).order_by(RedactionRow.version)).all()
    assert [(row.version, row.marker) for row in rows] == [(1, scene.chair), (2, scene.deputy)]


def test_a_marker_may_flag_any_answer_and_who_did_is_not_kept(scene: Scene) -> None:
    scene.move(Stage.MARKING)
    for _ in range(2):
        texts.flag(scene.db, scene.board_id, scene.refs[1], CRITERION)
    flagged = [check for check in text_queries.text_checks(scene.db, scene.board_id) if FLAGGED in check.found]
    assert len(flagged) == 1
    assert text_queries.undecided(scene.db, scene.board_id) >= {(scene.refs[1], CRITERION)}


def test_leaving_texts_settles_them_once_and_logs_how_many(scene: Scene) -> None:
    codes = [check.code for check in text_queries.text_checks(scene.db, scene.board_id)]
    assert texts.leave(scene.db, leader(scene), scene.board_id, codes) == 1
    assert texts.leave(scene.db, leader(scene), scene.board_id, codes) == 0
    entry = json.loads(scene.db.scalars(select(LogEntry.body)).one())
    assert (entry["kind"], entry["facts"]) == ("texts.left", {"texts": 1})
    assert queries.shown_answer(scene.db, scene.refs[0], CRITERION) == TEXT


def test_a_settled_text_a_wrong_code_and_words_that_are_not_there_are_refused(scene: Scene) -> None:
    first = code(scene)
    with pytest.raises(NotInText):
        remove(scene, "Harlow Mill")
    with pytest.raises(Missing):
        texts.leave(scene.db, leader(scene), BoardId.new(), [first])
    with pytest.raises(Missing):
        texts.leave(scene.db, leader(scene), scene.board_id, [TextCode.new()])
    remove(scene, "Okonjo")
    with pytest.raises(AlreadySettled):
        texts.remove_words(scene.db, leader(scene), scene.board_id, first, ["Ebury Bridge"], "Again.")


@pytest.mark.parametrize("stage", [Stage.OPEN, Stage.LOCKED, Stage.PUBLISHED])
def test_nothing_is_decided_before_the_close_or_after_the_lock(scene: Scene, stage: Stage) -> None:
    first = code(scene)
    scene.move(stage)
    with pytest.raises(WrongStage):
        texts.remove_words(scene.db, leader(scene), scene.board_id, first, ["Okonjo"], "Late.")
    with pytest.raises(WrongStage):
        texts.leave(scene.db, leader(scene), scene.board_id, [first])
    with pytest.raises(WrongStage):
        texts.flag(scene.db, scene.board_id, scene.refs[0], CRITERION)


@pytest.mark.vault("V18")
def test_a_locked_board_refuses_a_redaction_by_trigger_too(scene: Scene) -> None:
    remove(scene, "Okonjo")
    scene.move(Stage.LOCKED)
    scene.db.commit()
    schema = "" if scene.db.get_bind().dialect.name == "sqlite" else "blind."
    with pytest.raises(DBAPIError):
        scene.db.execute(text(f"UPDATE {schema}redaction SET reason = 'x'"))
    scene.db.rollback()


@pytest.mark.leak("L55")
@pytest.mark.parametrize("nothing", ["", "   ", None])
def test_a_redaction_to_nothing_never_falls_back_to_the_text(scene: Scene, nothing: str | None) -> None:
    cut = {"we-take-ownership": "I kept the log."} | ({} if nothing is None else {CRITERION: nothing})
    row = RedactionRow(
        ref=scene.refs[0], version=1, answers=stored(cut), digest=bytes(32), reason="-", marker=scene.chair
    )
    scene.db.add(row)
    scene.db.flush()
    assert queries.shown_answer(scene.db, scene.refs[0], CRITERION) == "[removed]"
    assert queries.shown(scene.db, scene.board_id)[scene.refs[0]][CRITERION] == "[removed]"


def test_the_blind_connection_can_do_all_of_it(scene: Scene, blind_db: Session) -> None:
    first = code(scene)
    scene.db.commit()
    scene.db = blind_db
    texts.remove_words(blind_db, leader(scene), scene.board_id, first, ["Okonjo"], "It is a name.")
    blind_db.commit()
    assert "Okonjo" not in queries.shown_answer(blind_db, scene.refs[0], CRITERION)
