"""Severities are found again within their stated error; what no chain of answers joins is not compared."""

from itertools import cycle, islice

import pytest

from panel.blind.consistency.severity import fit
from tests.benchmarks.bench_severity import held
from tests.benchmarks.simulated_panel import simulated


def test_planted_severities_are_found_within_the_stated_error() -> None:
    panels = [simulated(seed) for seed in range(8)]
    assert 0.91 <= sum(map(held, panels)) / len(panels) <= 0.99
    for panel in panels:
        model = fit(panel.answers)
        assert model is not None
        assert max(abs(model.of(m).value - planted) / model.of(m).error for m, planted in panel.planted.items()) < 4.5
        assert max(model.of(m).error for m in panel.planted) < 0.1


def test_a_marker_who_met_weak_answers_is_not_called_severe() -> None:
    """Everyone is alike; A's answers are worth little, and the others' much."""
    weak = [{"A": 1, "B": 1}, {"A": 2, "C": 2}] * 10
    strong = [{"B": 6, "C": 6}, {"B": 5, "C": 5}] * 10
    model = fit(weak + strong)
    assert model is not None
    assert set(model.offsets.values()) == {0.0}


def test_severity_allows_for_who_the_co_markers_were() -> None:
    """B and C are alike and meet different company: A is two points severe, D is not."""
    answers = [{"A": 1, "B": 3}, {"C": 3, "D": 3}, {"B": 4, "C": 4}, {"A": 2, "D": 4}] * 5
    model = fit(answers)
    assert model is not None
    assert {m: round(value, 9) for m, value in model.offsets.items()} == {"A": -1.5, "B": 0.5, "C": 0.5, "D": 0.5}
    assert model.residual == pytest.approx(0, abs=1e-6)


def test_markers_whom_no_chain_joins_are_in_parts_of_their_own() -> None:
    answers = list(islice(cycle([{"A": 1, "B": 3}, {"B": 2, "C": 2}, {"D": 4, "E": 3}]), 30))
    model = fit(answers)
    assert model is not None
    assert model.parts == (("A", "B", "C"), ("D", "E"))
    assert sum(model.offsets[m] for m in "ABC") == pytest.approx(0)
    assert model.offsets["D"] == pytest.approx(0.5)
    assert model.shared["B"] == 20


@pytest.mark.parametrize("answers", [[], [{"A": 3}], [{"A": 3, "B": 2}]])
def test_too_few_marks_give_no_model(answers: list[dict[str, int]]) -> None:
    assert fit(answers) is None


def test_more_answers_make_the_error_smaller() -> None:
    few, many = (fit(simulated(1, candidates=n, criteria=2, markers=6).answers) for n in (20, 180))
    assert few is not None
    assert many is not None
    marker = next(iter(many.offsets))
    assert many.of(marker).error < few.of(marker).error / 2
