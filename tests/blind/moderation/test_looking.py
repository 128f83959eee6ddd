"""Answers whose marks agree and that a leader reads all the same: by lot, and across the pass mark."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from panel.audit.queries import entries
from panel.blind.moderation import queries, sending
from panel.blind.moderation.answers import Standing
from panel.blind.moderation.deciding import (
    DecidedRedaction,
    NothingToLookAt,
)
from panel.blind.moderation.looks import Cause
from panel.board.conduct import Conduct
from panel.board.policy import PassRule
from tests.blind.moderation.moderated import CRITERION, actor, moderated, number, redact, rules
from tests.blind.moderation.sent import (
    answer,
    given_out,
    mark,
    scene_with,
    send,
    sign,
)
from tests.blind.scene import POLICY, Scene


def test_a_sample_is_looked_at_before_the_lock(db: Session) -> None:
    scene = scene_with(db, Conduct(sample_percent=100))
    chair = actor(scene, scene.chair)
    found = answer(scene, 1)
    assert (found.standing, found.course.causes) == (Standing.TO_LOOK_AT, (Cause.SAMPLE,))
    left = queries.unsettled(db, scene.board_id)
    sending.let_stand(db, scene.board_id, chair, number(scene, 1), CRITERION)
    assert answer(scene, 1).standing is Standing.AGREES
    assert queries.unsettled(db, scene.board_id) == left - 1
    (entry,) = entries(db, scene.board_id, "answer.looked_at")
    assert entry.facts == {"number": number(scene, 1), "criterion": CRITERION}
    with pytest.raises(NothingToLookAt):
        sending.let_stand(db, scene.board_id, chair, number(scene, 1), CRITERION)


def test_sending_it_on_is_a_look_too(db: Session) -> None:
    scene = scene_with(db, Conduct(sample_percent=100))
    send(scene, 1)
    (task,) = given_out(scene)
    mark(scene, task, 3)
    sign(scene, task)
    assert answer(scene, 1).standing is Standing.AGREES


def test_marks_across_the_pass_mark_are_looked_at(db: Session) -> None:
    scene = Scene.closed(db, candidates=2)
    rules(scene, replace(POLICY, conduct=Conduct(pass_line=True), pass_rule=PassRule(PassRule().total + 11)))
    scene.begin()
    moderated(scene, {(1, key): (3, 3, 3) for key in POLICY.keys})
    assert answer(scene, 0).course.causes == (Cause.CROSSING,)
    assert answer(scene, 1).standing is Standing.AGREES


def test_whoever_decided_a_redaction_leaves_looking_and_sending_to_another(db: Session) -> None:
    scene = scene_with(db, Conduct(sample_percent=100))
    redact(scene, 1, scene.chair)
    with pytest.raises(DecidedRedaction):
        sending.let_stand(db, scene.board_id, actor(scene, scene.chair), number(scene, 1), CRITERION)
    with pytest.raises(DecidedRedaction):
        send(scene, 1)
    send(scene, 1, by=scene.deputy)
