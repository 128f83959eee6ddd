"""Which moves are lawful, who makes them and what they demand: one table, cell by cell."""

from itertools import product

import pytest

from panel.board.lifecycle import CANCELLABLE, MOVES, ORDER, Fact, NotReady, Readiness, Stage, UnlawfulMove, check, move

#: Start, end, who may, what must hold.
LAWFUL = [
    ("draft", "open", {"hr"}, {"policy", "framework", "leaders", "markers", "keyholders", "duties"}),
    ("open", "closed", {"hr"}, {"deadline"}),
    (
        "closed",
        "marking",
        {"hr"},
        {"scrubbed", "backups", "qualified", "texts", "few", "leader_free", "duties"},
    ),
    ("marking", "moderation", {"chair", "deputy"}, {"marked", "texts", "duties"}),
    ("moderation", "locked", {"chair", "deputy"}, {"settled", "duties"}),
    ("locked", "unsealed", {"custodian"}, {"releases"}),
    ("unsealed", "published", {"hr"}, {"feedback"}),
    ("published", "archived", {"hr"}, {"retention"}),
]
CANCELLED_FROM = {"draft", "open", "closed", "marking", "moderation"}
ROLES = ("hr", "marker", "chair", "deputy", "custodian", "auditor", "administrator")


def holding(*keys: str, unmet: str = "") -> Readiness:
    return Readiness(tuple(Fact(key, key != unmet, f"About {key}.") for key in keys))


@pytest.mark.parametrize(("start", "to"), list(product(Stage, Stage)))
def test_each_move_is_lawful_only_as_the_table_says(start: Stage, to: Stage) -> None:
    rows = {(a, b): (who, demands) for a, b, who, demands in LAWFUL}
    rows |= {(a, "cancelled"): ({"hr"}, {"reason"}) for a in CANCELLED_FROM}
    expected = rows.get((start.value, to.value))
    if expected is None:
        with pytest.raises(UnlawfulMove):
            move(start, to)
        return
    found = move(start, to)
    assert (set(found.by), set(found.demands)) == expected


@pytest.mark.parametrize(("start", "to"), list(MOVES))
def test_each_move_is_refused_to_every_other_role(start: Stage, to: Stage) -> None:
    wanted = MOVES[start, to]
    for role in set(ROLES) - wanted.by:
        with pytest.raises(UnlawfulMove):
            check(start, to, role, holding(*wanted.demands))
    for role in wanted.by:
        check(start, to, role, holding(*wanted.demands))


@pytest.mark.parametrize(("start", "to"), list(MOVES))
def test_each_demand_stops_the_move_when_it_does_not_hold_or_was_never_looked_at(start: Stage, to: Stage) -> None:
    wanted = MOVES[start, to]
    role = next(iter(wanted.by))
    for key in wanted.demands:
        with pytest.raises(NotReady) as unmet:
            check(start, to, role, holding(*wanted.demands, unmet=key))
        assert unmet.value.details == (f"About {key}.",)
        with pytest.raises(NotReady):
            check(start, to, role, holding(*(wanted.demands - {key})))


def test_stages_only_move_forward() -> None:
    assert all(ORDER.index(to) == ORDER.index(start) + 1 for start, to in MOVES)
    assert {stage.value for stage in CANCELLABLE} == CANCELLED_FROM


def test_a_cancelled_board_has_reached_nothing() -> None:
    assert not any(Stage.CANCELLED.reached(stage) for stage in ORDER)
    assert Stage.LOCKED.reached(Stage.OPEN)
    assert not Stage.OPEN.reached(Stage.LOCKED)


@pytest.mark.leak("L98")
def test_no_stage_knows_the_time() -> None:
    from panel.board import lifecycle  # noqa: PLC0415 - its names are what is looked at

    assert not {"clock", "datetime", "time", "date"} & set(vars(lifecycle))
