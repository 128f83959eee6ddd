"""What every move of a board demands, fact by fact."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from panel.blind.training.seeds import Need
from panel.board.lifecycle import MOVES, Fact, Readiness, Stage
from panel.board.policy import Policy
from panel.named.intake import closing
from panel.named.setup import readiness
from panel.named.setup.readiness import Closed, People
from tests.named.setup.policies import complete

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
PEOPLE = People(chairs=1, deputies=1, markers=4, custodians=3)
KEYS = Fact("keyholders", met=True, sentence="Every keyholder has proved a key.")
CLOSED = Closed(
    submissions=12,
    scrubbed_on=date(2027, 3, 1),
    backups_destroyed_on=date(2027, 3, 1),
    acknowledged_on=None,
    qualified=4,
    texts_open=0,
    leaders_left=2,
)


def opening(
    policy: Policy | None = None, people: People = PEOPLE, *, described: bool = True, hours: int = 1
) -> Readiness:
    return readiness.opening(
        policy or complete(),
        described=described,
        people=people,
        deadline=NOW + timedelta(hours=hours),
        now=NOW,
        keyholders=[KEYS],
    )


def keys(ready: Readiness) -> set[str]:
    return {fact.key for fact in ready.facts}


def missing(ready: Readiness) -> list[str]:
    return [fact.sentence for fact in ready.missing]


@pytest.mark.parametrize(
    ("start", "to", "ready"),
    [
        (Stage.DRAFT, Stage.OPEN, opening()),
        (Stage.OPEN, Stage.CLOSED, closing.readiness(NOW, NOW)),
        (Stage.CLOSED, Stage.MARKING, readiness.marking(complete(), CLOSED, ())),
        (Stage.MARKING, Stage.MODERATION, readiness.moderation(waiting=0, texts=0, clashes=())),
        (Stage.MODERATION, Stage.LOCKED, readiness.locking(unsettled=0, clashes=())),
    ],
)
def test_every_demand_of_the_move_is_looked_at_and_met(start: Stage, to: Stage, ready: Readiness) -> None:
    assert MOVES[start, to].demands <= keys(ready)
    assert missing(ready) == []


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        (replace(PEOPLE, chairs=0), "Appoint the chair."),
        (replace(PEOPLE, deputies=0), "Appoint at least one deputy."),
        (replace(PEOPLE, markers=3), "Appoint at least 4 panel members, one more than mark each answer: there are 3."),
        (replace(PEOPLE, custodians=4), "The rules say 3 custodians: there are 4."),
        (replace(PEOPLE, clashes=("Somebody is both.",)), "Somebody is both."),
    ],
)
def test_opening_says_who_is_missing(people: People, sentence: str) -> None:
    assert missing(opening(people=people)) == [sentence]


def test_opening_says_what_the_rules_lack() -> None:
    assert missing(opening(replace(complete(), rank=""))) == ["Enter the rank applied for."]


def test_opening_wants_descriptors_and_a_deadline_ahead() -> None:
    assert len(missing(opening(described=False))) == 1
    assert missing(opening(hours=0)) == ["Set a deadline that lies ahead."]


def test_opening_takes_the_keyholder_facts_it_is_given() -> None:
    unproved = Fact("keyholders", met=False, sentence="A custodian has not proved a key.")
    ready = readiness.opening(
        complete(), described=True, people=PEOPLE, deadline=NOW + timedelta(1), now=NOW, keyholders=[unproved]
    )
    assert missing(ready) == [unproved.sentence]


@pytest.mark.parametrize(("deadline", "met"), [(None, False), (NOW, True), (NOW + timedelta(seconds=1), False)])
def test_closing_waits_for_the_deadline(deadline: datetime | None, met: bool) -> None:
    assert closing.readiness(deadline, NOW).complete is met


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"scrubbed_on": None}, "scrubbed"),
        ({"backups_destroyed_on": None}, "backups"),
        ({"qualified": 3}, "qualified"),
        ({"texts_open": 1}, "texts"),
        ({"submissions": 4}, "few"),
        ({"submissions": 0, "acknowledged_on": NOW.date()}, "few"),
        ({"leaders_left": 0}, "leader_free"),
    ],
)
@pytest.mark.leak("L67")
def test_marking_waits_for_each_fact(change: dict[str, object], key: str) -> None:
    ready = readiness.marking(complete(), replace(CLOSED, **change), ())  # type: ignore[arg-type]
    assert [fact.key for fact in ready.missing] == [key]


def test_few_submissions_are_enough_once_acknowledged() -> None:
    few = replace(CLOSED, submissions=3, acknowledged_on=date(2027, 3, 2))
    assert readiness.marking(complete(), few, ()).complete


def test_later_moves_wait_for_marks_and_scores_and_duties() -> None:
    assert missing(readiness.moderation(waiting=7, texts=0, clashes=())) == ["Wait for the marks still owed: 7."]
    flagged = missing(readiness.moderation(waiting=0, texts=2, clashes=()))
    assert flagged == ["The chair or a deputy must settle the text checks still open: 2."]
    assert missing(readiness.locking(unsettled=2, clashes=("Both.",))) == [
        "Agree a score for the answers still open: 2.",
        "Both.",
    ]


def test_seeds_are_asked_for_where_the_rules_use_them() -> None:
    plain = readiness.marking(complete(), CLOSED, ())
    assert "seeds" not in {fact.key for fact in plain.facts}
    for written, met in ((1, False), (2, True)):
        need = Need(complete().criteria[0], written, 2)
        ready = readiness.marking(complete(), replace(CLOSED, seeds=(need,)), ())
        assert [fact.met for fact in ready.facts if fact.key == "seeds"] == [met]
        assert ready.complete is met


@pytest.mark.parametrize(("paused", "facts"), [(None, []), (0, [True]), (1, [False])])
def test_moderation_waits_for_whoever_is_paused(paused: int | None, facts: list[bool]) -> None:
    ready = readiness.moderation(waiting=0, texts=0, clashes=(), paused=paused)
    assert [fact.met for fact in ready.facts if fact.key == "seeds"] == facts
    assert ready.complete is all(facts)
