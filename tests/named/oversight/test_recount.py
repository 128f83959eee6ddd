"""The list as amended, counted anew from a record's log, and a log whose amendments do not follow."""

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from panel.audit.verifier import Record
from panel.blind.merit import amending
from panel.blind.merit import queries as merit
from panel.blind.merit.amending import Change
from panel.blind.moderation.queries import barred
from panel.blind.submissions import queries as submissions
from panel.board.policy import Policy
from panel.kernel.ids import Number
from panel.named.oversight.recount import Broken, amended, recount, unasked
from panel.named.oversight.service import take_record
from panel.playing.company import Member
from tests.named.unsealing.stage import Stage

pytestmark = [pytest.mark.vault("V20"), pytest.mark.vault("V16")]


def amend(stage: Stage, number: Number, criterion: str, score: int) -> None:
    first, second = leaders(stage, number)
    with stage.database.writing("blind") as db:
        amending.propose(db, stage.board, stage.acting(first), number, criterion, Change(score, "A slip."))
    with stage.database.writing("blind") as db:
        (waiting,) = merit.proposals(db, stage.board)
        amending.confirm(db, stage.board, stage.acting(second), number, criterion, waiting.seen)


def leaders(stage: Stage, number: Number) -> tuple[Member, Member]:
    """Who proposes and who confirms: whoever removed words of it may only confirm."""
    chair, deputy = stage.people.chair, stage.people.deputy
    with stage.database.reading() as db:
        refs = {dealt: ref for ref, dealt in submissions.numbers(db, stage.board).items()}
        return (deputy, chair) if refs[number] in barred(db, stage.board, chair.marker) else (chair, deputy)


def turned(stage: Stage) -> Number:
    """The first on the list loses every score, one of them in two steps; who it is."""
    with stage.database.reading() as db:
        first = merit.merit_list(db, stage.board)[0]
    for criterion in stage.season.policy.keys:
        for score in (2, 1):
            amend(stage, first.number, criterion, score)
    return first.number


def kept(stage: Stage, folder: Path) -> Path:
    with stage.database.writing() as db:
        made = take_record(db, stage.config.keys, stage.board, None, "system")
    (folder / "record.zip").write_bytes(made.to_zip())
    return folder / "record.zip"


def test_the_list_as_amended_is_counted_from_the_log_and_says_who_moved(opened: Stage, tmp_path: Path) -> None:
    number = turned(opened)
    with opened.database.reading() as db:
        standings = {each.locked.number: each for each in merit.standings(db, opened.board)}
    found = recount(kept(opened, tmp_path))
    assert found.same
    count = 2 * len(opened.season.policy.keys)
    assert f"holds  {count} amendments after the lock" in found.sentence
    told = {
        int(line.split(":")[0]): line for line in found.sentence.splitlines() if " rank " in line and "became" in line
    }
    moved = {
        n
        for n, each in standings.items()
        if (each.locked.rank, each.locked.outcome) != (each.now.rank, each.now.outcome)
    }
    assert number in moved
    assert set(told) == moved
    now = standings[number].now
    assert told[number].endswith(f"became rank {now.rank}, {now.outcome.label.lower()}.")


def test_without_amendments_nothing_is_said_of_them(opened: Stage, tmp_path: Path) -> None:
    assert len(recount(kept(opened, tmp_path)).sentence.splitlines()) == 1


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"before": "4/7"}, "does not begin with the score that stood"),
        ({"number": 999_999}, "does not begin with the score that stood"),
        ({"after": "9/7"}, "does not end on the scale"),
        ({"seq": 3}, "is not the one that was proposed"),
        ({"decided_by": "00" * 16}, "is not the one that was proposed"),
    ],
)
def test_amendments_that_do_not_follow_are_told(
    opened: Stage, tmp_path: Path, changed: Mapping[str, Any], told: str
) -> None:
    turned(opened)
    record = Record(kept(opened, tmp_path), (), (), ())
    policy = Policy.from_json(json.loads(bytes(record.files["policy.json"])))
    with opened.database.reading() as db:
        places, standings = merit.merit_list(db, opened.board), merit.standings(db, opened.board)
    assert amended(policy, places, record.log) == standings
    log = [dict(entry) for entry in record.log]
    later = [entry for entry in log if entry["kind"] in {"amendment.proposed", "amendment.confirmed"}][-2:]
    both = {key: value for key, value in changed.items() if key in {"before", "number", "after"}}
    later[0]["facts"] = later[0]["facts"] | both
    later[1]["facts"] = later[1]["facts"] | changed
    with pytest.raises(Broken, match=told):
        amended(policy, places, log)
    assert Fraction(1) in {each.now.scores[policy.keys[0]] for each in standings}


def test_one_person_alone_amends_nothing(opened: Stage, tmp_path: Path) -> None:
    turned(opened)
    record = Record(kept(opened, tmp_path), (), (), ())
    policy = Policy.from_json(json.loads(bytes(record.files["policy.json"])))
    with opened.database.reading() as db:
        places = merit.merit_list(db, opened.board)
    alone = [entry | {"actor": entry["facts"].get("decided_by", entry["actor"])} for entry in record.log]
    with pytest.raises(Broken, match="was confirmed by the person who proposed it"):
        amended(policy, places, alone)


def test_a_mark_beyond_the_rules_counts_only_where_the_log_asked_for_it() -> None:
    leaves = [{"leaf": "mark", "number": 1, "criterion": key} for key in ("a", "a", "b", "b", "b", "c", "c", "c")]
    said = {
        "answer.sent_on": [{"number": 1, "criterion": "b"}],
        "answers.sent_on": [{"criterion": "c", "numbers": [2, 1]}],
    }
    rules = Policy(markers_per_answer=2)
    assert unasked(rules, leaves, lambda kind: said.get(kind, [])) == 0
    assert unasked(rules, leaves, lambda kind: said.get(kind, []) if kind == "answer.sent_on" else []) == 1
    assert unasked(rules, leaves, lambda _kind: []) == 2
