"""Guesses against names: what fits, what counts, and what chance would give. Pure."""

from decimal import Decimal
from fractions import Fraction

import pytest
from scipy.stats import binomtest

from panel.kernel.ids import SubmissionRef
from panel.named.monitoring.recognition import Guessed, counted, exact_interval, fits, hits

ANN, BEA, CAI = (SubmissionRef(bytes([n]) * 16) for n in (1, 2, 3))
NAMES = {ANN: "Anneliese O’Connor", BEA: "Béatrice Smith", CAI: "Callum Smith"}


@pytest.mark.parametrize(
    ("guess", "name", "yes"),
    [
        ("Anneliese O'Connor", NAMES[ANN], True),
        ("PC OConnor", NAMES[ANN], True),
        ("a o’connor", NAMES[ANN], True),
        ("beatrice smith", NAMES[BEA], True),
        ("B. Smith", NAMES[BEA], True),
        ("C. Smith", NAMES[BEA], False),
        ("A", NAMES[ANN], False),
        ("Sergeant", NAMES[ANN], False),
        ("", NAMES[ANN], False),
        ("Anneliese Smith", NAMES[ANN], False),
    ],
)
def test_a_guess_fits_when_each_word_is_of_the_name(guess: str, name: str, yes: bool) -> None:
    assert fits(guess, name) is yes


def test_a_guess_that_could_be_two_candidates_is_not_right() -> None:
    assert not hits("Smith", BEA, NAMES)
    assert hits("Bea Smith", BEA, {**NAMES, BEA: "Bea Smith"})
    assert not hits("C Smith", BEA, NAMES)


def test_one_marker_counts_once_for_one_submission_by_what_she_said_first() -> None:
    answers = [
        [(ANN, "O’Connor"), (ANN, "Smith")],
        [(BEA, "B Smith")],
        [(CAI, "Jones")],
        [(ANN, "Jones")],
        [(CAI, "C Smith")],
    ]
    assert counted(answers, NAMES, 3) == Guessed(answered=5, candidates=3, guesses=5, right=3)


def test_one_to_four_guesses_are_not_kept_and_none_is() -> None:
    assert counted([[(ANN, "O’Connor")], []], NAMES, 3) == Guessed(2, 3, None, None)
    assert counted([[], []], NAMES, 3) == Guessed(2, 3, 0, 0)


def test_a_guess_about_a_submission_without_a_name_is_left_out() -> None:
    assert counted([[(SubmissionRef(bytes(16)), "Smith")]], NAMES, 3).guesses == 0


def test_chance_is_one_candidate_of_all() -> None:
    assert Guessed(1, 8, 5, 1).chance == Fraction(1, 8)
    assert Guessed(1, 8, 5, 1).share == Fraction(1, 5)
    assert Guessed(1, 8, None, None).interval is None


@pytest.mark.parametrize(("right", "of"), [(0, 5), (5, 5), (1, 5), (3, 17), (40, 60)])
def test_the_interval_is_the_exact_one(right: int, of: int) -> None:
    found, known = exact_interval(right, of), binomtest(right, of).proportion_ci(method="exact")
    assert abs(found.low - Decimal(known.low)) < Decimal("1e-9")
    assert abs(found.high - Decimal(known.high)) < Decimal("1e-9")
