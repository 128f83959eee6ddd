"""From opened equality answers to counts, in memory: the answers themselves go no further. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from panel.board.equality import CHARACTERISTICS, DECLINED
from panel.named.monitoring.adverse_impact import Outcome

#: Characteristic → group → how many applied and passed.
Tallies: TypeAlias = Mapping[str, Mapping[str, Outcome]]

_GROUPS: Final = {characteristic.key: characteristic.keys for characteristic in CHARACTERISTICS}
#: The group that is everyone.
TOTAL: Final = "total"


def tallied(people: Iterable[tuple[Mapping[str, str], bool]]) -> Tallies:
    """Count people, each as (her answers, whether she passed). Every listed group appears, if only with zeros.

    An answer that is missing, or not in the list as it stands today, counts as declined.
    """
    listed = tuple(people)
    return {
        characteristic.key: _table(characteristic.key, characteristic.keys, listed)
        for characteristic in CHARACTERISTICS
    }


def group_of(key: str, answers: Mapping[str, str]) -> str:
    """In which group of a characteristic somebody counts."""
    answer = answers.get(key, DECLINED)
    return answer if answer in _GROUPS[key] else DECLINED


def _table(key: str, groups: tuple[str, ...], people: tuple[tuple[Mapping[str, str], bool], ...]) -> dict[str, Outcome]:
    known = [(group_of(key, answers), passed) for answers, passed in people]
    applied = Counter(answer for answer, _ in known)
    passes = Counter(answer for answer, passed in known if passed)
    return {group: Outcome(applied[group], passes[group]) for group in groups}
