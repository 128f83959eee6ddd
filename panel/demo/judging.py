"""How the invented panel members mark: by the answer's quality, each with a leaning of their own, repeatably."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from panel.demo import content
from panel.kernel.encoding import digest
from panel.kernel.ids import MarkerId
from panel.playing.panel import Verdict
from panel.playing.training import off

_LOWEST: Final = 1
_HIGHEST: Final = 5
#: Of 16 marks of one marker: how many lie a point below, a point above and two points off what the answer is worth.
_LEANINGS: Final = (-1, -1, -1, 1, 1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Judge:
    """Knows each answer's quality by its text, and each criterion's name by its key. `strays`: who misjudges seeds."""

    names: Mapping[str, str]
    qualities: Mapping[str, int]
    seeds: Mapping[str, int]
    strays: MarkerId | None

    @classmethod
    def of(cls, names: Mapping[str, str], strays: MarkerId | None = None) -> "Judge":
        """`names`: the names of criteria by their keys."""
        written = [each for name in names.values() for each in content.answers(name)]
        seeds = [content.seeds()[name] for name in names.values()]
        return cls(
            names,
            {_start(each.text): each.quality for each in written},
            {_start(each.answer): each.agreed for each in seeds},
            strays,
        )

    def __call__(self, marker: MarkerId, criterion: str, texts: tuple[str, ...]) -> Verdict:
        """A mark for one answer, with evidence from the pool of its criterion and score."""
        chance = digest(marker + texts[0].encode())
        score = self._score(marker, _start(texts[0]), _LEANINGS[chance[0] % len(_LEANINGS)])
        pool = content.evidence(self.names[criterion], score)
        return Verdict(score, pool[chance[1] % len(pool)])

    def _score(self, marker: MarkerId, start: str, leaning: int) -> int:
        if start not in self.seeds:
            return max(_LOWEST, min(_HIGHEST, self.qualities[start] + leaning))
        agreed = self.seeds[start]
        return off(agreed) if marker == self.strays else agreed


def _start(text: str) -> str:
    return "".join(text.split())[:80]
