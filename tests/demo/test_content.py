"""What the demonstration is made of holds together: people, boards, answers, notes."""

from collections.abc import Iterator
from itertools import combinations

import pytest

from panel.blind.submissions.author import AuthorRecord
from panel.blind.submissions.redaction import Strength, hits
from panel.blind.training.practice import PRACTISED
from panel.board.duties import Part, clashes
from panel.board.lifecycle import Stage
from panel.demo import content
from panel.demo.content import Answer, BoardPlan, Character
from panel.playing.training import off
from panel.web.text import clean, count_words

WORD_LIMIT = 350
CRITERIA = tuple(content.questions())


def _parts(plan: BoardPlan) -> dict[str, set[Part]]:
    parts: dict[str, set[Part]] = {}
    given = {
        Part.HR: (plan.hr,),
        Part.CHAIR: (plan.chair,),
        Part.DEPUTY: (plan.deputy,),
        Part.CUSTODIAN: plan.custodians,
        Part.MARKER: plan.markers,
        Part.CANDIDATE: (*plan.submitted, *plan.drafting),
    }
    for part, keys in given.items():
        for key in keys:
            parts.setdefault(key, set()).add(part)
    return parts


def _lodged() -> Iterator[tuple[Character, Answer]]:
    for plan in content.boards():
        for key, place in (*plan.submitted.items(), *plan.drafting.items()):
            for name in plan.criteria:
                yield content.people()[key], content.answers(name)[place - 1]


def test_boards_stand_at_every_stage_from_open_to_published() -> None:
    stages = {Stage(plan.stage) for plan in content.boards()}
    assert stages >= {Stage.OPEN, Stage.CLOSED, Stage.MARKING, Stage.MODERATION, Stage.LOCKED, Stage.UNSEALED}
    assert Stage.PUBLISHED in stages


def test_board_in_marking_has_two_dozen_candidates_or_more() -> None:
    marking = next(plan for plan in content.boards() if plan.stage == Stage.MARKING)
    assert len(marking.submitted) >= 24
    assert len(marking.criteria) == 6


@pytest.mark.parametrize("plan", content.boards(), ids=lambda plan: plan.key)
def test_duties_are_apart_on_every_board(plan: BoardPlan) -> None:
    assert not [clash for parts in _parts(plan).values() for clash in clashes(parts)]
    assert set(_parts(plan)) <= set(content.people())


def test_people_are_distinct() -> None:
    people = content.people().values()
    for attribute in ("name", "email", "staff_no"):
        assert len({getattr(each, attribute) for each in people}) == len(people)


@pytest.mark.parametrize("criterion", CRITERIA)
def test_every_candidate_has_an_answer_of_its_own(criterion: str) -> None:
    texts = [answer.text for answer in content.answers(criterion)]
    assert len(texts) >= 26
    assert all(120 <= count_words(text) <= WORD_LIMIT for text in texts)
    assert all(clean(text) == text for text in texts)
    words = [set(text.lower().split()) for text in texts]
    assert max(len(one & other) / len(one | other) for one, other in combinations(words, 2)) < 0.35


@pytest.mark.parametrize("criterion", CRITERIA)
def test_answers_differ_in_quality(criterion: str) -> None:
    assert {answer.quality for answer in content.answers(criterion)} >= {2, 3, 4}


def test_no_answer_holds_what_the_text_check_would_stop() -> None:
    for who, answer in _lodged():
        record = AuthorRecord((who.name,), who.email, who.staff_no, station=who.station, unit=who.unit)
        stopped = [hit.of(answer.text) for hit in hits(answer.text, record) if hit.strength is Strength.EXACT]
        assert not stopped, f"{who.key}: {stopped}"


def test_external_candidate_leaks_and_the_words_to_remove_are_there() -> None:
    leaky = [answer for name in CRITERIA for answer in content.answers(name) if answer.leaks]
    assert leaky
    assert all(leak in answer.text for answer in leaky for leak in answer.leaks)
    external = next(place for place, each in enumerate(content.playing("candidate")) if each.external)
    assert any(content.answers(name)[external].leaks for name in CRITERIA)


@pytest.mark.parametrize("criterion", CRITERIA)
def test_markers_have_notes_for_every_score_and_scripts_to_practise_on(criterion: str) -> None:
    notes = [note for score in range(1, 6) for note in content.evidence(criterion, score)]
    assert len(notes) == len(set(notes)) >= 10
    scripts = content.scripts(criterion)
    assert {each.purpose for each in scripts} == set(PRACTISED)
    assert all(1 <= each.agreed <= 5 and each.reason for each in scripts)
    assert not {each.answer for each in scripts} & {each.text for each in content.answers(criterion)}


@pytest.mark.parametrize("criterion", CRITERIA)
def test_every_criterion_has_a_seed_that_reads_like_an_answer(criterion: str) -> None:
    seed = content.seeds()[criterion]
    assert 120 <= count_words(seed.answer) <= WORD_LIMIT
    assert clean(seed.answer) == seed.answer
    assert 1 <= off(seed.agreed) <= 5
    assert seed.reason
    words = set(seed.answer.lower().split())
    others = [set(each.text.lower().split()) for each in content.answers(criterion)]
    assert max(len(words & other) / len(words | other) for other in others) < 0.35


def test_whoever_something_happens_to_is_on_that_panel() -> None:
    for plan in content.boards():
        whom = {*plan.away, *plan.short, *(each.marker for each in plan.thoughts)}
        assert whom | {plan.strays, plan.flags, plan.recognises, plan.late_marker} <= {*plan.markers, ""}, plan.key
        assert {each.candidate for each in plan.thoughts} <= set(plan.submitted)
        assert set(plan.unwritten) <= set(plan.criteria)


def test_the_boards_show_what_a_board_can_be_conducted_by() -> None:
    shown = {name for plan in content.boards() for name in plan.conduct.to_json()}
    assert shown >= {"load_cap", "seed_every", "repeat_every", "settling", "pass_line", "sample_percent"}
