"""Who marks which answer."""

from collections import Counter
from collections.abc import Mapping
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel.blind.allocation.assignment import UNMARKED, Assignment, assign, place
from panel.blind.allocation.balance import Answer
from panel.blind.allocation.lots import lot, reading_order
from panel.blind.allocation.overlap import parts
from panel.kernel.ids import MarkerId, SubmissionRef

DRAW = bytes(range(32))


def refs_of(count: int) -> list[SubmissionRef]:
    return [SubmissionRef(lot(DRAW, b"ref", n.to_bytes(4, "big"))[:16]) for n in range(count)]


def markers_of(count: int) -> list[MarkerId]:
    return [MarkerId(lot(DRAW, b"marker", n.to_bytes(4, "big"))[:16]) for n in range(count)]


def criteria_of(count: int) -> list[str]:
    return [f"criterion-{n}" for n in range(count)]


def loads(assignment: Assignment, panel: list[MarkerId]) -> Counter[MarkerId]:
    return Counter(dict.fromkeys(panel, 0)) + Counter(
        marker for markers in assignment.markers.values() for marker in markers
    )


Exclusions: TypeAlias = dict[SubmissionRef, set[MarkerId]]
Shape: TypeAlias = tuple[list[SubmissionRef], list[str], list[MarkerId], Exclusions, int]
draws = st.binary(min_size=32, max_size=32)


@st.composite
def boards(draw: st.DrawFn) -> Shape:
    refs, panel = refs_of(draw(st.integers(1, 9))), markers_of(draw(st.integers(1, 7)))
    pairs = draw(st.sets(st.tuples(st.sampled_from(refs), st.sampled_from(panel)), max_size=12))
    barred: Exclusions = {}
    for ref, marker in pairs:
        barred.setdefault(ref, set()).add(marker)
    return refs, criteria_of(draw(st.integers(1, 4))), panel, barred, draw(st.integers(1, 4))


@settings(max_examples=120, deadline=None)
@given(boards(), draws)
def test_every_answer_gets_its_markers_and_exclusions_hold(board: Shape, draw: bytes) -> None:
    refs, criteria, panel, barred, per_answer = board
    given_out = assign(refs, criteria, panel, barred, per_answer=per_answer, draw=draw)
    assert set(given_out.markers) == {(ref, criterion) for ref in refs for criterion in criteria}
    lacking = []
    for (ref, _criterion), markers in given_out.markers.items():
        assert len(set(markers)) == len(markers)
        assert not barred.get(ref, set()) & set(markers)
        free = len(set(panel) - barred.get(ref, set()))
        assert len(markers) == min(per_answer, free)
        lacking.append(per_answer - len(markers))
    assert sum(count * answers for count, answers in given_out.shortfall.lacks) == sum(lacking)


@settings(max_examples=120, deadline=None)
@given(boards(), draws)
def test_no_other_assignment_has_a_lighter_heaviest_marker(board: Shape, draw: bytes) -> None:
    refs, criteria, panel, barred, per_answer = board
    heaviest = max(
        loads(assign(refs, criteria, panel, barred, per_answer=per_answer, draw=draw), panel).values(), default=0
    )
    free = {ref: len(set(panel) - barred.get(ref, set())) for ref in refs}
    demand = {(ref, criterion): min(per_answer, free[ref]) for ref in refs for criterion in criteria}
    assert heaviest == 0 or not fits(demand, panel, barred, heaviest - 1)


def fits(demand: Mapping[Answer, int], panel: list[MarkerId], barred: Exclusions, most: int) -> bool:
    """By a textbook maximum flow: whether everything can be placed with at most `most` answers a marker."""
    holding: dict[MarkerId, list[Answer]] = {marker: [] for marker in panel}
    on: dict[Answer, set[MarkerId]] = {answer: set() for answer in demand}

    def seat(answer: Answer, seen: set[MarkerId]) -> bool:
        for marker in panel:
            if marker in seen or marker in on[answer] or marker in barred.get(answer[0], ()):
                continue
            seen.add(marker)
            if len(holding[marker]) < most:
                holding[marker].append(answer)
                on[answer].add(marker)
                return True
            for other in list(holding[marker]):
                on[other].discard(marker)
                holding[marker].remove(other)
                if seat(other, seen):
                    holding[marker].append(answer)
                    on[answer].add(marker)
                    return True
                holding[marker].append(other)
                on[other].add(marker)
        return False

    return all(seat(answer, set()) for answer, wanted in demand.items() for _ in range(wanted))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(1, 6), st.integers(1, 12), st.integers(1, 4), draws)
def test_without_exclusions_loads_differ_by_at_most_one(
    candidates: int, criteria: int, markers: int, per_answer: int, draw: bytes
) -> None:
    assignment = assign(
        refs_of(candidates), criteria_of(criteria), markers_of(markers), {}, per_answer=per_answer, draw=draw
    )
    assert assignment.spread <= 1


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 8), st.integers(1, 6), st.integers(2, 12), st.integers(2, 3), draws)
def test_panel_is_joined_by_shared_answers_wherever_there_are_enough_of_them(
    candidates: int, criteria: int, markers: int, per_answer: int, draw: bytes
) -> None:
    assignment = assign(
        refs_of(candidates), criteria_of(criteria), markers_of(markers), {}, per_answer=per_answer, draw=draw
    )
    at_work = {marker for share in assignment.markers.values() for marker in share}
    if candidates * criteria * (min(per_answer, markers) - 1) >= len(at_work) - 1:
        assert len(parts(assignment.markers.values())) == 1


@settings(max_examples=40, deadline=None)
@given(boards(), draws)
def test_same_draw_gives_the_same_assignment_in_whatever_order_things_come(board: Shape, draw: bytes) -> None:
    refs, criteria, panel, barred, per_answer = board
    once = assign(refs, criteria, panel, barred, per_answer=per_answer, draw=draw)
    again = assign(refs[::-1], criteria, panel[::-1], dict(reversed(barred.items())), per_answer=per_answer, draw=draw)
    assert once.markers == again.markers


def test_another_draw_gives_another_assignment() -> None:
    refs, criteria, panel = refs_of(20), criteria_of(3), markers_of(6)
    once, again = (assign(refs, criteria, panel, {}, per_answer=3, draw=draw) for draw in (DRAW, DRAW[::-1]))
    assert once.markers != again.markers


@pytest.mark.leak("L42")
def test_each_of_two_hundred_exclusions_is_hidden_among_three_unmarked_submissions() -> None:
    refs, panel = refs_of(200), markers_of(12)
    barred = {ref: {panel[n % 12]} for n, ref in enumerate(refs)}
    met = assign(refs, criteria_of(6), panel, barred, per_answer=3, draw=DRAW).marked()
    assert all(len(refs) - len(met[marker]) >= UNMARKED for marker in panel)


@pytest.mark.leak("L42")
@pytest.mark.parametrize(("candidates", "criteria", "markers"), [(24, 6, 4), (30, 4, 6), (200, 8, 4)])
def test_an_exclusion_is_hidden_where_every_marker_would_otherwise_meet_every_submission(
    candidates: int, criteria: int, markers: int
) -> None:
    refs, panel = refs_of(candidates), markers_of(markers)
    barred = {refs[0]: {panel[0]}, refs[1]: {panel[1]}}
    assignment = assign(refs, criteria_of(criteria), panel, barred, per_answer=3, draw=DRAW)
    met = assignment.marked()
    assert all(len(refs) - len(met[marker]) >= UNMARKED for marker in panel[:2])
    assert assignment.spread <= 1
    assert not assignment.shortfall


def test_shortfall_says_how_many_and_never_which() -> None:
    refs, panel = refs_of(5), markers_of(3)
    barred = {refs[0]: set(panel[:2]), refs[1]: {panel[0]}}
    shortfall = assign(refs, criteria_of(2), panel, barred, per_answer=3, draw=DRAW).shortfall
    assert shortfall.lacks == ((1, 2), (2, 2))
    assert shortfall.sentences == ("2 answers lack 1 marker.", "2 answers lack 2 markers.")
    assert shortfall.answers == 4


def test_those_who_carry_less_are_served_first_when_somebody_has_dropped_out() -> None:
    refs, panel = refs_of(6), markers_of(3)
    demand = {(ref, "criterion-0"): 1 for ref in refs}
    placed = place(demand, {}, dict(zip(panel, (4, 1, 1), strict=True)), DRAW)
    assert loads(placed, panel) == Counter({panel[1]: 3, panel[2]: 3})


def test_a_heavy_marker_is_relieved_through_a_chain_of_others() -> None:
    first, second, third = markers_of(3)
    refs = refs_of(9)
    barred = {ref: {third} if n < 6 else {first} for n, ref in enumerate(refs)}
    barred |= {ref: {second, third} for ref in refs[:3]}
    assert assign(refs, ["only"], [first, second, third], barred, per_answer=1, draw=DRAW).spread == 0


@pytest.mark.leak("L108")
def test_reading_orders_differ_between_markers_and_questions_and_stay_put() -> None:
    refs = refs_of(200)
    first, second = markers_of(2)
    orders = [
        reading_order(DRAW, marker, criterion, refs) for marker in (first, second) for criterion in ("one", "two")
    ]
    assert reading_order(DRAW, first, "one", refs[::-1]) == orders[0]
    for n, order in enumerate(orders):
        for other in [*orders[n + 1 :], sorted(refs), refs]:
            assert abs(rank_correlation(order, other)) < 0.3


@pytest.mark.leak("L16")
def test_no_reading_order_follows_the_order_of_submission_or_of_refs() -> None:
    refs = refs_of(200)
    for marker in markers_of(10):
        order = reading_order(DRAW, marker, "one", refs)
        assert sum(a == b for a, b in zip(order, refs, strict=True)) <= 7
        assert abs(rank_correlation(order, sorted(refs))) < 0.3


def rank_correlation(one: list[SubmissionRef], other: list[SubmissionRef]) -> float:
    place_of = {ref: n for n, ref in enumerate(other)}
    squares = sum((n - place_of[ref]) ** 2 for n, ref in enumerate(one))
    return 1 - 6 * squares / (len(one) * (len(one) ** 2 - 1))
