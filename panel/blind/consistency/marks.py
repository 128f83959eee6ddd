"""Signed marks as the figures read them, and the pairs of differences they are made of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

from panel.kernel.ids import Number


@dataclass(frozen=True)
class Given:
    """One signed mark. `position` is its place in the order in which its marker met the answers to this criterion."""

    letter: str
    number: Number
    criterion: str
    score: int
    position: int


#: The marks of one answer, by letter.
Shared = Mapping[str, Given]


def by_answer(given: Iterable[Given]) -> tuple[Shared, ...]:
    """The answers that two markers or more have marked: the others say nothing about markers."""
    found: dict[tuple[Number, str], dict[str, Given]] = defaultdict(dict)
    for mark in given:
        found[mark.number, mark.criterion][mark.letter] = mark
    return tuple(answer for answer in found.values() if len(answer) > 1)


def differences(answers: Iterable[Shared]) -> Mapping[str, tuple[tuple[int, Fraction], ...]]:
    """For each marker her (position, difference from the mean of the others on the same answer)."""
    found: dict[str, list[tuple[int, Fraction]]] = defaultdict(list)
    for answer in answers:
        total = sum(mark.score for mark in answer.values())
        for letter, mark in answer.items():
            others = Fraction(total - mark.score, len(answer) - 1)
            found[letter].append((mark.position, mark.score - others))
    return {letter: tuple(pairs) for letter, pairs in found.items()}


def pairs(answers: Iterable[Shared]) -> Mapping[str, tuple[tuple[int, int], ...]]:
    """For each marker her score beside each co-marker's on the same answer."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for answer in answers:
        for own, other in permutations(answer.values(), 2):
            found[own.letter].append((own.score, other.score))
    return {letter: tuple(each) for letter, each in found.items()}


def scores(answers: Iterable[Shared]) -> Iterator[dict[str, int]]:
    """The scores of each answer, by letter."""
    for answer in answers:
        yield {letter: mark.score for letter, mark in answer.items()}


def in_letter_order(letters: Iterable[str]) -> tuple[str, ...]:
    """A to Z, then AA and on."""
    return tuple(sorted(letters, key=lambda letter: (len(letter), letter)))
