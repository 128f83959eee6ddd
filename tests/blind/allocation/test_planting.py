"""Which seeds and repeats a marker is dealt, and where the lot puts them."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from panel.blind.allocation.lots import lot, reading_order
from panel.blind.allocation.planting import Batch, StandIn, planted
from panel.blind.training.seeds import due
from panel.board.conduct import Conduct
from panel.kernel.ids import MarkerId, ScriptId, SubmissionRef

HER = MarkerId(bytes(16))
draws = st.binary(min_size=32, max_size=32)


def refs_of(count: int) -> list[SubmissionRef]:
    return [SubmissionRef(lot(b"ref", n.to_bytes(4, "big"))[:16]) for n in range(count)]


def scripts_of(count: int) -> list[ScriptId]:
    return [ScriptId(lot(b"script", n.to_bytes(4, "big"))[:16]) for n in range(count)]


def deal(draw: bytes, tasks: int, scripts: int, **conduct: int) -> tuple[StandIn, ...]:
    return planted(draw, Batch(HER, "deciding", refs_of(tasks), tasks), scripts_of(scripts), Conduct(**conduct))


@settings(max_examples=60, deadline=None)
@given(draws, st.integers(1, 40), st.integers(0, 12), st.integers(0, 12))
def test_as_many_as_the_policy_says_and_none_twice(draw: bytes, tasks: int, scripts: int, every: int) -> None:
    found = deal(draw, tasks, scripts, seed_every=every, repeat_every=every)
    seeds = [each.script for each in found if each.script]
    originals = [each.original for each in found if each.original]
    assert len(seeds) == len(set(seeds)) == min(scripts, due(tasks, every))
    assert len(originals) == len(set(originals)) <= due(tasks, every)
    assert set(originals) <= set(refs_of(tasks))
    assert len({each.ref for each in found}) == len(found)
    assert found == deal(draw, tasks, scripts, seed_every=every, repeat_every=every), "another time, another draw"


@settings(max_examples=60, deadline=None)
@given(draws, st.integers(3, 40))
def test_a_repeat_never_stands_beside_its_original(draw: bytes, tasks: int) -> None:
    found = deal(draw, tasks, 0, repeat_every=8)
    order = reading_order(draw, HER, "deciding", [*refs_of(tasks), *(each.ref for each in found)])
    for each in found:
        assert each.original
        assert abs(order.index(each.original) - order.index(each.ref)) > 1


def test_tasks_that_come_later_bring_what_is_then_due_and_nothing_that_was_met() -> None:
    scripts, before = scripts_of(3), deal(bytes(32), 9, 3, seed_every=5)
    met = frozenset(each.script for each in before if each.script)
    assert len(met) == 2
    late = refs_of(12)[9:]
    for total, more in ((10, 0), (11, 1), (15, 1), (40, 1)):
        batch = Batch(HER, "deciding", late[: min(3, total - 9)], total, seeds=met)
        found = planted(bytes(32), batch, scripts, Conduct(seed_every=5))
        assert len(found) == more
        assert not met & {each.script for each in found}


@pytest.mark.leak("L116")
def test_seeds_over_many_boards_lie_anywhere_in_the_queue() -> None:
    places: Counter[int] = Counter()
    for n in range(400):
        draw = lot(b"board", n.to_bytes(4, "big"))
        found = deal(draw, 18, 6, seed_every=9)
        order = reading_order(draw, HER, "deciding", [*refs_of(18), *(each.ref for each in found)])
        places.update(order.index(each.ref) for each in found)
    assert places.total() == 800
    assert chisquare([places[place] for place in range(20)]).pvalue > 0.00001
