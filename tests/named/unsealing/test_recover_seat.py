"""A seat passes without its keyholder: by her recovery code, before HR and a witness who types her own passphrase."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from panel.kernel.errors import Missing
from panel.named.accounts.models import Outgoing
from panel.named.unsealing import handing_over
from panel.named.unsealing.ceremony import Act
from panel.named.unsealing.child.hand_over import NotSuccessor, NotWitness
from panel.named.unsealing.child.room import TooManyWrong
from panel.named.unsealing.reach import NoSeat
from panel.sealed.vault.custody import WrongPassphrase, WrongRecoveryCode
from tests.named.unsealing.custodial import roles_of, seat_of
from tests.named.unsealing.sitting import left, seat
from tests.named.unsealing.stage import CANDIDATES, Stage
from tests.named.unsealing.succession import (
    appointed,
    enrolled,
    prove_seat,
    recover,
    recovery,
    successor,
)

pytestmark = pytest.mark.vault("V16")


def test_without_the_leaver_her_code_and_a_witness_hand_the_seat_over(locked: Stage) -> None:
    leaver, new, witness = locked.people.custodians[1], successor(locked), locked.people.deputy
    recover(locked, leaver, new, witness)
    entry = locked.log("seat.handed_over")[0]
    assert entry.actor == locked.people.hr.marker
    assert (entry.facts["by"], entry.facts["witness"]) == ("recovery", str(witness.marker))
    assert roles_of(locked, leaver) == set()
    locked.begin()
    locked.release(locked.people.chair)
    with pytest.raises(NoSeat):
        locked.release(leaver)
    locked.release(new)
    assert locked.release(locked.people.custodians[0]) is Act.FINISH
    assert len(locked.revealed()) == CANDIDATES


def test_a_witness_is_another_keyholder_of_the_board_with_her_own_passphrase(locked: Stage) -> None:
    leaver, new, people = locked.people.custodians[1], successor(locked), locked.people
    for nobody in (new, people.hr, people.markers[0]):
        with pytest.raises(NotWitness):
            recover(locked, leaver, new, nobody, passphrase=locked.passphrase(people.chair))
    with pytest.raises(NotWitness):
        recover(locked, leaver, new, leaver)
    with pytest.raises(WrongPassphrase):
        recover(locked, leaver, new, people.chair, passphrase=locked.passphrase(people.deputy))
    other = locked.season.passphrases.sheets[people.deputy.account].recovery
    with pytest.raises(WrongRecoveryCode):
        recover(locked, leaver, new, people.chair, code=other)
    assert seat_of(locked, leaver) is not None


def test_without_the_witness_the_code_is_not_even_tried(locked: Stage) -> None:
    leaver, new, people = locked.people.custodians[1], successor(locked), locked.people
    for _ in range(5):
        with pytest.raises(WrongPassphrase):
            recover(locked, leaver, new, people.chair, passphrase=locked.passphrase(people.deputy))
    with pytest.raises(TooManyWrong):
        recover(locked, leaver, new, people.chair)
    assert (left(locked, people.chair), left(locked, leaver)) == (5, 5)
    prove_seat(locked, people.chair)
    refused = locked.log("sitting.refused")
    assert [(each.actor, list(each.facts["seats"])) for each in refused] == [  # type: ignore[call-overload]
        (people.hr.marker, [seat(locked, people.chair)])
    ] * 5
    with locked.database.reading() as db:
        told = set(db.scalars(select(Outgoing.account).order_by(Outgoing.account)))
    assert {each.account for each in people.keyholders} <= told
    prove_seat(locked, leaver)


def test_only_hr_recovers_a_seat_and_never_for_herself(locked: Stage) -> None:
    leaver, new, people = locked.people.custodians[1], successor(locked), locked.people
    asked = recovery(locked, leaver, new, people.chair)
    for member in (people.custodians[0], people.chair, people.auditor):
        with pytest.raises(Missing):
            handing_over.recover_seat(locked.database, locked.config, locked.acting(member), locked.board, asked)
    mine = replace(asked, leaver=people.hr.account)
    with pytest.raises(Missing):
        handing_over.recover_seat(locked.database, locked.config, locked.acting(people.hr), locked.board, mine)
    assert not any(secret in repr(asked) for secret in (asked.code, asked.passphrase))


def test_hr_who_is_to_take_the_seat_cannot_hand_it_to_herself(locked: Stage) -> None:
    people = locked.people
    hr = enrolled(locked, appointed(locked, member=people.hr))
    with pytest.raises(NotSuccessor):
        recover(locked, people.custodians[1], hr, people.chair)
