"""Whole submissions, load caps, absences, and how far a panel can be compared."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel.blind.allocation import queries, service
from panel.blind.allocation.assignment import assign
from panel.blind.allocation.overlap import overlap, parts
from panel.blind.allocation.service import present
from panel.blind.marking import handover
from panel.board.conduct import Sharing
from panel.kernel.database import Database
from panel.kernel.ids import MarkerId
from tests.blind.allocation.test_assignment import DRAW, Shape, boards, criteria_of, draws, loads, markers_of, refs_of
from tests.blind.scene import Scene
from tests.blind.seeded import policy

WHOLE = Sharing.SUBMISSION


@settings(max_examples=80, deadline=None)
@given(boards(), draws)
def test_whole_submissions_go_to_the_same_markers_within_one_submission(board: Shape, draw: bytes) -> None:
    refs, criteria, panel, barred, per_answer = board
    found = assign(refs, criteria, panel, barred, per_answer=per_answer, draw=draw, sharing=WHOLE)
    assert set(found.markers) == {(ref, criterion) for ref in refs for criterion in criteria}
    for ref in refs:
        shares = {found.markers[ref, criterion] for criterion in criteria}
        assert len(shares) == 1
        assert not barred.get(ref, set()) & set(next(iter(shares)))
    if not barred and per_answer <= len(panel):
        held = loads(found, panel)
        assert max(held.values()) - min(held[marker] for marker in panel) <= len(criteria)
    again = assign(refs[::-1], criteria, panel[::-1], barred, per_answer=per_answer, draw=draw, sharing=WHOLE)
    assert found.markers == again.markers


@settings(max_examples=80, deadline=None)
@given(boards(), draws, st.integers(0, 12), st.sampled_from(Sharing))
def test_nobody_is_dealt_more_than_the_cap_and_no_place_below_it_is_wasted(
    board: Shape, draw: bytes, cap: int, sharing: Sharing
) -> None:
    refs, criteria, panel, barred, per_answer = board
    found = assign(refs, criteria, panel, barred, per_answer=per_answer, draw=draw, sharing=sharing, cap=cap)
    held = loads(found, panel)
    assert max(held.values(), default=0) <= cap
    size = len(criteria) if sharing is WHOLE else 1
    free = {marker for marker in panel if held[marker] + size <= cap}
    for (ref, criterion), markers in found.markers.items():
        if len(markers) < per_answer:
            assert not free - barred.get(ref, set()) - set(markers), (ref, criterion)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 8), st.integers(3, 6), st.integers(1, 12), draws)
def test_what_a_cap_leaves_unmarked_is_spread_over_the_answers(refs: int, panel: int, cap: int, draw: bytes) -> None:
    found = assign(refs_of(refs), criteria_of(3), markers_of(panel), {}, per_answer=3, draw=draw, cap=cap)
    marked = [len(markers) for markers in found.markers.values()]
    assert max(marked) - min(marked) <= 1


def test_a_cap_that_is_wide_enough_changes_nothing() -> None:
    given_out = [
        assign(refs_of(9), criteria_of(2), markers_of(5), {}, per_answer=3, draw=DRAW, cap=cap) for cap in (None, 11)
    ]
    assert given_out[0].markers == given_out[1].markers


def test_the_overlap_says_how_far_a_panel_can_be_compared() -> None:
    one, two, three, four = markers_of(4)
    apart = overlap([(one, two), (one, two), (three, four)])
    assert (apart.markers, apart.parts, apart.fewest, apart.connected) == (4, 2, 1, False)
    assert "2 groups" in apart.sentences[0]
    joined = overlap([(one, two), (two, three), (three, four), (four,)])
    assert (joined.parts, joined.fewest, joined.connected) == (1, 1, True)
    assert overlap([(one,)]).fewest == 0
    assert overlap([]).sentences == ()


@settings(max_examples=40, deadline=None)
@given(st.integers(4, 9), st.integers(3, 7), st.integers(2, 3), draws, st.sampled_from(Sharing))
def test_panels_with_enough_shared_answers_are_joined_up(
    refs: int, panel: int, per_answer: int, draw: bytes, sharing: Sharing
) -> None:
    found = assign(
        refs_of(refs), criteria_of(3), markers_of(panel), {}, per_answer=per_answer, draw=draw, sharing=sharing
    )
    units = refs if sharing is WHOLE else refs * 3
    if units * (per_answer - 1) >= panel - 1 and units * per_answer >= 2 * panel:
        assert len(parts(found.markers.values())) == 1


def test_an_absent_panel_member_is_dealt_nothing_and_may_come_back_before(database: Database) -> None:
    with database.writing() as db:
        scene = Scene.closed(db)
        away, back = scene.markers[:2]
        for marker in (away, back, away):
            service.absent(db, scene.board_id, marker, scene.hr)
        service.back(db, scene.board_id, back, scene.hr)
        scene.begin()
        assert set(queries.loads(db, scene.board_id)) == set(scene.markers) - {away}


@pytest.mark.parametrize("sharing", Sharing)
def test_whoever_drops_out_hands_on_under_the_same_rules(database: Database, sharing: Sharing) -> None:
    with database.writing() as db:
        scene = Scene.marking(db, policy=policy(sharing=sharing, load_cap=15))
        gone = scene.markers[0]
        handover.relieve(db, scene.board_id, gone, scene.chair, "chair")
        held = queries.loads(db, scene.board_id)
        assert all(load.live <= 15 for load in held.values())
        assert queries.shortfall(db, scene.board).answers == 0
        if sharing is WHOLE:
            met: dict[tuple[MarkerId, bytes], int] = {}
            for marker in scene.markers[1:]:
                for task in scene.tasks(marker):
                    met[marker, task.ref] = met.get((marker, task.ref), 0) + 1
            assert set(met.values()) == {3}


def test_what_a_cap_leaves_unmarked_is_foreseen(database: Database) -> None:
    with database.writing() as db:
        scene = Scene.closed(db, policy=policy(load_cap=8))
        foreseen = queries.foreseen(db, scene.board, present(db, scene.board_id))
        assert foreseen == scene.begin()
        assert foreseen.sentences == ("14 answers lack 1 marker.",)
        assert queries.shortfall(db, scene.board) == foreseen
