"""The gate: every way in which it stays shut, and the sentence that says what to do next."""

from datetime import date, timedelta

import pytest

from panel.blind.training.gate import Gate, NotQualified, Practice, gate
from panel.blind.training.practice import Trial, Try
from panel.blind.training.purpose import Purpose
from panel.blind.training.required import Required
from panel.blind.training.standing import Standing
from panel.kernel.ids import ScriptId

TODAY = date(2026, 11, 22)
COURSE = Required("Unconscious bias in assessment", TODAY + timedelta(days=30))
QUALIFIED = Practice(("a", "b"), opened=True, qualified={"a", "b"})


def standing(name: str, *scores: int) -> Standing:
    """Practice is marked; the scores are those of the first attempt and the second."""
    purposes = (Purpose.QUALIFICATION, Purpose.SECOND)
    tries = [(Try(score, "", 0),) for score in scores] + [()] * (2 - len(scores))
    made = (Trial(ScriptId(bytes(16)), purpose, 3, 1, one) for purpose, one in zip(purposes, tries, strict=True))
    return Standing(name.lower(), name, tuple(made))


def test_complete_training_and_qualification_open_the_gate() -> None:
    assert gate([COURSE], QUALIFIED, TODAY) == Gate(frozenset({"a", "b"}))
    assert Gate(frozenset({"a", "b"})).whole


def test_qualifying_for_one_criterion_opens_the_gate_for_that_one() -> None:
    standings = (standing("A", 3), standing("B", 5))
    part = gate([COURSE], Practice(("a", "b"), opened=True, qualified={"a"}, standings=standings), TODAY)
    assert (part.criteria, part.open, part.whole) == ({"a"}, True, False)
    assert part.missing == ("Read your results for ‘B’, then mark the scripts of the second attempt.",)
    part.require()
    part.require("a")
    with pytest.raises(NotQualified):
        part.require("b")


def test_course_never_taken_shuts_it() -> None:
    shut = gate([Required("Unconscious bias in assessment")], QUALIFIED, TODAY)
    assert shut == Gate(missing=("Complete the course ‘Unconscious bias in assessment’.",))


@pytest.mark.parametrize(("days", "is_open"), [(0, True), (-1, False)])
def test_completion_counts_up_to_its_last_day(days: int, is_open: bool) -> None:
    assert gate([Required("C", TODAY + timedelta(days=days))], QUALIFIED, TODAY).open is is_open


def test_expired_course_says_since_when() -> None:
    shut = gate([Required("Evidence", date(2026, 5, 3))], QUALIFIED, TODAY)
    assert shut.missing == ("Take the course ‘Evidence’ again. What you completed expired on 3 May 2026.",)


def test_new_version_that_must_be_taken_says_so() -> None:
    replaced = Required("Evidence", replaced_until=TODAY)
    assert gate([replaced], QUALIFIED, TODAY).missing == (
        "Take the course ‘Evidence’ again. A new version has replaced the one you completed.",
    )
    assert gate([replaced], QUALIFIED, TODAY + timedelta(days=1)).missing == ("Complete the course ‘Evidence’.",)


def test_attempts_that_are_used_up_lead_to_hr() -> None:
    shut = gate([Required("Evidence", used_up=3)], QUALIFIED, TODAY)
    assert shut.missing == ("Ask HR for another attempt at the quiz of ‘Evidence’. You have used all 3.",)
    assert gate([Required("Evidence", TODAY, used_up=3)], QUALIFIED, TODAY).open


def test_training_face_to_face_is_attended_and_recorded_by_hr() -> None:
    never, expired = Required("Evidence", online=False), Required("Evidence", date(2026, 5, 3), online=False)
    assert gate([never], QUALIFIED, TODAY).missing == ("Attend the training ‘Evidence’. HR records it when you have.",)
    assert gate([expired], QUALIFIED, TODAY).missing[0].endswith("What you completed expired on 3 May 2026.")


@pytest.mark.parametrize(("days", "soon"), [(-1, False), (0, True), (27, True), (28, False)])
def test_course_ends_soon_in_its_last_four_weeks(days: int, soon: bool) -> None:
    assert Required("C", TODAY + timedelta(days=days)).ends_soon(TODAY) is soon


def test_practice_not_opened_by_the_chair_shuts_it() -> None:
    shut = gate([COURSE], Practice(("a",)), TODAY)
    assert shut.missing == ("Come back for practice marking when the chair has opened it for this board.",)
    assert not shut.open


def test_each_unfinished_criterion_has_a_sentence_of_its_own() -> None:
    standings = (standing("A"), standing("B", 5), standing("C", 5, 5), standing("D", 3))
    shut = gate([COURSE], Practice(("a", "b", "c", "d"), opened=True, standings=standings), TODAY)
    assert not shut.open
    assert shut.missing == (
        "Mark the qualification scripts for ‘A’.",
        "Read your results for ‘B’, then mark the scripts of the second attempt.",
        "Ask the chair to coach you on ‘C’, and give the chair your panel code.",
    )


def test_finished_practice_that_was_not_recorded_does_not_open_it() -> None:
    assert not gate([COURSE], Practice(("a",), opened=True, standings=(standing("A", 3),)), TODAY).open


def test_qualification_for_what_the_board_does_not_assess_opens_nothing() -> None:
    assert not gate([COURSE], Practice((), opened=True, qualified={"a"}), TODAY).open


def test_courses_come_before_practice() -> None:
    shut = gate(
        [Required("One"), COURSE, Required("Two")], Practice(("a",), opened=True, standings=(standing("A"),)), TODAY
    )
    assert [sentence.split("‘")[1][:3] for sentence in shut.missing] == ["One", "Two", "A’."]
