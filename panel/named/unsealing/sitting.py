"""One sitting in which one envelope is opened early: who must be there, for which number, and why. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from panel.kernel.encoding import digest_of
from panel.kernel.errors import Invalid
from panel.kernel.ids import Number, OpeningId
from panel.sealed.vault.sharing import Seat, Side


class Ground(StrEnum):
    """What a single name may be opened for."""

    LIFE = "life"
    FRAUD = "fraud"


class NotEnough(Invalid):
    """Fewer are in the room than the rules ask for."""

    sentence = "Not enough people have typed their passphrase."


class WrongAtSitting(Invalid):
    """Passphrases that did not open their keys; `details` are pairs of a seat and what to say, divided by a bar."""

    sentence = "A passphrase is wrong. Nothing was opened."

    @property
    def by_seat(self) -> dict[str, str]:
        """What to say, by seat."""
        return dict(detail.split("|", 1) for detail in self.details)


class NoSuchNumber(Invalid):
    """No submission of the board has the number."""

    sentence = "No application on this board has that number. Check it with the chair."


class SetAsideAlready(Invalid):
    """It was opened early before."""

    sentence = "That application was set aside before. An envelope is opened early only once."


@dataclass(frozen=True)
class Sitting:
    """Who typed a passphrase: by seat, as the log calls seats ("hr 1", "panel 2")."""

    typed: Mapping[str, str] = field(repr=False)

    def demand(self, k: int, asking: Seat) -> None:
        """k custodians, the one who asks among them, and one of the panel. Raises NotEnough."""
        custodians = sum(seat.startswith(f"{Side.HR} ") for seat in self.typed)
        panel = len(self.typed) - custodians
        if custodians < k or not panel or str(asking) not in self.typed:
            raise NotEnough

    def to_json(self) -> str:
        """As a request carries it."""
        return json.dumps(dict(self.typed))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        return cls({str(seat): str(typed) for seat, typed in json.loads(text).items()})


def reason_digest(opening: OpeningId, number: Number, ground: str, reason: str) -> bytes:
    """What the log keeps of a reason: with the random id of the opening, nobody can test a guess at its words."""
    return digest_of({"opening": str(opening), "number": int(number), "ground": ground, "reason": reason})
