"""How a board's marking and moderation are conducted. Every rule is off at first: a plain board needs none of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from panel.kernel.encoding import Json


class Sharing(StrEnum):
    """What one marker is given at a time."""

    ANSWER = "answer"
    SUBMISSION = "submission"


class Settling(StrEnum):
    """What happens first to an answer whose marks disagree."""

    DISCUSSION = "discussion"
    FURTHER = "further marker"


@dataclass(frozen=True)
class Conduct:
    """`sharing`: answers are dealt one by one, or all answers of a submission to the same markers.

    `load_cap` is the most tasks one marker is dealt, None for as many as come. `seed_every` slips one seed into about
    that many tasks of a criterion, `repeat_every` one hidden repeat of the marker's own; 0 is none. `settling` says
    whether a further marker marks an answer before the chair settles it. With `pass_line`, submissions whose lowest
    and highest marks fall on both sides of the pass mark are looked at as well. `sample_percent` of the answers whose
    marks agree are looked at too.
    """

    sharing: Sharing = Sharing.ANSWER
    load_cap: int | None = None
    seed_every: int = 0
    repeat_every: int = 0
    settling: Settling = Settling.DISCUSSION
    pass_line: bool = False
    sample_percent: int = 0

    def to_json(self) -> dict[str, Json]:
        """Only what differs from a plain board: what was written before a rule existed keeps its digest."""
        plain = vars(Conduct())
        return {name: value for name, value in vars(self).items() if value != plain[name]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote. Raises TypeError and ValueError."""
        known = dict(data)
        if "sharing" in known:
            known["sharing"] = Sharing(known["sharing"])
        if "settling" in known:
            known["settling"] = Settling(known["settling"])
        return cls(**known)
