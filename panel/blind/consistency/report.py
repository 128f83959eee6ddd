"""The figures about markers: over the whole board, or for one criterion. Nothing below the minimum is in them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from panel.blind.consistency.drift import Drift, drift
from panel.blind.consistency.estimate import ENOUGH, Estimate, mean
from panel.blind.consistency.icc import Icc, absolute, of_mean, one_way
from panel.blind.consistency.marks import Given, Shared, by_answer, differences, in_letter_order, pairs, scores
from panel.blind.consistency.severity import Model, fit
from panel.blind.moderation.agreement import alpha, kappa


@dataclass(frozen=True)
class MarkerLine:
    """One marker under her letter. Every figure is None with fewer than `ENOUGH` answers, or where it is undefined.

    `counts` are her marks at each point of the scale, `gap` the mean difference from co-markers on the same answers,
    `agreement` the quadratic-weighted kappa with them, `offset` the model's severity: below nought is severe.
    """

    letter: str
    marks: int
    shared: int
    counts: tuple[int, ...] | None
    mean: Fraction | None
    gap: Estimate | None
    agreement: Fraction | None
    offset: Estimate | None
    drift: Drift | None


@dataclass(frozen=True)
class Report:
    """Markers by letter, from so many answers with two signed marks or more. `parts`: who can be compared with whom."""

    answers: int
    parts: tuple[tuple[str, ...], ...]
    markers: tuple[MarkerLine, ...]

    @property
    def comparable(self) -> bool:
        """Whether shared answers join all markers."""
        return len(self.parts) <= 1


@dataclass(frozen=True)
class Agreement:
    """How well all markers agree, by ordinal alpha and by each form of ICC that fits the design.

    Both are empty with fewer than `ENOUGH` answers, or where they are undefined.
    """

    answers: int
    alpha: Fraction | None
    icc: tuple[Icc, ...]


def report(given: Iterable[Given], scale: Sequence[int]) -> Report:
    """All figures about markers in these marks; `scale` are the scores there are."""
    marks = tuple(given)
    answers = by_answer(marks)
    model = fit(scores(answers))
    own, gaps, beside = _own(marks), differences(answers), pairs(answers)
    lines = tuple(
        _line(letter, own[letter], gaps.get(letter, ()), kappa(beside.get(letter, ())), model, scale)
        for letter in in_letter_order(own)
    )
    return Report(len(answers), model.parts if model else (), lines)


def agreement(given: Iterable[Given], each: int) -> Agreement:
    """How well the markers of these marks agree; `each` is how many the policy gives an answer."""
    answers = by_answer(given)
    if len(answers) < ENOUGH:
        return Agreement(len(answers), None, ())
    units = [tuple(answer.values()) for answer in scores(answers)]
    return Agreement(len(answers), alpha(units), _icc(answers, units, each))


def _own(marks: Iterable[Given]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = {}
    for mark in marks:
        found.setdefault(mark.letter, []).append(mark.score)
    return found


def _line(
    letter: str,
    own: Sequence[int],
    gaps: Sequence[tuple[int, Fraction]],
    agreement: Fraction | None,
    model: Model | None,
    scale: Sequence[int],
) -> MarkerLine:
    enough, counts = len(gaps) >= ENOUGH, Counter(own)
    shown = len(own) >= ENOUGH
    return MarkerLine(
        letter=letter,
        marks=len(own),
        shared=len(gaps),
        counts=tuple(counts[score] for score in scale) if shown else None,
        mean=Fraction(sum(own), len(own)) if shown else None,
        gap=mean([float(gap) for _position, gap in gaps]),
        agreement=agreement if enough else None,
        offset=model.of(letter) if enough and model and letter in model.offsets else None,
        drift=drift(gaps) if enough else None,
    )


def _icc(answers: Sequence[Shared], units: Sequence[Sequence[int]], each: int) -> tuple[Icc, ...]:
    single = one_way(units)
    found = [single] if single else []
    panel = in_letter_order({letter for answer in answers for letter in answer})
    if all(len(answer) == len(panel) for answer in answers):
        both = absolute([[answer[letter].score for letter in panel] for answer in answers])
        found += [both] if both else []
    return tuple(form for one in found for form in ((one, of_mean(one, each)) if each > 1 else (one,)))
