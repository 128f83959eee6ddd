"""A key that is lost both ways: given up for good, and what its boards can still do without it."""

from datetime import timedelta

import pytest

from panel.audit import queries as audit
from panel.kernel.errors import Missing
from panel.kernel.ids import SYSTEM
from panel.named.unsealing import keyholding, queries
from panel.named.unsealing.ceremony import Act
from panel.named.unsealing.child.hand_over import NotSuccessor
from panel.named.unsealing.child.logged_keys import KeyNotLogged
from panel.named.unsealing.child.room import NotKeyholder
from panel.named.unsealing.custody_queries import NotOpenable
from panel.named.unsealing.reach import Reach, SeatLost
from panel.sealed.vault import queries as vault
from panel.sealed.vault.custody import WrongPassphrase
from tests.named.unsealing.custodial import posted, retire, run, stands, strength
from tests.named.unsealing.stage import CANDIDATES, Stage
from tests.named.unsealing.succession import hand_over, successor

pytestmark = pytest.mark.vault("V16")
DAY = timedelta(days=1)


def test_a_lost_key_is_retired_and_another_made(locked: Stage) -> None:
    member = locked.people.custodians[0]
    person, old = locked.acting(member), locked.passphrase(member)
    with locked.database.reading() as db:
        key = vault.keyholder_of(db, member.account)
    assert key is not None
    posted(locked)
    retire(locked, member)
    told = {each.account for each in locked.people.keyholders} | {locked.people.hr.account}
    assert posted(locked) == {bytes(each) for each in told - {member.account}}
    with locked.database.reading() as db:
        entry = audit.entries(db, SYSTEM, "keyholder.retired")[0]
    assert entry.facts == {"keyholder": str(key.id), "fingerprint": key.fingerprint.hex()}
    assert stands(locked, member) is Reach.LOST
    with pytest.raises(NotKeyholder):
        keyholding.prove_seat(locked.database, locked.config, person, locked.board, passphrase=old)
    sheet = keyholding.enrol(locked.database, locked.config, person)
    keyholding.prove(locked.database, locked.config, person, passphrase=sheet.passphrase, recovery=sheet.recovery)
    with pytest.raises(WrongPassphrase):
        keyholding.prove(locked.database, locked.config, person, passphrase=old, recovery=sheet.recovery)
    with pytest.raises(SeatLost):
        keyholding.prove_seat(locked.database, locked.config, person, locked.board, passphrase=sheet.passphrase)
    assert stands(locked, member) is Reach.LOST
    with locked.database.reading() as db:
        assert [fact.met for fact in queries.keyholder_facts(db, locked.board)] == [True]


def test_a_key_is_retired_once_and_by_its_holder_alone(locked: Stage) -> None:
    member = locked.people.custodians[0]
    retire(locked, member)
    with locked.database.writing() as db, pytest.raises(NotKeyholder):
        keyholding.retire(db, locked.acting(member))
    with locked.database.writing() as db, pytest.raises(Missing):
        keyholding.retire(db, locked.acting(locked.people.hr))


def test_k_others_still_open_the_names_after_a_loss(locked: Stage) -> None:
    retire(locked, locked.people.custodians[0])
    retire(locked, locked.people.chair)
    assert len(strength(locked).warnings) == 2
    locked.begin(locked.people.custodians[1])
    locked.release(locked.people.deputy)
    locked.release(locked.people.custodians[1])
    assert locked.release(locked.people.custodians[2]) is Act.FINISH
    assert len(locked.revealed()) == CANDIDATES


@pytest.mark.parametrize("side", ["custodians", "panel"])
def test_with_too_many_lost_no_ceremony_opens_and_it_says_so(locked: Stage, side: str) -> None:
    people = locked.people
    for member in people.custodians[:2] if side == "custodians" else (people.chair, people.deputy):
        retire(locked, member)
    assert not strength(locked).openable
    with pytest.raises(NotOpenable) as refused:
        locked.begin(people.custodians[2])
    assert "no name of this board can be opened" in refused.value.message
    assert locked.revealed() == ()
    code, output = run(locked, "custody", str(locked.board))
    assert code == 1
    assert "No name of this board can be opened any more." in output


def test_a_retired_key_put_back_in_the_table_receives_no_share(locked: Stage) -> None:
    leaver, new = locked.people.custodians[0], successor(locked)
    retire(locked, new)
    with pytest.raises(NotSuccessor):
        hand_over(locked, leaver, new)
    locked.spoil("UPDATE {sealed.keyholder} SET state = 'proved' WHERE account = :a", a=bytes(new.account))
    with pytest.raises(KeyNotLogged):
        hand_over(locked, leaver, new)


def test_a_lost_seat_is_handed_to_nobody(locked: Stage) -> None:
    leaver, new = locked.people.custodians[0], successor(locked)
    retire(locked, leaver)
    with pytest.raises(NotKeyholder):
        hand_over(locked, leaver, new)
