"""The rules of the ceremony from plain facts: whose turn it is, and what each check compares."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.kernel.encoding import digest, words
from panel.kernel.ids import BoardId, CeremonyId, KeyholderId, Number
from panel.named.unsealing.ceremony import (
    Act,
    AlreadyReleased,
    Ceremony,
    PanelFirst,
    Standing,
    State,
    WrongWords,
    check_words,
    exceptions_text,
)
from panel.sealed.vault.sharing import Seat, Side

ROOT = b"\x02" * 32


def seat(side: Side, number: int) -> Seat:
    return Seat(side, number, KeyholderId.new())


def ceremony(**changes: object) -> Ceremony:
    opened = date(2026, 11, 22)
    parts = {
        "id": CeremonyId.new(),
        "board": BoardId.new(),
        "marks_root": ROOT,
        "head_size": 3,
        "head_root": b"\x03" * 32,
        "exceptions": (),
        "opened_on": opened,
        "expires_on": opened + timedelta(days=7),
        "state": State.OPEN,
    }
    return Ceremony(**{**parts, **changes})  # type: ignore[arg-type]


@given(
    k=st.integers(2, 6),
    custodians=st.frozensets(st.integers(1, 7)),
    panel=st.frozensets(st.integers(1, 3)),
    number=st.integers(1, 7),
)
def test_a_custodian_finishes_exactly_when_panel_and_quorum_are_there(
    k: int, custodians: frozenset[int], panel: frozenset[int], number: int
) -> None:
    act = Standing(k, panel, custodians).act(seat(Side.HR, number))
    enough = bool(panel) and len(custodians - {number}) >= k - 1
    assert (act is Act.FINISH) == enough
    assert (act is Act.RELEASE) == (bool(panel) and not enough and number not in custodians)


@given(custodians=st.frozensets(st.integers(1, 7)), panel=st.frozensets(st.integers(1, 3)), number=st.integers(1, 3))
def test_the_panel_never_finishes_and_releases_once(
    custodians: frozenset[int], panel: frozenset[int], number: int
) -> None:
    act = Standing(2, panel, custodians).act(seat(Side.PANEL, number))
    assert act is (Act.WAIT if panel else Act.RELEASE)


def test_what_is_not_ones_turn_is_refused_with_its_reason() -> None:
    with pytest.raises(PanelFirst):
        Standing(2).demand(seat(Side.HR, 1), Act.RELEASE)
    with pytest.raises(AlreadyReleased):
        Standing(2, frozenset({1})).demand(seat(Side.PANEL, 2), Act.RELEASE)
    with pytest.raises(AlreadyReleased):
        Standing(3, frozenset({1}), frozenset({2})).demand(seat(Side.HR, 2), Act.RELEASE)
    with pytest.raises(PanelFirst):
        Standing(2, frozenset(), frozenset({2})).demand(seat(Side.HR, 1), Act.FINISH)


def test_the_first_two_words_are_enough_in_any_writing() -> None:
    first, second, *_ = words(ROOT)
    for typed in (f"{first} {second}", f" {first.upper()},  {second} "):
        check_words(ROOT, typed)
    for typed in ("", first, f"{second} {first}", f"{first} {second} x", first + second):
        with pytest.raises(WrongWords):
            check_words(ROOT, typed)


def test_a_ceremony_lasts_to_the_end_of_its_seventh_day() -> None:
    held = ceremony()
    assert held.running(held.expires_on)
    assert not held.running(held.expires_on + timedelta(days=1))
    assert not ceremony(state=State.ABORTED).running(held.opened_on)


@pytest.mark.vault("V07")
def test_a_release_is_bound_to_everything_its_ceremony_is_about() -> None:
    held = ceremony()
    changed = [
        held,
        ceremony(id=held.id),
        ceremony(id=held.id, board=held.board, marks_root=bytes(32)),
        ceremony(id=held.id, board=held.board, head_root=bytes(32)),
        ceremony(id=held.id, board=held.board, exceptions=(Number(123456),)),
    ]
    infos = {each.purpose.info(Side.HR, 1, 2) for each in changed} | {held.purpose.info(Side.PANEL, 1, 2)}
    assert len(infos) == 6
    assert held.purpose.exceptions_digest == digest(b"[]")


def test_exceptions_have_one_form_whatever_their_order() -> None:
    assert exceptions_text([Number(200000), Number(100000)]) == b"[100000,200000]"
