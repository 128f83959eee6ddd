"""The figures: nothing below the minimum, co-markers on the same answers alone, drift in the marker's own order."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import count

import pytest

from panel.blind.consistency import charts
from panel.blind.consistency.drift import drift
from panel.blind.consistency.estimate import ENOUGH, Estimate
from panel.blind.consistency.known import ENOUGH_KNOWN, known_lines
from panel.blind.consistency.marks import Given, by_answer, differences
from panel.blind.consistency.report import Agreement, Report, agreement, report
from panel.kernel.ids import Number

SCALE = (0, 1, 2, 3, 4)


def marks(*answers: dict[str, int]) -> list[Given]:
    """One answer of its own for each of these."""
    number, places = count(100_000), dict.fromkeys("ABCD", 0)
    found = []
    for answer in answers:
        which = Number(next(number))
        for letter, score in answer.items():
            places[letter] += 1
            found.append(Given(letter, which, "courage", score, places[letter]))
    return found


def figures(given: Iterable[Given]) -> Report:
    return report(given, SCALE)


@pytest.mark.leak("L113")
def test_nothing_is_said_below_the_minimum() -> None:
    given = marks(*[{"A": n % 5, "B": (n + 1) % 5} for n in range(ENOUGH - 1)])
    assert agreement(given, 2) == Agreement(ENOUGH - 1, None, ())
    for line in figures(given).markers:
        figure = (line.counts, line.mean, line.gap, line.agreement, line.offset, line.drift)
        assert figure == (None,) * 6
        assert line.shared == ENOUGH - 1


def test_one_more_answer_and_all_is_said() -> None:
    given = marks(*[{"A": n % 4, "B": n % 4 + 1} for n in range(ENOUGH)])
    together = agreement(given, 2)
    assert together.alpha is not None
    assert [form.form for form in together.icc] == ["ICC(1)", "ICC(1,2)", "ICC(A,1)", "ICC(A,2)"]
    severe, lenient = figures(given).markers
    assert severe.counts == (3, 3, 2, 2, 0)
    assert severe.mean == Fraction(13, 10)
    assert severe.gap is not None
    assert (severe.gap.value, lenient.gap and lenient.gap.value) == (-1, 1)
    assert severe.offset is not None
    assert severe.offset.value == pytest.approx(-0.5)
    assert severe.offset.clear


def test_a_marker_is_silent_while_others_speak() -> None:
    pairs = [{"A": 1, "B": 2}] * ENOUGH + [{"A": 3, "C": 3}] * (ENOUGH - 1)
    by_letter = {line.letter: line for line in figures(marks(*pairs)).markers}
    assert by_letter["A"].offset is not None
    assert by_letter["C"].offset is None
    assert by_letter["C"].counts is None


def test_an_answer_with_one_mark_says_nothing_about_markers() -> None:
    given = marks(*[{"A": 4}] * 20, *[{"A": 1, "B": 1}] * ENOUGH)
    found = figures(given)
    assert found.answers == ENOUGH
    assert {gap for _position, gap in differences(by_answer(given))["A"]} == {0}


def test_absolute_icc_needs_the_same_markers_on_every_answer() -> None:
    given = marks(*[{"A": n % 3, "B": n % 3} for n in range(6)], *[{"B": n % 3, "C": 2} for n in range(6)])
    assert [form.form for form in agreement(given, 2).icc] == ["ICC(1)", "ICC(1,2)"]


def test_parts_that_share_nothing_are_told() -> None:
    found = figures(marks(*[{"A": n % 3, "B": 2} for n in range(6)], *[{"C": n % 3, "D": 2} for n in range(6)]))
    assert not found.comparable
    assert found.parts == (("A", "B"), ("C", "D"))


def test_drift_follows_the_markers_own_order() -> None:
    found = drift([(place, Fraction(place - 1, 29)) for place in range(30, 0, -1)])
    assert found is not None
    assert found.change.value == pytest.approx(1)
    assert found.thirds is not None
    assert [third.value for third in found.thirds] == pytest.approx([4.5 / 29, 14.5 / 29, 24.5 / 29])


def test_drift_is_silent_about_thin_thirds_and_few_answers() -> None:
    found = drift([(place, Fraction(0)) for place in range(29)])
    assert found is not None
    assert found.thirds is None
    assert drift([(place, Fraction(0)) for place in range(ENOUGH - 1)]) is None


def test_known_scores_are_compared_by_marker_with_a_minimum_of_their_own() -> None:
    pairs = {"B": [(2, 3)] * 4 + [(0, 3)], "A": [(1, 1)] * (ENOUGH_KNOWN - 1)}
    few, said = known_lines(pairs, tolerance=1)
    assert (few.letter, few.count, few.within, few.gap, few.agreement) == ("A", 4, None, None, None)
    assert (said.within, said.gap and said.gap.value) == (4, -1.4)


def test_charts_leave_out_what_has_no_figure_and_keep_to_their_box() -> None:
    wide = Estimate(-1.2, 0.3, 20)
    chart = charts.intervals([("A", wide), ("B", None), ("C", Estimate(0.1, 0.1, 20))])
    assert chart is not None
    assert [row.label for row in chart.rows] == ["A", "C"]
    assert all(0 < row.low <= row.x <= row.high < charts.WIDTH for row in chart.rows)
    assert [tick.text for tick in chart.ticks] == ["−2", "−1", "0", "+1", "+2"]
    assert charts.intervals([("A", None)]) is None
    assert charts.profiles([("A", None)], SCALE) is None
    bars = charts.profiles([("A", (0, 5, 5, 0, 0))], SCALE)
    assert bars is not None
    assert [column.height for column in bars.rows[0].columns] == [0, 30, 30, 0, 0]
