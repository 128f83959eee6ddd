"""A score and its evidence against the scale."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.blind.marking.scorecard import (
    MOST_CHARACTERS,
    MOST_WORDS,
    BadMark,
    Mark,
    Scorecard,
    personal_words,
    sheet_digest,
)
from panel.board.policy import Criterion, Kind, Point
from panel.kernel.ids import TaskCode

OWNERSHIP = Criterion("we-take-ownership", Kind.COMPETENCY, "We take ownership", question="When did you put it right?")
POINTS = tuple(Point(n, f"Point {n}", f"What {n} looks like.") for n in range(5))
CARD = Scorecard(OWNERSHIP, POINTS)


def problems(score: int | None, evidence: str) -> tuple[str, ...]:
    with pytest.raises(BadMark) as caught:
        CARD.mark(score, evidence)
    return caught.value.details


def test_a_mark_is_a_point_of_the_scale_with_evidence() -> None:
    mark = CARD.mark(3, "Names the risk and acts on it. ")
    assert mark == Mark(3, "Names the risk and acts on it.")
    assert len(mark.digest) == 32


def test_a_missing_score_is_named_with_its_criterion() -> None:
    assert problems(None, "Names the risk and acts on it.") == ("Select a score for ‘We take ownership’",)


@given(st.integers().filter(lambda score: score not in range(5)))
def test_a_score_that_is_not_on_the_scale_is_refused(score: int) -> None:
    assert problems(score, "Names the risk and acts on it.") == ("Select a score for ‘We take ownership’",)


@pytest.mark.parametrize("evidence", ["", "   ", "\n\u200b\n"])
def test_evidence_is_required(evidence: str) -> None:
    assert problems(2, evidence) == ("Enter the evidence for your score for ‘We take ownership’",)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert len(problems(None, "")) == 2


def test_evidence_says_something_and_not_too_much() -> None:
    assert problems(2, "good answer") == ("Evidence must be at least 3 words",)
    assert problems(2, "word " * (MOST_WORDS + 1)) == ("Evidence must be 300 words or fewer. It has 301",)
    assert problems(2, "one two " + "x" * MOST_CHARACTERS) == ("Evidence must be 4,000 characters or fewer",)
    assert CARD.mark(2, "word " * MOST_WORDS)


def test_a_draft_may_lack_anything_but_is_never_off_the_scale_or_too_long() -> None:
    assert CARD.draft(None, "") == (None, "")
    assert CARD.draft(4, "half a") == (4, "half a")
    for score, evidence in ((5, ""), (None, "word " * (MOST_WORDS + 1))):
        with pytest.raises(BadMark):
            CARD.draft(score, evidence)


@pytest.mark.leak("L117")
def test_words_that_guess_at_the_writer_are_pointed_out() -> None:
    assert personal_words("She told her team what to do, as Mrs Ashdown would.") == ("She", "her", "Mrs Ashdown")
    assert personal_words("Shows the effect on the team and then checks that it lasted.") == ()


def test_a_sheet_has_one_digest_in_whatever_order_its_marks_come() -> None:
    marks = [(TaskCode.new(), "we-take-ownership", Mark(n, "Says what was done.")) for n in range(3)]
    assert sheet_digest(marks) == sheet_digest(marks[::-1])
    changed = [(code, key, Mark(mark.score, mark.evidence + "!")) for code, key, mark in marks]
    assert sheet_digest(marks) != sheet_digest(changed)
