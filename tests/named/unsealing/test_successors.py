"""Who may take a seat over: appointed by HR, apart from every other duty, with a key of her own that is in the log."""

import pytest

from panel.access import service as access
from panel.access.roles import Role
from panel.blind.moderation.queries import leading
from panel.board.duties import DutiesApart
from panel.board.lifecycle import WrongStage
from panel.board.queries import board as read_board
from panel.kernel.errors import Missing
from panel.named.accounts.home import tasks_on
from panel.named.unsealing import convening, handing_over, service
from panel.named.unsealing.child.hand_over import NotSuccessor
from panel.named.unsealing.child.logged_keys import KeyNotLogged
from panel.named.unsealing.custody_queries import SeatedBefore
from panel.named.unsealing.handing_over import SeatedAlready, WaitingAlready
from panel.named.unsealing.reach import NoSeat
from panel.sealed.vault import queries as vault
from panel.sealed.vault import service as vault_service
from panel.sealed.vault.envelope import KeyPair, fingerprint
from panel.sealed.vault.sharing import Side
from tests.named.unsealing.custodial import roles_of, seat_of
from tests.named.unsealing.stage import Stage
from tests.named.unsealing.succession import (
    appointed,
    enrolled,
    hand_over,
    hired,
    prove_seat,
    recover,
    successor,
)
from tests.named.unsealing.visitor import Visitor, plain

pytestmark = pytest.mark.vault("V16")


def test_who_has_not_proved_a_key_takes_no_seat(locked: Stage) -> None:
    new = appointed(locked)
    with pytest.raises(NotSuccessor):
        hand_over(locked, locked.people.custodians[0], new)
    assert roles_of(locked, locked.people.custodians[0]) == {Role.CUSTODIAN}


def test_nobody_takes_a_seat_of_the_other_side_or_without_a_part(locked: Stage) -> None:
    leaver, deputy = locked.people.custodians[0], successor(locked, Side.PANEL)
    for other in (deputy, locked.people.custodians[1], locked.people.chair, locked.people.markers[0], locked.people.hr):
        with pytest.raises(NotSuccessor):
            hand_over(locked, leaver, other)
    assert seat_of(locked, leaver) is not None


@pytest.mark.vault("V06")
def test_a_successors_key_that_was_never_logged_receives_no_share(locked: Stage) -> None:
    leaver, new = locked.people.custodians[0], successor(locked)
    public = KeyPair.from_seed(bytes(32)).public
    locked.spoil(
        "UPDATE {sealed.keyholder} SET public_key = :public, fingerprint = :print WHERE account = :account",
        public=public,
        print=fingerprint(public),
        account=bytes(new.account),
    )
    with pytest.raises(KeyNotLogged):
        hand_over(locked, leaver, new)
    assert seat_of(locked, leaver) is not None


def test_duties_apart_hold_for_successors(locked: Stage) -> None:
    people = locked.people
    for side, member in (
        (Side.HR, people.candidates[0]),
        (Side.HR, people.markers[0]),
        (Side.HR, people.auditor),
        (Side.PANEL, people.markers[0]),
        (Side.PANEL, people.hr),
        (Side.PANEL, people.candidates[1]),
    ):
        with pytest.raises(DutiesApart):
            appointed(locked, side, member)
    for member in (people.custodians[0], people.deputy):
        with pytest.raises(SeatedAlready):
            appointed(locked, Side.HR, member)


def test_one_successor_waits_on_a_side_and_can_be_removed(locked: Stage) -> None:
    first = appointed(locked)
    with pytest.raises(WaitingAlready):
        appointed(locked, member=hired(locked, "Toni Third"))
    appointed(locked, Side.PANEL, hired(locked, "Pat Panel"))
    with locked.database.writing() as db:
        handing_over.dismiss_successor(db, locked.acting(locked.people.hr), locked.board, first.account)
    assert roles_of(locked, first) == set()
    hr, seated = locked.acting(locked.people.hr), locked.people.custodians[0].account
    with locked.database.writing() as db, pytest.raises(Missing):
        handing_over.dismiss_successor(db, hr, locked.board, seated)


def test_no_successor_for_a_draft_or_once_the_names_are_open(drafted: Stage) -> None:
    with pytest.raises(WrongStage):
        appointed(drafted)


@pytest.mark.vault("V05")
@pytest.mark.parametrize("side", list(Side))
def test_who_waits_for_a_seat_has_no_right_of_the_part_that_comes_with_it(locked: Stage, side: Side) -> None:
    new = successor(locked, side)
    waits = {Side.HR: Role.NEXT_CUSTODIAN, Side.PANEL: Role.NEXT_LEADER}[side]
    assert roles_of(locked, new) == {waits}
    person, visitor, board = locked.acting(new), Visitor.of(locked, new), locked.board
    for address in (
        *(f"/panel/{board}/{page}" for page in ("merit", "moderation", "texts", "marking")),
        *(f"/boards/{board}/{page}" for page in ("ceremony", "ceremony/open", "ceremony/release", "early", "lock")),
        *(f"/boards/{board}{page}" for page in ("", "/custody", "/custody/hand-over", "/share", "/ceremony/abort")),
        f"/oversight/{board}/record",
    ):
        assert visitor.get(address).status_code == 404, address
    locked.begin()
    with pytest.raises(NoSeat):
        locked.release(new)
    with locked.database.writing() as db, pytest.raises(Missing):
        convening.abort(db, person, board)
    with locked.database.writing() as db, pytest.raises(Missing):
        leading(db, board, person)
    with pytest.raises(Missing):
        prove_seat(locked, new)
    with locked.database.reading() as db:
        offered = [task.address for task in tasks_on(read_board(db, board), frozenset({waits})).tasks]
    assert offered == ["/keyholder"]
    page = visitor.get("/keyholder")
    assert "one is to be handed over to you" in plain(page)
    assert f"/boards/{board}/custody" not in page.text


def test_a_puppet_of_hr_locks_no_marks(moderated: Stage) -> None:
    puppet = appointed(moderated, Side.PANEL)
    with moderated.database.writing() as db, pytest.raises(Missing):
        service.lock(db, moderated.config, moderated.acting(puppet), moderated.board)


@pytest.mark.vault("V05")
def test_nobody_has_two_shares_of_a_board_one_after_the_other(locked: Stage) -> None:
    people = locked.people
    first = successor(locked)
    hand_over(locked, people.custodians[0], first)
    for side in Side:
        with pytest.raises(SeatedBefore):
            appointed(locked, side, people.custodians[0])
    second = enrolled(locked, appointed(locked, member=hired(locked, "Toni Third")))
    hand_over(locked, first, second)
    # nor under another key: an old backup still has what her old one opens
    with locked.database.writing() as db:
        key = vault.keyholder_of(db, first.account)
        assert key is not None
        vault_service.retire(db, key.id)
    for side in Side:
        with pytest.raises(SeatedBefore):
            appointed(locked, side, first)


@pytest.mark.vault("V05")
def test_the_child_too_refuses_who_has_had_a_share(locked: Stage) -> None:
    """Should somebody have been given the part past the verb: she gets no second share."""
    people, gone = locked.people, locked.people.custodians[0]
    hand_over(locked, gone, successor(locked))
    with locked.database.writing() as db:
        access.grant(db, locked.board, gone.account, Role.NEXT_CUSTODIAN)
    with pytest.raises(SeatedBefore):
        hand_over(locked, people.custodians[1], gone)
    with pytest.raises(SeatedBefore):
        recover(locked, people.custodians[1], gone, people.chair)
    with locked.database.writing() as db:
        access.revoke(db, locked.board, gone.account, Role.NEXT_CUSTODIAN)
        access.grant(db, locked.board, gone.account, Role.NEXT_LEADER)
    with pytest.raises(SeatedBefore):
        hand_over(locked, people.deputy, gone)
    assert seat_of(locked, people.custodians[1]) is not None
    assert seat_of(locked, gone) is None
