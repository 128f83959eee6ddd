"""Every script of a criterion is fresh: whoever had met its text before would know its score, or know it for a seed.

Pure.
"""

from collections.abc import Iterable
from typing import Final

from panel.blind.training.purpose import PRACTISED, Purpose
from panel.kernel.errors import Invalid

_WORDS: Final = {**PRACTISED, Purpose.SEED: "seed", Purpose.TAKEN_OUT: "seed"}


class NotFresh(Invalid):
    """Another script for the criterion says the same; `details` say what that one is for."""

    sentence = "Write another answer."


def demand_fresh(answer: str, others: Iterable[tuple[Purpose, str]]) -> None:
    """None of the other scripts says the same, whatever its spaces and capitals. Raises NotFresh."""
    same = next((purpose for purpose, text in others if _plain(text) == _plain(answer)), None)
    if same is not None:
        raise NotFresh(details=[f"Answer must be new. A {_WORDS[same]} for this criterion says the same"])


def _plain(answer: str) -> str:
    return " ".join(answer.casefold().split())
