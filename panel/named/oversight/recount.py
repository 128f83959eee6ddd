"""The merit list computed anew from a record's marks, agreed scores and rules, and compared with the locked one.

Then the list as it stands: the changes are in no table of the record, so its log is what they are read from.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from panel.audit.verifier import Record
from panel.blind.merit.amendment import CONFIRMED, Standing
from panel.blind.merit.merit_list import Outcome, Place, merit_list
from panel.blind.moderation.answers import judge
from panel.board.policy import Policy, parse_ratio, ratio
from panel.kernel.ids import Number
from panel.web.filters import fraction, plural

_Scores = dict[Number, dict[str, Fraction]]


@dataclass(frozen=True)
class Recount:
    """Whether the list that was locked is the list that the rules give, and so with the changes; that as sentences."""

    same: bool
    sentence: str


class Broken(Exception):
    """A list does not follow from what it should follow from; what is wrong as a sentence."""


def recount(file: Path) -> Recount:
    """Count a record that the verifier has found sound."""
    try:
        return Recount(same=True, sentence="\n".join(_told(Record(file, (), (), ()))))
    except Broken as error:
        return Recount(same=False, sentence=f"FAILS  {error}")


def _told(record: Record) -> list[str]:
    """What holds, a line each. A submission without a place was withdrawn or set aside. Raises Broken."""
    policy, leaves = Policy.from_json(json.loads(record.files["policy.json"])), list(map(json.loads, record.leaves))
    counted = _counted(policy, leaves, record)
    left = sum(leaf["leaf"] == "submission" for leaf in leaves) - len(counted)
    without = f" Without a place, since withdrawn or set aside: {left}." if left else ""
    told = f"The merit list of {len(counted)} is the one that the marks, the agreed scores and the rules give."
    return [f"holds  {told}{without}", *_moves(amended(policy, counted, record.log), record.facts(CONFIRMED))]


def _counted(policy: Policy, leaves: Sequence[Mapping[str, Any]], record: Record) -> tuple[Place, ...]:
    """The locked list as the marks give it. Raises Broken if it is another than was locked."""
    locked = [leaf for leaf in leaves if leaf["leaf"] == "place"]
    listed = {Number(place["number"]) for place in locked}
    found = scores(policy, leaves)
    more = unasked(policy, leaves, record.facts)
    if more:
        raise Broken(f"{more} answers have more marks than the rules give, and the log asked for no further one.")
    missing = [number for number in listed if set(found.get(number, ())) != set(policy.keys)]
    if missing:
        raise Broken(f"{len(missing)} places rest on marks that settle nothing.")
    counted = merit_list(policy, {number: each for number, each in found.items() if number in listed})
    if [plain(place) for place in counted] != locked:
        raise Broken("The merit list is not the one that the marks and the rules give.")
    return counted


def amended(policy: Policy, places: Sequence[Place], log: Iterable[Mapping[str, Any]]) -> tuple[Standing, ...]:
    """Every locked place beside the one it has with the changes that a log confirms. Raises Broken.

    Each must begin with the score that then stood, end on the scale, and have been proposed by somebody else.
    """
    now = {place.number: dict(place.scores) for place in places}
    waiting: dict[tuple[Any, Any], Mapping[str, Any]] = {}
    confirmed = 0
    for entry in log:
        facts = entry["facts"]
        key = facts.get("number"), facts.get("criterion")
        if entry["kind"] == "amendment.proposed":
            waiting[key] = facts | {"decided_by": entry["actor"]}
        elif entry["kind"] == "amendment.dropped":
            waiting.pop(key, None)
        elif entry["kind"] == CONFIRMED:
            confirmed += 1
            _demand(facts == {**waiting.pop(key, {}), "seq": confirmed}, confirmed, "is not the one that was proposed")
            _demand(entry["actor"] != facts["decided_by"], confirmed, "was confirmed by the person who proposed it")
            _apply(policy, now, facts)
    stands = {place.number: place for place in merit_list(policy, now)}
    return tuple(Standing(place, stands[place.number]) for place in places)


def unasked(
    policy: Policy, leaves: Iterable[Mapping[str, Any]], facts: Callable[[str], Iterable[Mapping[str, Any]]]
) -> int:
    """How many answers have a further mark that no leader asked for in the log."""
    marks = Counter((leaf["number"], leaf["criterion"]) for leaf in leaves if leaf["leaf"] == "mark")
    more = {answer for answer, count in marks.items() if count > policy.markers_per_answer}
    asked = {(fact["number"], fact["criterion"]) for fact in facts("answer.sent_on")}
    for fact in facts("answers.sent_on"):
        asked.update((number, fact["criterion"]) for number in fact["numbers"])
    return len(more - asked)


def _apply(policy: Policy, now: dict[Number, dict[str, Fraction]], facts: Mapping[str, Any]) -> None:
    number, criterion, after = Number(facts["number"]), facts["criterion"], parse_ratio(facts["after"])
    stood = now.get(number, {}).get(criterion)
    begins = stood is not None and ratio(stood) == facts["before"]
    _demand(begins, facts["seq"], "does not begin with the score that stood")
    _demand(after in policy.scale.scores, facts["seq"], "does not end on the scale")
    now[number][criterion] = after


def _demand(holds: bool, seq: int, otherwise: str) -> None:
    if not holds:
        raise Broken(f"Amendment {seq} {otherwise}.")


def _moves(now: Sequence[Standing], facts: Sequence[Mapping[str, Any]]) -> list[str]:
    """What followed from the changes, a line each; nothing where there are none."""
    if not facts:
        return []
    moved = [each for each in now if (each.locked.rank, each.locked.outcome) != (each.now.rank, each.now.outcome)]
    passed = sum(each.now.outcome is Outcome.PASSED for each in now)
    lines = [
        f"holds  {plural(len(facts), 'amendment')} after the lock, each from the score that then stood.",
        f"       As amended, {passed} of {len(now)} pass; {len(moved)} have another rank or outcome.",
    ]
    lines += [
        f"       {f['number']}, {f['criterion']}: {fraction(parse_ratio(f['before']))} became "
        f"{fraction(parse_ratio(f['after']))}."
        for f in facts
    ]
    return lines + [f"       {each.locked.number}: {_place(each.locked)}, became {_place(each.now)}." for each in moved]


def _place(place: Place) -> str:
    return f"rank {place.rank}, {place.outcome.label.lower()}"


def scores(policy: Policy, leaves: Iterable[Mapping[str, Any]]) -> _Scores:
    """The exact score of every settled answer, by number and criterion."""
    marks: dict[tuple[Number, str], list[int]] = defaultdict(list)
    agreed: dict[tuple[Number, str], int] = {}
    for leaf in leaves:
        if leaf["leaf"] == "mark":
            marks[Number(leaf["number"]), leaf["criterion"]].append(leaf["score"])
        elif leaf["leaf"] == "agreed_score":
            agreed[Number(leaf["number"]), leaf["criterion"]] = leaf["score"]
    found: _Scores = defaultdict(dict)
    for (number, criterion), given in marks.items():
        settled = judge(policy, criterion, given).score(agreed.get((number, criterion)))
        if settled is not None:
            found[number][criterion] = settled
    return found


def plain(place: Place) -> dict[str, Any]:
    """A place as the marks root has it."""
    return {
        "leaf": "place",
        "number": place.number,
        "rank": place.rank,
        "outcome": place.outcome.value,
        "total": ratio(place.total),
        "scores": {key: ratio(score) for key, score in place.scores.items()},
    }
