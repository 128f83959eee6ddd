"""The merit list computed anew from a record's marks, agreed scores and rules, and compared with the locked one."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from panel.audit.verifier import Record
from panel.blind.merit.merit_list import Place, merit_list
from panel.blind.moderation.answers import judge
from panel.board.policy import Policy, ratio
from panel.kernel.ids import Number

_Scores = dict[Number, dict[str, Fraction]]


@dataclass(frozen=True)
class Recount:
    """Whether the list that was locked is the list that the rules give, and that as a sentence."""

    same: bool
    sentence: str


def recount(file: Path) -> Recount:
    """Count a record that the verifier has found sound. A submission without a place was withdrawn or set aside."""
    record = Record(file, (), (), ())
    policy = Policy.from_json(json.loads(bytes(record.files["policy.json"])))
    leaves = [json.loads(leaf) for leaf in record.leaves]
    locked = [leaf for leaf in leaves if leaf["leaf"] == "place"]
    listed = {Number(place["number"]) for place in locked}
    found = scores(policy, leaves)
    missing = [n for n in listed if set(found.get(n, ())) != set(policy.keys)]
    if missing:
        return Recount(same=False, sentence=f"FAILS  {len(missing)} places rest on marks that settle nothing.")
    counted = merit_list(policy, {number: each for number, each in found.items() if number in listed})
    if [plain(place) for place in counted] != locked:
        return Recount(same=False, sentence="FAILS  The merit list is not the one that the marks and the rules give.")
    left = len([leaf for leaf in leaves if leaf["leaf"] == "submission"]) - len(locked)
    without = f" Without a place, since withdrawn or set aside: {left}." if left else ""
    told = f"The merit list of {len(locked)} is the one that the marks, the agreed scores and the rules give."
    return Recount(same=True, sentence=f"holds  {told}{without}")


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
