"""The statistics against SciPy, scikit-learn, NumPy and published worked examples."""

from collections.abc import Sequence
from math import isclose, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats
from sklearn.metrics import cohen_kappa_score

from panel.blind.consistency.estimate import mean, slope
from panel.blind.consistency.icc import Icc, absolute, band, of_mean, one_way
from panel.blind.consistency.quantiles import beta_share, fisher, student
from panel.blind.consistency.severity import fit
from panel.blind.moderation.agreement import kappa
from tests.benchmarks.simulated_panel import simulated

# Shrout and Fleiss (1979), table 2: six targets, four judges.
SHROUT_FLEISS = ((9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7))
# Altman (1991), Practical Statistics for Medical Research, table 14.5: two readers of 85 xeromammograms.
READERS = ((21, 12, 0, 0), (4, 17, 1, 0), (3, 9, 15, 2), (0, 0, 0, 1))
SCORES = st.integers(min_value=0, max_value=6)
VALUES = st.lists(st.integers(min_value=-40, max_value=40).map(lambda n: n / 8), min_size=3, max_size=30)
FREEDOM = st.one_of(st.integers(min_value=1, max_value=60_000), st.floats(min_value=1.0, max_value=300.0))


def near(found: float, value: float, within: float = 1e-9) -> bool:
    return isclose(found, value, rel_tol=within, abs_tol=within)


@settings(deadline=None, max_examples=60)
@given(FREEDOM, FREEDOM)
def test_quantiles_equal_scipy(first: float, second: float) -> None:
    assert near(student(first), stats.t.ppf(0.975, first), 1e-8)
    assert near(fisher(first, second), stats.f.ppf(0.975, first, second), 1e-8)


@settings(deadline=None, max_examples=60)
@given(st.floats(0.5, 400), st.floats(0.5, 400), st.floats(0, 1))
def test_incomplete_beta_equals_scipy(a: float, b: float, x: float) -> None:
    assert near(beta_share(a, b, x), float(special.betainc(a, b, x)))


@settings(deadline=None)
@given(VALUES)
def test_mean_and_its_interval_equal_scipy(values: list[float]) -> None:
    found = mean(values, enough=3)
    assert found is not None
    assert near(found.value, float(np.mean(values)))
    if len(set(values)) > 1:
        interval = stats.ttest_1samp(values, 0).confidence_interval()
        assert near(found.low, interval.low, 1e-8)
        assert near(found.high, interval.high, 1e-8)


@settings(deadline=None)
@given(VALUES)
def test_slope_and_its_error_equal_scipy(values: list[float]) -> None:
    found = slope([(float(n), value) for n, value in enumerate(values)], enough=3)
    reference = stats.linregress(range(len(values)), values)
    assert found is not None
    assert near(found.value, reference.slope)
    if len(set(values)) > 1:
        assert near(found.error, reference.stderr, 1e-6)


@settings(deadline=None)
@given(st.lists(st.tuples(SCORES, SCORES), min_size=2, max_size=40))
def test_kappa_equals_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    found = kappa(pairs)
    if found is not None:
        first, second = zip(*pairs, strict=True)
        assert near(float(found), cohen_kappa_score(first, second, labels=range(7), weights="quadratic"))


def test_kappa_gives_the_published_value() -> None:
    pairs = [(i, j) for i, row in enumerate(READERS) for j, count in enumerate(row) for _ in range(count)]
    found = kappa(pairs)
    assert found is not None
    assert round(float(found), 4) == 0.6714


def test_icc_gives_the_published_values_and_intervals() -> None:
    single, both = one_way(SHROUT_FLEISS), absolute(SHROUT_FLEISS)
    assert single
    assert both
    assert rounded(single) == ("ICC(1)", 0.17, -0.13, 0.72)
    assert rounded(both) == ("ICC(A,1)", 0.29, 0.02, 0.76)
    assert rounded(of_mean(single, 4)) == ("ICC(1,4)", 0.44, -0.88, 0.91)
    assert rounded(of_mean(both, 4)) == ("ICC(A,4)", 0.62, 0.07, 0.93)


def rounded(found: Icc) -> tuple[str, float, float, float]:
    return found.form, round(found.value, 2), round(found.low, 2), round(found.high, 2)


@settings(deadline=None)
@given(st.lists(st.lists(SCORES, min_size=2, max_size=5), min_size=3, max_size=12))
def test_one_way_icc_rests_on_scipys_analysis_of_variance(units: list[list[int]]) -> None:
    found = one_way(units)
    if any(len(set(unit)) > 1 for unit in units):
        assert found is not None
        marks = sum(map(len, units))
        each = (marks - sum(len(unit) ** 2 for unit in units) / marks) / (len(units) - 1)
        ratio = float(stats.f_oneway(*units).statistic)
        assert near(found.value, (ratio - 1) / (ratio + each - 1), 1e-7)


@pytest.mark.parametrize("units", [[], [(3, 3)], [(2, 2), (2, 2)], [(1,), (2,), (4,)]])
def test_icc_says_nothing_where_there_is_nothing_to_compare(units: Sequence[Sequence[int]]) -> None:
    assert one_way(units) is None


def test_icc_is_one_when_all_markers_agree() -> None:
    assert one_way([(1, 1), (3, 3, 3), (4, 4)]) == Icc("ICC(1)", 1.0, 1.0, 1.0)
    assert absolute([(1, 1), (3, 3)]) == Icc("ICC(A,1)", 1.0, 1.0, 1.0)
    assert absolute([(2, 2), (2, 2)]) is None


def test_bands_are_read_on_both_ends_of_the_interval() -> None:
    assert [band(value) for value in (0.49, 0.5, 0.75, 0.9, 0.91)] == ["poor", "moderate", "good", "good", "excellent"]
    assert Icc("ICC(1)", 0.8, 0.45, 0.92).bands == "poor to excellent"
    assert Icc("ICC(1)", 0.8, 0.76, 0.85).bands == "good"


def test_the_model_equals_numpys_least_squares_with_a_column_for_every_answer_and_marker() -> None:
    panel = simulated(3, candidates=12, criteria=2, markers=6)
    people = sorted(panel.planted)
    marks = [
        (n, people.index(marker), score) for n, answer in enumerate(panel.answers) for marker, score in answer.items()
    ]
    width = len(panel.answers) + len(people)
    design = np.zeros((len(marks), width))
    for row, (answer, marker, _score) in enumerate(marks):
        design[row, answer] = design[row, len(panel.answers) + marker] = 1
    scores = np.array([score for _answer, _marker, score in marks], dtype=float)
    solved = np.linalg.lstsq(design, scores, rcond=None)[0]
    freedom = len(marks) - np.linalg.matrix_rank(design)
    residual = sqrt(((scores - design @ solved) ** 2).sum() / freedom)
    centring = np.eye(len(people)) - 1 / len(people)
    contrast = np.hstack([np.zeros((len(people), len(panel.answers))), centring])
    errors = residual * np.sqrt(np.diag(contrast @ np.linalg.pinv(design.T @ design) @ contrast.T))
    model = fit(panel.answers)
    assert model is not None
    assert model.freedom == freedom
    assert near(model.residual, residual)
    for marker, value, error in zip(people, centring @ solved[len(panel.answers) :], errors, strict=True):
        assert near(model.of(marker).value, value)
        assert near(model.of(marker).error, error)
