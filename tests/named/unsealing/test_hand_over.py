"""A seat passes to a successor: one share moves, none is combined, and from then on the new keyholder sits there."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from panel.access.roles import Role
from panel.audit import heads
from panel.audit import queries as audit
from panel.audit.heads import Signer
from panel.audit.service import append
from panel.board.lifecycle import Stage as BoardStage
from panel.board.lifecycle import WrongStage
from panel.kernel.errors import Missing
from panel.kernel.ids import KeyholderId
from panel.named.accounts.models import Outgoing
from panel.named.intake.queries import shown_to_candidates
from panel.named.unsealing.ceremony import Act
from panel.named.unsealing.child import release as releasing
from panel.named.unsealing.child.checks import NoCeremony
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.child.room import Room
from panel.named.unsealing.founding import Founding
from panel.named.unsealing.reach import NoSeat
from panel.playing.company import Member
from panel.sealed.vault import queries as vault
from panel.sealed.vault.custody import WrongPassphrase
from panel.sealed.vault.envelope import fingerprint
from panel.sealed.vault.models import ReleaseRow
from panel.sealed.vault.opening import Unsound
from panel.sealed.vault.sharing import Side
from tests.named.unsealing.custodial import roles_of, seat_of
from tests.named.unsealing.stage import CANDIDATES, Stage
from tests.named.unsealing.succession import (
    appointed,
    enrolled,
    hand_over,
    hired,
    prove_seat,
    successor,
)

pytestmark = pytest.mark.vault("V16")


def shown(stage: Stage) -> dict[str, tuple[str, ...]]:
    with stage.database.reading() as db:
        return dict(shown_to_candidates(db, stage.board))


def releases(stage: Stage) -> int:
    with stage.database.reading() as db:
        return len(list(db.scalars(select(ReleaseRow.from_seat).order_by(ReleaseRow.from_seat))))


def unsealed_by(stage: Stage, leader: Member, *custodians: Member) -> None:
    """The whole ceremony by these people, to the names."""
    stage.begin(custodians[0])
    stage.release(leader)
    acts = [stage.release(custodian) for custodian in custodians]
    assert acts[-1] is Act.FINISH
    assert len(stage.revealed()) == CANDIDATES
    assert stage.progress().stage is BoardStage.UNSEALED


def test_a_custodian_hands_her_seat_over_and_the_others_open_the_names_with_her_successor(locked: Stage) -> None:
    leaver, new = locked.people.custodians[1], successor(locked)
    before = seat_of(locked, leaver)
    assert before is not None
    hand_over(locked, leaver, new)
    after = seat_of(locked, new)
    assert after is not None
    assert (after.side, after.number) == (before.side, before.number)
    assert seat_of(locked, leaver) is None
    prove_seat(locked, new)
    unsealed_by(locked, locked.people.chair, locked.people.custodians[0], new)


def test_those_who_stayed_open_the_names_without_the_successor(locked: Stage) -> None:
    hand_over(locked, locked.people.custodians[1], successor(locked))
    unsealed_by(locked, locked.people.deputy, locked.people.custodians[2], locked.people.custodians[0])


def test_the_old_keyholder_proves_and_releases_nothing_any_more(locked: Stage) -> None:
    leaver = locked.people.custodians[1]
    person, words = locked.acting(leaver), locked.passphrase(leaver)
    hand_over(locked, leaver, successor(locked))
    with pytest.raises(Missing):
        prove_seat(locked, leaver)
    locked.begin()
    locked.release(locked.people.chair)
    with pytest.raises(NoSeat):
        locked.release(leaver)
    # as if she still had her part, and the web worker asked the child for her
    asked = Request.by(person, "release", "custodian", locked.board, passphrase=words, words=locked.first_words)
    with pytest.raises(NoSeat):
        releasing.release(Room(locked.config, locked.database), asked)
    assert locked.progress().standing.custodians == frozenset()


def test_her_old_row_put_back_is_found_by_the_log(locked: Stage) -> None:
    leaver, new = locked.people.custodians[1], successor(locked)
    with locked.database.reading() as db:
        card = vault.seats_of(db, leaver.account)[locked.board]
    hand_over(locked, leaver, new)
    locked.spoil(
        "UPDATE {sealed.seat} SET keyholder = :old, share_envelope = :share WHERE side = 'hr' AND seat_no = :number",
        old=bytes(card.seat.keyholder),
        share=card.share_envelope,
        number=card.seat.number,
    )
    with pytest.raises(Unsound) as refused:
        locked.begin()
    assert (refused.value.check, refused.value.seats) == ("C4", (str(card.seat),))


def test_an_open_ceremony_ends_and_its_releases_are_gone(locked: Stage) -> None:
    locked.almost()
    assert releases(locked) > 0
    hand_over(locked, locked.people.custodians[2], successor(locked))
    assert releases(locked) == 0
    with pytest.raises(NoCeremony):
        locked.finish()
    assert locked.revealed() == ()
    kinds = [entry.kind for entry in locked.log()]
    assert kinds.index("ceremony.overtaken") < kinds.index("seat.handed_over")
    locked.almost()
    assert locked.finish() is Act.FINISH


def test_a_ceremony_that_a_hand_over_overtook_is_refused_by_c1(locked: Stage) -> None:
    """Should a ceremony ever survive one: the entry alone is enough."""
    leaver, new = locked.people.custodians[2], successor(locked)
    locked.begin()
    with locked.database.writing() as db:
        before = vault.seats_of(db, leaver.account)[locked.board].seat
        key = vault.keyholder_of(db, new.account)
        assert key is not None
        facts = {"side": "hr", "seat": before.number, "from": str(before.keyholder), "keyholder": str(before.keyholder)}
        old = fingerprint(vault.seats_of(db, leaver.account)[locked.board].public_key).hex()
        append(db, locked.board, "seat.handed_over", None, "hr", {**facts, "fingerprint": old})
    with pytest.raises(Unsound) as refused:
        locked.release(locked.people.chair)
    assert refused.value.check == "C1"


def test_the_hand_over_is_logged_and_its_head_signed_and_founding_reads_the_new_seat(locked: Stage) -> None:
    leaver, new = locked.people.custodians[0], successor(locked)
    before = seat_of(locked, leaver)
    assert before is not None
    hand_over(locked, leaver, new)
    entry = locked.log("seat.handed_over")[0]
    with locked.database.reading() as db:
        key = vault.keyholder_of(db, new.account)
        founding = Founding.read(locked.board, audit.entries(db, locked.board))
        signed = audit.signed_heads(db, locked.board)
        assert signed[-1].size == audit.head(db, locked.board).size
        assert heads.faulty(locked.board, signed, Signer.of(locked.config.keys).public) == ()
    assert key is not None
    assert entry.actor == leaver.marker
    assert entry.facts == {
        "by": "leaver",
        "fingerprint": key.fingerprint.hex(),
        "from": str(before.keyholder),
        "keyholder": str(key.id),
        "seat": before.number,
        "side": "hr",
        "witness": None,
    }
    seats = {each.seat: each.fingerprint for each in founding.seats}
    assert seats[replace(before, keyholder=key.id)] == key.fingerprint
    assert before not in seats
    assert len(seats) == 5


def test_a_seat_is_handed_on_again_and_only_by_whom_it_was_given_to(locked: Stage) -> None:
    first = successor(locked)
    hand_over(locked, locked.people.custodians[0], first)
    second = enrolled(locked, appointed(locked, member=hired(locked, "Toni Third")))
    with pytest.raises(Missing):
        hand_over(locked, locked.people.custodians[0], second)
    hand_over(locked, first, second)
    unsealed_by(locked, locked.people.chair, second, locked.people.custodians[1])


def test_a_log_that_hands_over_what_was_not_the_givers_is_refused(locked: Stage) -> None:
    with locked.database.writing() as db:
        stranger = str(KeyholderId.new())
        facts = {"side": "hr", "seat": 1, "from": stranger, "keyholder": stranger, "fingerprint": "00" * 32}
        append(db, locked.board, "seat.handed_over", None, "hr", facts)
    with pytest.raises(Unsound) as refused:
        locked.begin()
    assert refused.value.check == "C2"


def test_her_part_ends_with_the_seat_and_candidates_are_told_of_the_new_custodian(locked: Stage) -> None:
    leaver, new = locked.people.custodians[1], successor(locked)
    assert roles_of(locked, new) == {Role.NEXT_CUSTODIAN}
    assert new.name not in shown(locked)["Custodians"]
    hand_over(locked, leaver, new)
    assert (roles_of(locked, leaver), roles_of(locked, new)) == (set(), {Role.CUSTODIAN})
    assert new.name in shown(locked)["Custodians"]
    assert leaver.name not in shown(locked)["Custodians"]
    with locked.database.reading() as db:
        told = set(db.scalars(select(Outgoing.account).order_by(Outgoing.account)))
    assert {leaver.account, new.account, locked.people.hr.account} <= told
    assert not told & {each.account for each in locked.people.candidates}


def test_who_takes_the_chairs_seat_is_the_chair(locked: Stage) -> None:
    chair, new = locked.people.chair, successor(locked, Side.PANEL)
    assert roles_of(locked, new) == {Role.NEXT_LEADER}
    hand_over(locked, chair, new)
    assert (roles_of(locked, chair), roles_of(locked, new)) == (set(), {Role.CHAIR})
    assert shown(locked)["Chair"] == (new.name,)
    unsealed_by(locked, new, *locked.people.custodians[:2])


def test_a_deputys_successor_is_a_deputy(locked: Stage) -> None:
    new = successor(locked, Side.PANEL)
    hand_over(locked, locked.people.deputy, new)
    assert roles_of(locked, new) == {Role.DEPUTY}
    unsealed_by(locked, new, *locked.people.custodians[:2])


def test_a_seat_passes_long_before_the_lock(drafted: Stage) -> None:
    drafted.season.open()
    leaver, new = drafted.people.custodians[0], successor(drafted)
    hand_over(drafted, leaver, new)
    prove_seat(drafted, new)
    assert len(drafted.log("ceremony.overtaken")) == 0
    assert len(drafted.log("seat.handed_over")) == 1


def test_a_wrong_passphrase_moves_nothing(locked: Stage) -> None:
    leaver, new = locked.people.custodians[0], successor(locked)
    with pytest.raises(WrongPassphrase):
        hand_over(locked, leaver, new, passphrase=locked.passphrase(new))
    assert seat_of(locked, leaver) is not None
    assert locked.log("seat.handed_over") == ()


@pytest.mark.vault("V06")
def test_a_share_that_is_not_the_founded_one_is_not_handed_on(locked: Stage) -> None:
    leaver, new = locked.people.custodians[0], successor(locked)
    locked.spoil(
        "UPDATE {sealed.seat} SET share_envelope = :bad WHERE keyholder = "
        "(SELECT id FROM {sealed.keyholder} WHERE account = :account)",
        bad=bytes(2160),
        account=bytes(leaver.account),
    )
    with pytest.raises(Unsound) as refused:
        hand_over(locked, leaver, new)
    assert refused.value.check == "C5"
    assert locked.log("seat.handed_over") == ()


def test_once_the_board_is_archived_no_seat_moves(locked: Stage) -> None:
    new = successor(locked)
    locked.spoil("UPDATE {open.board} SET stage = 'archived'")
    with pytest.raises(WrongStage):
        hand_over(locked, locked.people.custodians[2], new)
