"""Who may take a seat over: appointed by HR, apart from every other duty, with a key of her own that is in the log."""

import pytest

from panel.access.roles import Role
from panel.board.duties import DutiesApart
from panel.board.lifecycle import WrongStage
from panel.kernel.errors import Missing
from panel.named.unsealing import handing_over
from panel.named.unsealing.handing_over import SeatedAlready, WaitingAlready
from panel.named.unsealing.verbs.hand_over import NotSuccessor
from panel.named.unsealing.verbs.logged_keys import KeyNotLogged
from panel.sealed.vault.envelope import KeyPair, fingerprint
from panel.sealed.vault.sharing import Side
from tests.named.unsealing.custodial import roles_of, seat_of
from tests.named.unsealing.stage import Stage
from tests.named.unsealing.succession import (
    appointed,
    hand_over,
    hired,
    successor,
)

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
