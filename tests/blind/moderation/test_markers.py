"""Each marker beside the others: exact, by letter, and silent about few answers."""

from fractions import Fraction

from panel.blind.moderation.answers import Answer, Mark, letters
from panel.blind.moderation.discrepancy import Discrepancy
from panel.blind.moderation.markers import ENOUGH, MarkerLine, marker_lines
from panel.kernel.ids import MarkerId, Number, SubmissionRef


def answer(**scores: int) -> Answer:
    marks = tuple(Mark(letter, score, "Evidence.") for letter, score in scores.items())
    found = Discrepancy(tuple(scores.values()), tolerance=4)
    return Answer(Number(123456), SubmissionRef.new(), "courage", marks, found, None)


def test_marker_is_compared_on_the_same_answers_alone() -> None:
    answers = [answer(A=3, B=2) for _ in range(ENOUGH)] + [answer(B=4, C=4) for _ in range(ENOUGH)]
    lines = {line.letter: line for line in marker_lines(answers)}
    assert lines["A"].gap == 1
    assert lines["B"].gap == Fraction(-1, 2)
    assert lines["C"].gap == 0
    assert (lines["A"].answers, lines["B"].answers) == (ENOUGH, 2 * ENOUGH)


def test_full_agreement_is_one() -> None:
    answers = [answer(A=n % 4, B=n % 4, C=n % 4) for n in range(ENOUGH)]
    assert {line.agreement for line in marker_lines(answers)} == {Fraction(1)}


def test_few_answers_give_no_figure() -> None:
    answers = [answer(A=1, B=4) for _ in range(ENOUGH - 1)]
    assert marker_lines(answers) == (MarkerLine("A", ENOUGH - 1, None, None), MarkerLine("B", ENOUGH - 1, None, None))


def test_one_marker_for_each_answer_gives_no_figure() -> None:
    assert marker_lines([answer(A=3) for _ in range(ENOUGH)]) == (MarkerLine("A", ENOUGH, None, None),)


def test_letters_come_from_the_draw_and_go_past_z() -> None:
    markers = [MarkerId.new() for _ in range(28)]
    named = letters(bytes(32), markers)
    assert named == letters(bytes(32), reversed(markers))
    assert named != letters(b"\x01" * 32, markers)
    assert {"A", "Z", "AA", "AB"} <= set(named.values())
    assert len(set(named.values())) == 28
