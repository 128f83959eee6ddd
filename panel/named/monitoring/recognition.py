"""How often markers who thought they knew a writer were right, beside what chance would give. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from math import comb
from typing import Final

from panel.kernel.ids import SubmissionRef
from panel.named.monitoring.adverse_impact import Interval

#: Fewer guesses than this are not kept: a count of one to four would be about people.
FEWEST: Final = 5
#: Half of what a 95 per cent interval leaves out, on either side.
_TAIL: Final = Fraction(1, 40)
#: Halvings of the interval's ends: exact to one part in a million million.
_HALVINGS: Final = 40
#: Words before a name that are no part of it.
_TITLES: Final = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "dr", "pc", "dc", "ps", "ds", "sgt", "sergeant", "insp", "inspector", "di"}
    | {"ci", "dci", "chief", "supt", "superintendent"}
)


@dataclass(frozen=True)
class Guessed:
    """How many markers answered, how many guesses they made about how many candidates, and how many were right.

    Both counts of guesses are None where there were one to four.
    """

    answered: int
    candidates: int
    guesses: int | None
    right: int | None

    @property
    def chance(self) -> Fraction:
        """The share that blind guessing would get right: one candidate of all."""
        return Fraction(1, self.candidates) if self.candidates else Fraction(0)

    @property
    def share(self) -> Fraction | None:
        """The share that was right; None where there is nothing to show."""
        return Fraction(self.right or 0, self.guesses) if self.guesses else None

    @property
    def interval(self) -> Interval | None:
        """The exact 95 per cent interval of the share; None where there is nothing to show."""
        return exact_interval(self.right or 0, self.guesses) if self.guesses else None


def counted(
    answers: Sequence[Iterable[tuple[SubmissionRef, str]]], names: Mapping[SubmissionRef, str], candidates: int
) -> Guessed:
    """Count what markers answered against the opened names, in memory; small counts are left out.

    `answers`: for each marker her guesses, as submission and name. One marker counts once for one submission, by what
    she said first; what has no opened name is left out. `names`: whose each submission is.
    """
    firsts = [dict(reversed(list(given))) for given in answers]
    made = [(ref, name) for each in firsts for ref, name in each.items() if ref in names]
    right = sum(hits(name, ref, names) for ref, name in made)
    shown = len(made) >= FEWEST or not made
    return Guessed(len(firsts), candidates, len(made) if shown else None, right if shown else None)


def hits(guess: str, ref: SubmissionRef, names: Mapping[SubmissionRef, str]) -> bool:
    """Whether a guess is the writer of the submission, and cannot be meant for another candidate as well."""
    return [each for each, name in names.items() if fits(guess, name)] == [ref]


def fits(guess: str, name: str) -> bool:
    """Whether each word of a guess is one of the name's, or an initial of one; at least one is a whole word.

    Case, accents, titles and ranks do not matter.
    """
    wanted, known = _words(guess), _words(name)
    whole = [word for word in wanted if word in known and len(word) > 1]
    initials = [word for word in wanted if len(word) == 1 and any(each.startswith(word) for each in known)]
    return bool(whole) and len(whole) + len(initials) == len(wanted)


def exact_interval(right: int, of: int) -> Interval:
    """The Clopper-Pearson interval at 95 per cent: no share outside it makes what was seen as unlikely as 1 in 40."""
    low = Fraction(0) if right == 0 else _solve(lambda share: _at_least(right, of, share) < _TAIL)
    high = Fraction(1) if right == of else _solve(lambda share: 1 - _at_least(right + 1, of, share) > _TAIL)
    return Interval(_decimal(low), _decimal(high))


def _solve(below: Callable[[Fraction], bool]) -> Fraction:
    """Where a condition on a share that holds at 0 stops holding."""
    low, high = Fraction(0), Fraction(1)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return low


def _at_least(right: int, of: int, share: Fraction) -> Fraction:
    """The chance of at least so many right, if each is right with this chance. In whole numbers, for speed."""
    top, bottom = share.numerator, share.denominator
    counts = sum(comb(of, k) * top**k * (bottom - top) ** (of - k) for k in range(right, of + 1))
    return Fraction(counts, bottom**of)


def _decimal(value: Fraction) -> Decimal:
    with localcontext(prec=20):
        return Decimal(value.numerator) / Decimal(value.denominator)


def _words(text: str) -> frozenset[str]:
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return frozenset(re.findall(r"[^\W\d_]+", plain.replace("'", "").replace("’", "").casefold())) - _TITLES
