"""Whose outcome would change if severity were allowed for. Advice to the chair: no score or list depends on it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from panel.blind.consistency.estimate import ENOUGH
from panel.blind.consistency.severity import Model
from panel.blind.merit.merit_list import Outcome, Place, merit_list
from panel.blind.moderation.answers import Answer
from panel.board.policy import Policy
from panel.kernel.ids import Number

#: An allowance is rounded to this part of a point, so that offsets which cancel out cancel out exactly.
_FINEST: Final = 10_000

Card = Mapping[str, Answer]


@dataclass(frozen=True)
class Allowance:
    """The score of one criterion, and what is added to it when severity is allowed for, in points."""

    criterion: str
    score: Fraction
    points: Fraction


@dataclass(frozen=True)
class Change:
    """One submission whose outcome would be another.

    `total` as it stands and `allowed` with severity allowed for, which is uncertain by `half` either way (95%).
    `clear`: the outcome would be another whatever the offsets are within their intervals. `allowances` are those of
    the scores that are means of marks, the one that moves the total most first.
    """

    number: Number
    now: Outcome
    then: Outcome
    total: Fraction
    allowed: Fraction
    half: float
    rank: int
    rank_then: int
    clear: bool
    allowances: tuple[Allowance, ...]


@dataclass(frozen=True)
class Advice:
    """Every change, clear ones first; how many submissions were looked at, still have answers to settle, or have marks
    of a marker about whom too little is known.
    """

    changes: tuple[Change, ...]
    judged: int
    unsettled: int
    unknown: int


def advise(policy: Policy, answers: Iterable[Answer], model: Model | None) -> Advice | None:
    """Compare the outcomes; None where the panel's markers cannot all be compared with each other.

    A score that a leader agreed is left alone: she has weighed the marks already.
    """
    if model is None or len(model.parts) != 1:
        return None
    cards: dict[Number, dict[str, Answer]] = defaultdict(dict)
    for answer in answers:
        cards[answer.number][answer.criterion] = answer
    whole = {number: card for number, card in cards.items() if _settled(policy, card)}
    known = {number: card for number, card in whole.items() if _known(model, card)}
    found = _changes(policy, known, model)
    return Advice(found, len(known), len(cards) - len(whole), len(whole) - len(known))


def _settled(policy: Policy, card: Card) -> bool:
    return all(key in card and card[key].score is not None for key in policy.keys)


def _known(model: Model, card: Card) -> bool:
    return all(model.shared.get(letter, 0) >= ENOUGH for answer in card.values() for letter in _averaged(answer))


def _averaged(answer: Answer) -> tuple[str, ...]:
    """The markers whose mean is the score; nobody's where a leader agreed it."""
    return () if answer.discrepancy.disputed else tuple(mark.letter for mark in answer.marks)


def _weights(answer: Answer) -> dict[str, float]:
    letters = _averaged(answer)
    return {letter: 1 / len(letters) for letter in letters}


def _changes(policy: Policy, cards: Mapping[Number, Card], model: Model) -> tuple[Change, ...]:
    now = _places(policy, {number: _scores(card) for number, card in cards.items()})
    then = _places(policy, {number: _allowed(card, model) for number, card in cards.items()})
    found = [
        _change(policy, cards[number], model, place, then[number])
        for number, place in now.items()
        if place.outcome is not then[number].outcome
    ]
    return tuple(sorted(found, key=lambda change: (not change.clear, change.rank, change.number)))


def _change(policy: Policy, card: Card, model: Model, now: Place, then: Place) -> Change:
    return Change(
        number=now.number,
        now=now.outcome,
        then=then.outcome,
        total=now.total,
        allowed=then.total,
        half=_half(policy, card, model),
        rank=now.rank,
        rank_then=then.rank,
        clear=_clear(policy, card, model, then),
        allowances=_by_weight(policy, card, now, then),
    )


def _places(policy: Policy, scores: Mapping[Number, Mapping[str, Fraction]]) -> Mapping[Number, Place]:
    return {place.number: place for place in merit_list(policy, scores)}


def _scores(card: Card) -> dict[str, Fraction]:
    return {key: answer.score or Fraction(0) for key, answer in card.items()}


def _allowed(card: Card, model: Model) -> dict[str, Fraction]:
    return {key: score + _points(model, card[key]) for key, score in _scores(card).items()}


def _points(model: Model, answer: Answer) -> Fraction:
    return -Fraction(round(model.weighted(_weights(answer)).value * _FINEST), _FINEST)


def _by_weight(policy: Policy, card: Card, now: Place, then: Place) -> tuple[Allowance, ...]:
    points = {key: then.scores[key] - score for key, score in now.scores.items()}
    averaged = [criterion for criterion in policy.criteria if _averaged(card[criterion.key])]
    averaged.sort(key=lambda criterion: -criterion.weight * abs(points[criterion.key]))
    return tuple(Allowance(c.key, now.scores[c.key], points[c.key]) for c in averaged)


def _half(policy: Policy, card: Card, model: Model) -> float:
    weights: dict[str, float] = defaultdict(float)
    for criterion in policy.criteria:
        for letter, weight in _weights(card[criterion.key]).items():
            weights[letter] += criterion.weight * weight
    return model.weighted(weights).half


def _clear(policy: Policy, card: Card, model: Model, then: Place) -> bool:
    """Whether the changed outcome holds at the worse end of every interval it rests on."""
    bars = [(float(then.total), _half(policy, card, model), float(policy.pass_rule.total))]
    bars += [
        (float(then.scores[c.key]), model.weighted(_weights(card[c.key])).half, float(c.floor))
        for c in policy.criteria
        if c.floor is not None
    ]
    if then.outcome is Outcome.PASSED:
        return all(value - half >= bar for value, half, bar in bars)
    return any(value + half < bar for value, half, bar in bars)
