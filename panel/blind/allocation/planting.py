"""Which seeds and repeats one marker is dealt with her answers, and under which refs: by lot, from the draw. Pure.

They are read in the same order as the answers among which they are dealt: `lots.reading_order` places them all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from panel.blind.allocation.lots import lot, reading_order
from panel.blind.training.seeds import due
from panel.board.conduct import Conduct
from panel.kernel.ids import MarkerId, ScriptId, SubmissionRef

#: A repeat and its original stand at least this share of what is dealt apart, and never side by side.
_APART: Final = 3
_BESIDE: Final = 1


@dataclass(frozen=True)
class Batch:
    """What one marker is dealt at once for one criterion. `total`: with what she has already; the rest she has met."""

    marker: MarkerId
    criterion: str
    refs: Sequence[SubmissionRef]
    total: int
    seeds: frozenset[ScriptId] = field(default=frozenset())
    repeated: frozenset[SubmissionRef] = field(default=frozenset())


@dataclass(frozen=True)
class StandIn:
    """A seed (`script`) or a repeat (`original`) under its own ref."""

    ref: SubmissionRef
    script: ScriptId | None = None
    original: SubmissionRef | None = None


def planted(draw: bytes, batch: Batch, scripts: Iterable[ScriptId], conduct: Conduct) -> tuple[StandIn, ...]:
    """What is dealt to her besides. Never a seed or a repeat that she has met; fewer where there are not enough."""
    wanted = due(batch.total, conduct.seed_every) - len(batch.seeds)
    fresh = [script for script in scripts if script not in batch.seeds]
    fresh.sort(key=lambda script: lot(draw, b"seed", batch.marker, script))
    seeds = [StandIn(_own_ref(draw, batch, script), script=script) for script in fresh[: max(0, wanted)]]
    repeats = due(batch.total, conduct.repeat_every) - len(batch.repeated)
    return (*seeds, *_repeats(draw, batch, [each.ref for each in seeds], repeats))


def _repeats(draw: bytes, batch: Batch, seeds: Sequence[SubmissionRef], wanted: int) -> Iterator[StandIn]:
    """Each stands where the lot puts it; its original is one that stands far from it."""
    met = len(batch.repeated)
    own = [_own_ref(draw, batch, b"repeat", n.to_bytes(4, "big")) for n in range(met, met + max(0, wanted))]
    order = reading_order(draw, batch.marker, batch.criterion, [*batch.refs, *seeds, *own])
    place = {ref: n for n, ref in enumerate(order)}
    apart = max(len(order) // _APART, _BESIDE + 1)
    left = dict.fromkeys(ref for ref in batch.refs if ref not in batch.repeated)
    for ref in own:
        far = [original for original in left if abs(place[original] - place[ref]) >= apart]
        if far:
            original = min(far, key=lambda each, ref=ref: lot(draw, b"original", ref, each))  # type: ignore[misc] # bound now
            del left[original]
            yield StandIn(ref, original=original)


def _own_ref(draw: bytes, batch: Batch, *what: bytes) -> SubmissionRef:
    return SubmissionRef(lot(draw, b"stand-in", batch.marker, batch.criterion.encode(), *what)[:16])
