"""The rules of a board as data: exact, round-trip safe, one digest."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from panel.board.completeness import problems
from panel.board.policy import (
    Criterion,
    Custody,
    FrameworkUse,
    Kind,
    PassRule,
    Point,
    Policy,
    Scale,
    parse_ratio,
    ratio,
    slug,
)
from panel.board.scales import SCALES
from panel.kernel.encoding import canonical
from panel.kernel.errors import Malformed

POLICY = Policy(
    title="Inspector 2027",
    rank="Inspector",
    workforce_group="Police officers",
    about="Answer from your own work.",
    framework=FrameworkUse("00" * 16, "Signal framework", "1", "ab" * 32),
    level=2,
    criteria=(
        Criterion("keeps-calm", Kind.COMPETENCY, "Keeps calm", question="Tell us about a hard day.", word_limit=300),
        Criterion("fairness", Kind.VALUE, "Fairness", whole=True, weight=2, floor=2),
    ),
    scale=SCALES["0-4"],
    pass_rule=PassRule(Fraction(13, 2)),
    tie_break=("fairness",),
)


def test_policy_survives_canonical_json_unchanged() -> None:
    again = Policy.from_json(json.loads(canonical(POLICY.to_json())))
    assert again == POLICY
    assert again.digest == POLICY.digest


def test_empty_json_is_an_empty_draft_that_lacks_everything() -> None:
    assert Policy.from_json({}) == Policy()
    assert Policy.from_json(json.loads(canonical(Policy().to_json()))) == Policy()
    assert {"Enter the title of the board.", "Select a framework.", "Select a scale."} <= set(problems(Policy()))


@pytest.mark.parametrize(
    "change",
    [{"format": 2}, {"extra": 1}, {"pass_rule": {"total": "2/4"}}, {"scale": 3}, {"criteria": [{"key": "a"}]}],
)
def test_policy_of_another_shape_is_malformed(change: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        Policy.from_json({**POLICY.to_json(), **change})


def test_every_change_of_a_rule_changes_the_digest() -> None:
    changed = [
        replace(POLICY, tolerance=2),
        replace(POLICY, about="Answer briefly."),
        replace(POLICY, scale=SCALES["1-5"]),
        replace(POLICY, tie_break=()),
        replace(POLICY, custody=Custody(3, 5)),
        replace(POLICY, criteria=POLICY.criteria[::-1]),
    ]
    assert len({POLICY.digest, *(policy.digest for policy in changed)}) == len(changed) + 1


def test_complete_policy_has_no_problems() -> None:
    assert problems(POLICY) == ()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"level": None}, "Select the level of the framework."),
        ({"pass_rule": PassRule(Fraction(13))}, "Enter a pass mark from 1 to 12, the highest total."),
        ({"tie_break": ("nothing",)}, "The tie-break must name criteria of this board, each once."),
        ({"tolerance": 5}, "Enter a tolerance smaller than the distance between the lowest and the highest score."),
        ({"custody": Custody(3, 3)}, "The quorum must be at least 2 and smaller than the number of custodians."),
        ({"custody": Custody(2, 8)}, "Choose 3 to 7 custodians."),
        ({"markers_per_answer": 0}, "Enter markers for each answer from 1 to 7."),
        ({"scale": Scale((Point(0, "None", ""),))}, "A scale has 3 to 10 scores, one apart."),
        ({"criteria": POLICY.criteria[1:]}, "Add at least one criterion with a question."),
        ({"criteria": POLICY.criteria * 2}, "Two criteria have the same name. Remove one."),
    ],
)
def test_problem_is_told_in_a_sentence(changes: dict[str, object], sentence: str) -> None:
    assert sentence in problems(replace(POLICY, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"question": None}, "Enter the question for ‘Keeps calm’."),
        ({"word_limit": 20}, "Enter a word limit for ‘Keeps calm’ from 50 to 2000."),
        ({"whole": True}, "‘Keeps calm’ is a competency and needs a question of its own."),
        ({"floor": 0}, "The floor of ‘Keeps calm’ must be a score above 0, the lowest."),
        ({"weight": 11}, "Enter a weight for ‘Keeps calm’ from 1 to 10."),
        ({"anchors": ("only one",)}, "‘Keeps calm’ needs an anchor of its own for every score, or none."),
    ],
)
def test_problem_of_a_criterion_names_it(changes: dict[str, object], sentence: str) -> None:
    first = replace(POLICY.criteria[0], **changes)  # type: ignore[arg-type]
    assert sentence in problems(replace(POLICY, criteria=(first, POLICY.criteria[1])))


def test_weighted_total_is_exact() -> None:
    total = POLICY.weighted_total({"keeps-calm": Fraction(10, 3), "fairness": Fraction(7, 3)})
    assert total == Fraction(8)
    assert (POLICY.lowest_total, POLICY.highest_total) == (0, 12)


def test_policy_without_a_scale_has_no_totals() -> None:
    bare = replace(POLICY, scale=Scale())
    assert (bare.lowest_total, bare.highest_total) == (0, 0)


def test_criterion_shows_its_own_anchors_and_otherwise_those_of_the_scale() -> None:
    general, own = POLICY.criteria[0], replace(POLICY.criteria[0], anchors=tuple("abcde"))
    assert POLICY.anchored(general) == POLICY.scale.points
    assert [point.anchor for point in POLICY.anchored(own)] == list("abcde")
    assert [point.score for point in POLICY.anchored(own)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("text", ["1", "2/4", "1/0", "-0/1", "1/-2", "1.5/2", " 1/2", "٣/4"])
def test_fraction_has_one_spelling_only(text: str) -> None:
    with pytest.raises(Malformed):
        parse_ratio(text)


def test_fraction_is_written_in_lowest_terms() -> None:
    assert ratio(Fraction(6, 4)) == "3/2"
    assert parse_ratio("3/2") == Fraction(3, 2)


@pytest.mark.parametrize(
    ("name", "key"),
    [("We are innovative, open-minded", "we-are-innovative-open-minded"), ("Élan", "elan"), ("a" * 90, "a" * 60)],
)
def test_key_is_made_of_the_name(name: str, key: str) -> None:
    assert slug(name) == key


@pytest.mark.parametrize("name", ["0-4", "1-5", "1-7"])
def test_ready_made_scale_has_a_label_and_an_anchor_for_every_score(name: str) -> None:
    scale = SCALES[name]
    lowest, highest = map(int, name.split("-"))
    assert scale.scores == tuple(range(lowest, highest + 1))
    assert scale.name == name
    assert all(point.label and point.anchor for point in scale.points)
