"""A simulated panel whose severities are known, allocated as a real one is: what the model must find again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from panel.blind.allocation.assignment import assign
from panel.kernel.encoding import digest
from panel.kernel.ids import MarkerId, SubmissionRef

#: Spread of what answers are worth, of markers' severity, and of a mark about both, in points of a scale from 0 to 6.
WORTH: Final = 0.9
SEVERITY: Final = 0.4
CHANCE: Final = 0.6
_MIDDLE: Final = 3.0
_SCALE: Final = (0, 6)
_PER_ANSWER: Final = 3


@dataclass(frozen=True)
class SimulatedPanel:
    """`planted` are the offsets by marker, which add up to nought; `answers` the whole scores each answer got."""

    planted: Mapping[str, float]
    answers: tuple[Mapping[str, int], ...]


def simulated(seed: int, *, candidates: int = 150, criteria: int = 5, markers: int = 20) -> SimulatedPanel:
    """A board of this size with three markers an answer. The same seed gives the same panel."""
    chance = np.random.default_rng(seed)
    draw = digest(seed.to_bytes(8, "big"))
    people = [MarkerId(digest(draw + b"marker" + n.to_bytes(4, "big"))[:16]) for n in range(markers)]
    refs = [SubmissionRef(digest(draw + b"submission" + n.to_bytes(4, "big"))[:16]) for n in range(candidates)]
    keys = [f"criterion-{n}" for n in range(criteria)]
    given = assign(refs, keys, people, {}, per_answer=_PER_ANSWER, draw=draw)
    raw = chance.normal(0, SEVERITY, markers)
    planted = dict(zip(map(str, people), (raw - raw.mean()).tolist(), strict=True))
    ability = dict(zip(refs, chance.normal(0, WORTH / 2**0.5, candidates), strict=True))
    difficulty = dict(zip(keys, chance.normal(0, 0.4, criteria), strict=True))
    answers = []
    for (ref, key), placed in given.markers.items():
        worth = _MIDDLE + ability[ref] + difficulty[key] + chance.normal(0, WORTH / 2**0.5)
        marks = {str(marker): worth + planted[str(marker)] + chance.normal(0, CHANCE) for marker in placed}
        answers.append({marker: int(np.clip(round(mark), *_SCALE)) for marker, mark in marks.items()})
    return SimulatedPanel(planted, tuple(answers))
