"""How severe each marker is, by an additive model: a mark is what the answer is worth, plus its marker's offset.

Worth stands for criterion, submission and how the two fit: an answer's marks share it, so it drops out, and no
difference between answers is ever read as severity. The least-squares offsets then come from the marks of shared
answers alone, along chains of markers who share some; markers whom no chain joins cannot be compared.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import fsum, sqrt

from panel.blind.allocation.overlap import parts
from panel.blind.consistency.estimate import Estimate
from panel.blind.consistency.marks import in_letter_order

Matrix = list[list[float]]


@dataclass(frozen=True)
class Model:
    """The offsets of all markers who share an answer, in points: above nought is lenient, below is severe.

    Within each part of the panel they add up to nought. `residual` is the standard deviation of a mark about what the
    model expects. `shared` counts each marker's shared answers.
    """

    parts: tuple[tuple[str, ...], ...]
    offsets: Mapping[str, float]
    shared: Mapping[str, int]
    residual: float
    freedom: int
    inverse: Mapping[tuple[str, str], float]

    def of(self, marker: str) -> Estimate:
        """One marker's offset with its standard error."""
        return self.weighted({marker: 1.0})

    def weighted(self, weights: Mapping[str, float]) -> Estimate:
        """A weighted sum of offsets with its standard error."""
        value = fsum(weight * self.offsets[marker] for marker, weight in weights.items())
        spread = fsum(weights[a] * weights[b] * self.inverse.get((a, b), 0.0) for a, b in product(weights, repeat=2))
        return Estimate(value, self.residual * sqrt(max(spread, 0.0)), self.freedom)


def fit(answers: Iterable[Mapping[str, int]]) -> Model | None:
    """Fit the model to the scores each answer got, by marker; answers with one mark say nothing.

    None while there are no more marks than the model has numbers to find. Takes time in proportion to the marks, and
    to the cube of the number of markers.
    """
    shared = [dict(answer) for answer in answers if len(answer) > 1]
    panel = tuple(sorted(map(in_letter_order, parts(shared)), key=lambda part: (-len(part), part)))
    freedom = sum(len(answer) - 1 for answer in shared) - sum(len(part) - 1 for part in panel)
    if freedom < 1:
        return None
    offsets: dict[str, float] = {}
    inverse: dict[tuple[str, str], float] = {}
    explained = 0.0
    for part in panel:
        members = set(part)
        matrix, above = _equations(part, [answer for answer in shared if not members.isdisjoint(answer)])
        solved = _pseudo_inverse(matrix)
        inverse |= {(a, b): solved[i][j] for (i, a), (j, b) in product(enumerate(part), repeat=2)}
        found = [fsum(x * y for x, y in zip(row, above, strict=True)) for row in solved]
        offsets |= dict(zip(part, found, strict=True))
        explained += fsum(x * y for x, y in zip(found, above, strict=True))
    within = fsum(_within(answer) for answer in shared)
    counts = Counter(marker for answer in shared for marker in answer)
    return Model(panel, offsets, counts, sqrt(max(within - explained, 0.0) / freedom), freedom, inverse)


def _within(answer: Mapping[str, int]) -> float:
    return sum(score**2 for score in answer.values()) - sum(answer.values()) ** 2 / len(answer)


def _equations(part: Sequence[str], answers: Iterable[Mapping[str, int]]) -> tuple[Matrix, list[float]]:
    """The normal equations once the answers' worth is eliminated: the Laplacian of the overlap, and what each marker
    gave above the mean of each of her answers.
    """
    place = {marker: n for n, marker in enumerate(part)}
    matrix = [[0.0] * len(part) for _ in part]
    above = [0.0] * len(part)
    for answer in answers:
        count, total = len(answer), sum(answer.values())
        for marker, score in answer.items():
            row = matrix[place[marker]]
            row[place[marker]] += 1.0
            above[place[marker]] += score - total / count
            for other in answer:
                row[place[other]] -= 1 / count
    return matrix, above


def _pseudo_inverse(laplacian: Matrix) -> Matrix:
    """Of a joined part's Laplacian. Its one flat direction, all offsets alike, is filled before and taken out after."""
    size = len(laplacian)
    filled = [[cell + 1 / size for cell in row] for row in laplacian]
    return [[cell - 1 / size for cell in row] for row in _inverse(filled)]


def _inverse(matrix: Matrix) -> Matrix:
    """By elimination in place; a positive definite matrix needs no exchange of rows."""
    rows = [row[:] for row in matrix]
    for n, pivot in enumerate(rows):
        over, pivot[n] = pivot[n], 1.0
        pivot[:] = [cell / over for cell in pivot]
        for row in rows:
            if row is not pivot and row[n]:
                times, row[n] = row[n], 0.0
                row[:] = [cell - times * other for cell, other in zip(row, pivot, strict=True)]
    return rows
