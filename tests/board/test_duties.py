"""Duties apart: every pair of parts, allowed or refused."""

from itertools import combinations

import pytest

from panel.access.roles import Role
from panel.board.duties import DutiesApart, Part, check, clashes, problems

ALLOWED = {
    frozenset(pair)
    for pair in (
        (Part.HR, Part.CUSTODIAN),
        (Part.HR, Part.ADMINISTRATOR),
        (Part.CUSTODIAN, Part.ADMINISTRATOR),
        (Part.HR, Part.NEXT_CUSTODIAN),
        (Part.NEXT_CUSTODIAN, Part.ADMINISTRATOR),
    )
}


def test_every_role_is_a_part() -> None:
    assert {part.value for part in Part} - {role.value for role in Role} == {"candidate"}


@pytest.mark.parametrize("pair", list(combinations(Part, 2)), ids="-".join)
def test_pair_is_refused_unless_design_allows_it(pair: tuple[Part, Part]) -> None:
    one, other = pair
    if frozenset(pair) in ALLOWED:
        check([one], other)
        check([other], one)
        assert clashes(pair) == ()
        return
    with pytest.raises(DutiesApart):
        check([one], other)
    with pytest.raises(DutiesApart):
        check([other], one)
    assert clashes(pair) == (pair,)


def test_same_part_twice_is_no_clash() -> None:
    check([Part.MARKER], Part.MARKER)


def test_refusal_says_which_two_parts() -> None:
    with pytest.raises(DutiesApart, match=r"is a custodian of this board, and so cannot be the chair too\."):
        check([Part.CUSTODIAN], Part.CHAIR)


def test_problems_of_a_board_are_told_once_each_and_name_nobody() -> None:
    held = [[Part.MARKER, Part.CANDIDATE], [Part.CANDIDATE, Part.MARKER], [Part.HR, Part.CUSTODIAN]]
    assert problems(held) == ("Somebody is a candidate and a panel member. One of the two must end.",)
