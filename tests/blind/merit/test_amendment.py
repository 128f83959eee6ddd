"""The list as it stands with amendments, beside the locked one that never changes."""

from datetime import date
from fractions import Fraction

import pytest

from panel.blind.merit.amendment import Amendment, Proposal, scores_now, standings
from panel.blind.merit.merit_list import Outcome, Place, merit_list
from panel.board.policy import Criterion, Kind, PassRule, Point, Policy, Scale
from panel.kernel.ids import MarkerId, Number

POLICY = Policy(
    criteria=(Criterion("courage", Kind.VALUE, "Courage", floor=2), Criterion("care", Kind.VALUE, "Care", weight=2)),
    scale=Scale(tuple(Point(n, "", "") for n in range(5))),
    pass_rule=PassRule(Fraction(7)),
)
FIRST, SECOND, THIRD = Number(111111), Number(222222), Number(333333)
LOCKED: tuple[Place, ...] = merit_list(
    POLICY,
    {
        FIRST: {"courage": Fraction(3), "care": Fraction(3)},
        SECOND: {"courage": Fraction(7, 3), "care": Fraction(3)},
        THIRD: {"courage": Fraction(1), "care": Fraction(4)},
    },
)


def amended(seq: int, number: Number, criterion: str, before: Fraction, after: int) -> Amendment:
    return Amendment(
        number=number,
        criterion=criterion,
        before=before,
        after=Fraction(after),
        reason="A slip.",
        decided_by=MarkerId.new(),
        confirmed_by=MarkerId.new(),
        seq=seq,
        on=date(2026, 11, 22),
    )


def test_without_amendments_every_place_stands_as_it_was_locked() -> None:
    assert [each.locked for each in standings(POLICY, LOCKED, ())] == list(LOCKED)
    assert not any(each.moved for each in standings(POLICY, LOCKED, ()))


def test_an_amendment_moves_score_total_rank_and_outcome_beside_the_locked_ones() -> None:
    found = standings(POLICY, LOCKED, [amended(1, THIRD, "courage", Fraction(1), 2)])
    assert [each.locked for each in found] == list(LOCKED)
    third = next(each for each in found if each.locked.number == THIRD)
    assert (third.locked.outcome, third.now.outcome) == (Outcome.NOT_PASSED, Outcome.PASSED)
    assert (third.locked.total, third.now.total) == (Fraction(9), Fraction(10))
    assert (third.locked.rank, third.now.rank) == (3, 1)
    assert [each.now.rank for each in found if each.locked.number != THIRD] == [2, 3]


def test_an_amended_score_is_exact_and_leaves_the_others_their_fractions() -> None:
    found = standings(POLICY, LOCKED, [amended(1, SECOND, "care", Fraction(3), 4)])
    second = next(each.now for each in found if each.locked.number == SECOND)
    assert second.scores == {"courage": Fraction(7, 3), "care": Fraction(4)}
    assert second.total == Fraction(31, 3)


def test_a_later_amendment_of_the_same_score_counts_whatever_the_order_they_are_read_in() -> None:
    both = [amended(2, FIRST, "care", Fraction(4), 1), amended(1, FIRST, "care", Fraction(3), 4)]
    assert scores_now(LOCKED, both)[FIRST]["care"] == 1


@pytest.mark.parametrize("changed", ["after", "reason", "decided_by"])
def test_a_page_names_the_very_proposal_it_showed(changed: str) -> None:
    before = {"after": Fraction(4), "reason": "A slip.", "decided_by": MarkerId(bytes(16))}
    after = {"after": Fraction(1), "reason": "Another.", "decided_by": MarkerId(b"\x01" * 16)}
    first = Proposal(FIRST, "care", Fraction(3), **before)  # type: ignore[arg-type]
    second = Proposal(FIRST, "care", Fraction(3), **(before | {changed: after[changed]}))  # type: ignore[arg-type]
    assert first.seen != second.seen
    assert first.seen == Proposal(FIRST, "care", Fraction(3), **before).seen  # type: ignore[arg-type]
