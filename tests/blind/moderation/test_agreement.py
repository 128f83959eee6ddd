"""Alpha and kappa against published examples and against the definitions written out the long way."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel.blind.moderation.agreement import alpha, kappa

# Krippendorff (2011), section C: four observers, twelve units, scores 1 to 5, some missing.
PUBLISHED = ["111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3"]
SCORES = st.integers(min_value=0, max_value=6)


def test_alpha_gives_the_published_ordinal_value() -> None:
    units = [[int(score) for score in unit] for unit in PUBLISHED]
    found = alpha(units)
    assert found is not None
    assert round(float(found), 3) == 0.815


def test_alpha_is_one_when_all_markers_agree() -> None:
    assert alpha([(1, 1), (3, 3, 3), (4, 4)]) == 1


@pytest.mark.parametrize("units", [[], [(3,), (4,)], [(2, 2), (2, 2, 2)]])
def test_alpha_is_undefined_without_anything_to_compare(units: list[tuple[int, ...]]) -> None:
    assert alpha(units) is None


def test_alpha_does_not_depend_on_the_distance_between_labels() -> None:
    near = alpha([(1, 2), (2, 2), (3, 3), (1, 1)])
    far = alpha([(1, 5), (5, 5), (9, 9), (1, 1)])
    assert near == far


@settings(deadline=None)
@given(st.lists(st.lists(SCORES, min_size=2, max_size=4), min_size=1, max_size=8))
def test_alpha_equals_its_definition(units: list[list[int]]) -> None:
    values = [score for unit in units for score in unit]

    def apart(a: int, b: int) -> Fraction:
        between = sum(min(a, b) <= value <= max(a, b) for value in values)
        return (between - Fraction(values.count(a) + values.count(b), 2)) ** 2 if a != b else Fraction(0)

    within = [(len(unit), a, b) for unit in units for i, a in enumerate(unit) for b in unit[i + 1 :]]
    observed = sum((apart(a, b) / (size - 1) for size, a, b in within), Fraction(0))
    expected = sum((apart(a, b) for i, a in enumerate(values) for b in values[i + 1 :]), Fraction(0))
    assert alpha(units) == (1 - (len(values) - 1) * observed / expected if expected else None)


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [
        ((1, 2, 3), (1, 2, 3), Fraction(1)),
        ((1, 2, 1), (1, 2, 2), Fraction(2, 5)),
        ((1, 2, 3, 1, 2, 2, 3, 1, 2, 3), (1, 2, 3, 1, 2, 3, 2, 1, 3, 2), Fraction(2, 3)),
        ((1, 3), (3, 1), Fraction(-1)),
    ],
)
def test_kappa_gives_the_known_values(first: tuple[int, ...], second: tuple[int, ...], value: Fraction) -> None:
    assert kappa(zip(first, second, strict=True)) == value


def test_kappa_is_undefined_when_chance_leaves_nothing() -> None:
    assert kappa([]) is None
    assert kappa([(2, 2), (2, 2)]) is None


@settings(deadline=None)
@given(st.lists(st.tuples(SCORES, SCORES), min_size=1, max_size=12))
def test_kappa_equals_its_definition(pairs: list[tuple[int, int]]) -> None:
    count = len(pairs)
    cells = [(a, b) for a in range(7) for b in range(7)]
    seen = sum(Fraction(pairs.count((a, b)), count) * (a - b) ** 2 for a, b in cells)
    rows = [Fraction(sum(x == a for x, _ in pairs), count) for a in range(7)]
    columns = [Fraction(sum(y == b for _, y in pairs), count) for b in range(7)]
    chance = sum(rows[a] * columns[b] * (a - b) ** 2 for a, b in cells)
    assert kappa(pairs) == (1 - seen / chance if chance else None)


@settings(deadline=None)
@given(st.lists(st.tuples(SCORES, SCORES), min_size=1, max_size=12))
def test_kappa_does_not_depend_on_who_is_first(pairs: list[tuple[int, int]]) -> None:
    assert kappa(pairs) == kappa([(b, a) for a, b in pairs])
