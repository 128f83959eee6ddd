"""Corrections after the lock: which score changed from what to what, and the list as it stands with them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from panel.audit.entry import Entry
from panel.blind.merit.merit_list import Place, merit_list
from panel.board.policy import Policy, ratio
from panel.kernel.encoding import Json, digest, digest_of
from panel.kernel.ids import MarkerId, Number

Scores = Mapping[Number, Mapping[str, Fraction]]

#: The kind of the entry that every amendment has in the board's log.
CONFIRMED: Final = "amendment.confirmed"
#: What of an entry says whether a row is the same amendment, once its reason is destroyed, and until then.
_LASTING: Final = ("seq", "number", "criterion", "before", "after", "decided_by")
_FACTS: Final = (*_LASTING, "reason_digest")


@dataclass(frozen=True)
class Proposal:
    """A change of one score of one number that one leader wants; `before` is the score as it stands."""

    number: Number
    criterion: str
    before: Fraction
    after: Fraction
    reason: str
    decided_by: MarkerId

    @property
    def reason_digest(self) -> bytes:
        """SHA-256 of the reason: 32 bytes."""
        return digest(self.reason.encode())

    @property
    def facts(self) -> dict[str, Json]:
        """As the log tells it; of the reason only the digest."""
        return {
            "number": self.number,
            "criterion": self.criterion,
            "before": ratio(self.before),
            "after": ratio(self.after),
            "reason_digest": self.reason_digest.hex(),
        }

    @property
    def seen(self) -> str:
        """What a page carries, so that nobody confirms another proposal than the one she read."""
        told = (self.number, self.criterion, ratio(self.before), ratio(self.after), str(self.decided_by))
        return digest_of((*told, self.reason)).hex()


@dataclass(frozen=True)
class Amendment(Proposal):
    """The same once another leader has confirmed it, on a day and as one in a sequence; it is never undone."""

    seq: int
    confirmed_by: MarkerId
    on: date

    @property
    def facts(self) -> dict[str, Json]:
        """As the log tells it: its actor is the one who confirmed."""
        return super().facts | {"seq": self.seq, "decided_by": str(self.decided_by)}


@dataclass(frozen=True)
class Standing:
    """One submission twice: its place as locked, and as it stands with every amendment."""

    locked: Place
    now: Place

    @property
    def moved(self) -> bool:
        """Whether rank, outcome or a score differs from the locked list."""
        return self.locked != self.now


def logged(amendments: Iterable[Amendment], entries: Iterable[Entry], *, destroyed: bool) -> bool:
    """Whether these are exactly the amendments that the log confirms, by the same two people on the same day.

    `entries`: those of the kind CONFIRMED, in order. `destroyed`: the reasons are, so that they cannot be compared.
    """
    wanted = _LASTING if destroyed else _FACTS
    kept = [([each.facts[key] for key in wanted], each.confirmed_by, each.on) for each in amendments]
    return kept == [([each.facts.get(key) for key in wanted], each.actor, each.on) for each in entries]


def standings(policy: Policy, places: Iterable[Place], amendments: Iterable[Amendment]) -> tuple[Standing, ...]:
    """Every locked place beside the one it now has, in the order of the locked list, which never changes."""
    locked, amendments = tuple(places), tuple(amendments)
    if not amendments:  # on most boards nothing is amended, and a long list takes seconds to put in order
        return tuple(Standing(place, place) for place in locked)
    now = {place.number: place for place in merit_list(policy, scores_now(locked, amendments))}
    return tuple(Standing(place, now[place.number]) for place in locked)


def scores_now(places: Iterable[Place], amendments: Iterable[Amendment]) -> Scores:
    """The locked scores with every amendment applied, the later ones over the earlier."""
    scores = {place.number: dict(place.scores) for place in places}
    for each in sorted(amendments, key=lambda amendment: amendment.seq):
        scores[each.number][each.criterion] = each.after
    return scores
