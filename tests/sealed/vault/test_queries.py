"""Two boards with keyholders of their own: what is read or done for one of them leaves the other alone."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text, update
from sqlalchemy.orm import Session

from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.kernel import clock
from panel.kernel.encoding import digest
from panel.kernel.errors import Missing
from panel.kernel.ids import AccountId, BoardId, CeremonyId, KeyholderId, SubmissionRef
from panel.sealed.vault import queries, service
from panel.sealed.vault.custody import REHEARSAL, Kind, Slot, lock
from panel.sealed.vault.envelope import FORMAT, KeyPair, fingerprint
from panel.sealed.vault.models import EnvelopeRow, KeyholderRow, SlotRow, VaultRow
from panel.sealed.vault.opening import Vault
from panel.sealed.vault.service import AlreadyEnrolled
from panel.sealed.vault.sharing import Seat, Sharing, Side

# what is asked is plain SQL, alike on both engines
pytestmark = [pytest.mark.vault("V04"), pytest.mark.parametrize("engine_kind", ["sqlite"])]

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
HOUR = int(NOON.timestamp()) // 3600


@dataclass(frozen=True)
class Holder:
    """A keyholder, by a seed of one repeated byte."""

    seed: int
    account: AccountId = field(default_factory=AccountId.new)
    id: KeyholderId = field(default_factory=KeyholderId.new)

    @property
    def public(self) -> bytes:
        return KeyPair.from_seed(bytes([self.seed]) * 32).public

    def slot(self, kind: Kind = Kind.PASSPHRASE) -> Slot:
        return lock(self.id, kind, b"secret", seed=bytes(32), profile=REHEARSAL, pepper=b"")


@dataclass(frozen=True)
class Scene:
    """Board `one` has seats hr 1, hr 2 and panel 1, of which hr 2 is lost; board `other` has hr 1, of `anne`."""

    anne: Holder
    bob: Holder
    gone: Holder
    one: BoardId
    other: BoardId


def envelope(number: int) -> bytes:
    return bytes([number]) * 2160


@pytest.fixture
def scene(db: Session) -> Scene:
    anne, bob, gone = Holder(1), Holder(2), Holder(3)
    made = Scene(anne, bob, gone, *sorted([BoardId.new(), BoardId.new()]))
    for board in (made.one, made.other):
        db.add(BoardRow(id=board, title="Inspector", stage=Stage.OPEN.value, draw=bytes(32)))
    db.flush()
    for holder in (anne, bob, gone):
        service.enrol(db, holder.account, holder.id, holder.public, [holder.slot(kind) for kind in Kind])
    with clock.set_to(NOON):
        found(
            db, made.one, {Seat(Side.HR, 1, anne.id): 1, Seat(Side.PANEL, 1, bob.id): 3, Seat(Side.HR, 2, gone.id): 2}
        )
        found(db, made.other, {Seat(Side.HR, 1, anne.id): 4}, Sharing(3, 4))
    service.retire(db, gone.id)
    return made


def found(db: Session, board: BoardId, shares: dict[Seat, int], sharing: Sharing = Sharing(2, 3)) -> None:  # noqa: B008 - frozen
    pieces = {Side.HR: tuple(bytes([n]) * 32 for n in range(len(sharing.sets))), Side.PANEL: (b"\x09" * 32,)}
    vault = Vault(board, digest(board), Holder(9).public, sharing, pieces)
    service.found(db, vault, {seat: envelope(number) for seat, number in shares.items()})


def keep(db: Session, board: BoardId, *refs: SubmissionRef) -> None:
    for ref in refs:
        db.add(EnvelopeRow(ref=ref, board=board, format=1, sealed=envelope(ref[0])))
    db.flush()


def refs(*numbers: int) -> list[SubmissionRef]:
    return [SubmissionRef(bytes([number]) * 16) for number in numbers]


def at(db: Session, board: BoardId, stage: Stage) -> None:
    db.execute(update(BoardRow).where(BoardRow.id == board).values(stage=stage.value))


def test_a_founding_is_kept_as_it_was(db: Session, scene: Scene) -> None:
    row = db.get(VaultRow, scene.other)
    assert row is not None
    assert (row.format, row.k, row.n, row.founded_on) == (FORMAT, 3, 4, TODAY)
    pieces = {"hr": [f"{n:02x}" * 32 for n in range(6)], "panel": ["09" * 32]}
    assert json.loads(row.piece_digests) == pieces
    assert queries.public_key(db, scene.other) == (Holder(9).public, digest(scene.other))
    assert (queries.quorum(db, scene.one), queries.quorum(db, scene.other)) == (2, 3)
    for ask in (queries.quorum, queries.public_key):
        with pytest.raises(Missing):
            ask(db, BoardId.new())


def test_seats_are_those_of_the_board_custodians_first(db: Session, scene: Scene) -> None:
    cards = queries.seats(db, scene.one)
    assert [(str(card.seat), card.account, card.share_envelope, card.lost) for card in cards] == [
        ("hr 1", scene.anne.account, envelope(1), False),
        ("hr 2", scene.gone.account, envelope(2), True),
        ("panel 1", scene.bob.account, envelope(3), False),
    ]
    assert [card.public_key for card in cards] == [scene.anne.public, scene.gone.public, scene.bob.public]
    assert [card.share_envelope for card in queries.seats(db, scene.other)] == [envelope(4)]
    assert queries.vaults(db) == (scene.one, scene.other)


def test_the_seats_of_a_person_are_her_own(db: Session, scene: Scene) -> None:
    held = queries.seats_of(db, scene.anne.account)
    assert {board: card.share_envelope for board, card in held.items()} == {
        scene.one: envelope(1),
        scene.other: envelope(4),
    }
    assert {*queries.seats_of(db, scene.bob.account)} == {scene.one}


def test_what_is_proved_of_one_seat_is_of_no_other(db: Session, scene: Scene) -> None:
    with clock.set_to(NOON):
        service.mark_seat_proved(db, scene.one, Seat(Side.HR, 1, scene.anne.id))
    assert [card.proved_on for card in queries.seats(db, scene.one)] == [TODAY, None, None]
    assert [card.proved_on for card in queries.seats(db, scene.other)] == [None]


def test_a_seat_handed_over_is_not_yet_proved_and_the_others_stay(db: Session, scene: Scene) -> None:
    for seat in (Seat(Side.HR, 1, scene.anne.id), Seat(Side.PANEL, 1, scene.bob.id)):
        service.mark_seat_proved(db, scene.one, seat)
    new = Holder(5)
    service.enrol(db, new.account, new.id, new.public, [])
    service.reseat(db, scene.one, Seat(Side.HR, 1, new.id), envelope(7))
    assert [(card.account, card.share_envelope, card.proved_on is None) for card in queries.seats(db, scene.one)] == [
        (new.account, envelope(7), True),
        (scene.gone.account, envelope(2), True),
        (scene.bob.account, envelope(3), False),
    ]
    assert [card.account for card in queries.seats(db, scene.other)] == [scene.anne.account]
    for seat in (Seat(Side.HR, 3, new.id), Seat(Side.PANEL, 2, new.id)):
        with pytest.raises(Missing):
            service.reseat(db, scene.one, seat, envelope(7))


def test_a_retired_key_is_nobodys_and_its_owner_may_enrol_again(db: Session, scene: Scene) -> None:
    assert queries.keyholder_of(db, scene.gone.account) is None
    assert {*queries.keyholders(db, [scene.anne.account, scene.gone.account])} == {scene.anne.account}
    assert queries.owners(db, [scene.gone.id, scene.bob.id]) == {scene.gone.account, scene.bob.account}
    again = Holder(6, scene.gone.account)
    service.enrol(db, again.account, again.id, again.public, [])
    known = queries.keyholder_of(db, scene.gone.account)
    assert known is not None
    assert (known.id, known.public_key, known.fingerprint) == (again.id, again.public, fingerprint(again.public))
    assert db.get(KeyholderRow, scene.gone.id) is not None


def test_a_key_counts_as_tried_once_each_of_its_slots_has_opened(db: Session, scene: Scene) -> None:
    def anne() -> tuple[date | None, bool, bool]:
        known = queries.keyholder_of(db, scene.anne.account)
        assert known is not None
        return known.used_on, known.untried, known.proved

    assert anne() == (None, True, False)
    with clock.set_to(NOON - timedelta(days=3)):
        service.mark_used(db, scene.anne.id, Kind.PASSPHRASE)
    assert anne() == (date(2026, 11, 19), True, False)
    with clock.set_to(NOON):
        service.mark_used(db, scene.anne.id, Kind.RECOVERY)
    service.mark_proved(db, scene.anne.id)
    assert anne() == (TODAY, False, True)
    assert [card.used_on for card in queries.seats(db, scene.one)] == [TODAY, None, None]
    bob = queries.keyholder_of(db, scene.bob.account)
    assert bob is not None
    assert (bob.used_on, bob.untried, bob.proved) == (None, True, False)


def test_a_proved_key_is_not_enrolled_anew_and_an_unproved_one_leaves_nothing(db: Session, scene: Scene) -> None:
    db.execute(text("DELETE FROM seat"))
    service.mark_proved(db, scene.anne.id)
    with pytest.raises(AlreadyEnrolled):
        service.enrol(db, scene.anne.account, KeyholderId.new(), Holder(7).public, [])
    again = Holder(8, scene.bob.account)
    service.enrol(db, again.account, again.id, again.public, [again.slot()])
    kept = set(db.scalars(select(SlotRow.keyholder).order_by(SlotRow.id)))
    assert kept == {scene.anne.id, scene.gone.id, again.id}
    assert set(db.scalars(select(KeyholderRow.id).order_by(KeyholderRow.id))) == kept


def test_somebody_has_a_key_as_long_as_one_is_not_retired(db: Session, scene: Scene) -> None:
    assert queries.any_keyholder(db)
    for holder in (scene.anne, scene.bob):
        service.retire(db, holder.id)
    assert not queries.any_keyholder(db)


def test_a_slot_takes_the_place_of_the_earlier_one_of_its_kind_alone(db: Session, scene: Scene) -> None:
    before = {(who.id, kind): queries.slot(db, who.id, kind) for who in (scene.anne, scene.bob) for kind in Kind}
    assert all((each.keyholder, each.kind) == place for place, each in before.items())
    new = scene.anne.slot()
    service.keep_slot(db, new)
    for place, each in before.items():
        assert queries.slot(db, *place) == (new if place == (new.keyholder, new.kind) else each)
    with pytest.raises(Missing):
        queries.slot(db, KeyholderId.new(), Kind.RECOVERY)


@pytest.mark.vault("V14")
def test_attempts_are_each_keyholders_own(db: Session, scene: Scene) -> None:
    assert (service.attempts(db, scene.bob.id), service.attempts(db, KeyholderId.new())) == (0, 0)
    with clock.set_to(NOON):
        service.charge(db, scene.bob.id)
        for _ in range(7):
            service.charge(db, scene.anne.id)
        assert (service.attempts(db, scene.anne.id), service.attempts(db, scene.bob.id)) == (7, 1)
        accounts = (scene.anne.account, scene.bob.account, AccountId.new())
        assert [queries.tries_left(db, account) for account in accounts] == [0, 4, 5]
        service.refund(db, scene.anne.id)
        assert (service.attempts(db, scene.anne.id), service.attempts(db, scene.bob.id)) == (6, 1)
        for _ in range(2):
            service.refund(db, scene.bob.id)
        assert service.attempts(db, scene.bob.id) == 0


@pytest.mark.vault("V14")
def test_the_days_of_too_many_attempts_are_told_once_each_newest_first(db: Session, scene: Scene) -> None:
    def failed(holder: Holder, failures: int, hour: int) -> None:
        values = {"failures": failures, "failed_hour": hour}
        db.execute(update(KeyholderRow).where(KeyholderRow.id == holder.id).values(**values))

    everybody = [each.account for each in (scene.anne, scene.bob, scene.gone)]
    failed(scene.anne, 5, HOUR)
    assert queries.tried_too_often(db, everybody) == ()
    failed(scene.anne, 6, HOUR - 24)
    failed(scene.bob, 6, HOUR)
    assert queries.tried_too_often(db, everybody) == (TODAY, TODAY - timedelta(days=1))
    assert queries.tried_too_often(db, [scene.anne.account]) == (TODAY - timedelta(days=1),)
    failed(scene.gone, 9, HOUR)
    assert queries.tried_too_often(db, everybody) == (TODAY, TODAY - timedelta(days=1))


def test_envelopes_are_those_of_the_board_by_ref(db: Session, scene: Scene) -> None:
    first, second, third = refs(1, 2, 3)
    keep(db, scene.one, third, first)
    keep(db, scene.other, second)
    assert [(each.ref, each.sealed) for each in queries.envelopes(db, scene.one)] == [
        (first, envelope(1)),
        (third, envelope(3)),
    ]
    assert queries.refs(db, scene.one) == {first, third}
    assert queries.envelope_digests(db, scene.one) == {first: digest(envelope(1)), third: digest(envelope(3))}
    assert (queries.count(db, scene.one), queries.count(db, scene.other), queries.count(db, BoardId.new())) == (2, 1, 0)
    assert queries.envelope_digest(db, second) == digest(envelope(2))
    service.discard(db, first)
    assert queries.refs(db, scene.one) | queries.refs(db, scene.other) == {second, third}
    with pytest.raises(Missing):
        queries.envelope_digest(db, first)


def test_envelopes_are_not_rewritten_in_the_order_in_which_they_lay(db: Session, scene: Scene) -> None:
    keep(db, scene.one, *refs(*range(20)))
    keep(db, scene.other, *refs(*range(20, 30)))
    written: list[bytes] = []

    def hear(_connection: Any, _cursor: Any, said: str, rows: Any, *_rest: Any) -> None:
        if said.startswith("INSERT"):
            written.extend(next(bytes(part) for part in row if part != scene.one) for row in rows)

    event.listen(db.get_bind(), "before_cursor_execute", hear)
    service.rewrite(db, scene.one)
    assert sorted(written) == refs(*range(20))
    assert written not in (refs(*range(20)), refs(*range(19, -1, -1)))
    assert queries.count(db, scene.other) == 10


def test_leaves_of_the_close_are_kept_by_ref(db: Session, scene: Scene) -> None:
    first, second, third = refs(1, 2, 3)
    service.keep_leaves(db, scene.one, {})
    assert queries.lodged_leaves(db, scene.one) == {}
    service.keep_leaves(db, scene.one, {third: b"\x03" * 32, first: b"\x01" * 32})
    service.keep_leaves(db, scene.other, {second: b"\x02" * 32})
    assert list(queries.lodged_leaves(db, scene.one).items()) == [(first, b"\x01" * 32), (third, b"\x03" * 32)]


def test_releases_are_those_of_the_ceremony_in_order(db: Session, scene: Scene) -> None:
    held, another = CeremonyId.new(), CeremonyId.new()
    for stage in (Stage.LOCKED, Stage.UNSEALED, Stage.PUBLISHED):
        at(db, scene.one, stage)
        service.release(
            db, scene.one, another, Seat(Side.HR, list(Stage).index(stage) + 1, scene.anne.id), {1: envelope(9)}
        )
    service.release(db, scene.one, held, Seat(Side.PANEL, 1, scene.bob.id), {2: envelope(4), 1: envelope(3)})
    service.release(db, scene.one, held, Seat(Side.HR, 2, scene.gone.id), {1: envelope(2)})
    service.release(db, scene.one, held, Seat(Side.HR, 1, scene.anne.id), {2: envelope(1)})
    told = [(each.side, each.from_seat, each.to_seat, each.envelope) for each in queries.releases(db, held)]
    assert told == [
        (Side.HR, 1, 2, envelope(1)),
        (Side.HR, 2, 1, envelope(2)),
        (Side.PANEL, 1, 1, envelope(3)),
        (Side.PANEL, 1, 2, envelope(4)),
    ]
    assert service.forget_releases(db, held) == 4
    assert (len(queries.releases(db, held)), len(queries.releases(db, another))) == (0, 3)


def test_destroying_a_board_leaves_the_other_whole(db: Session, scene: Scene) -> None:
    first, second = refs(1, 2)
    ceremonies = {scene.one: CeremonyId.new(), scene.other: CeremonyId.new()}
    for board, ref in ((scene.one, first), (scene.other, second)):
        keep(db, board, ref)
        service.keep_leaves(db, board, {ref: b"\x01" * 32})
        at(db, board, Stage.LOCKED)
        service.release(db, board, ceremonies[board], Seat(Side.HR, 1, scene.anne.id), {2: envelope(1)})
    at(db, scene.one, Stage.ARCHIVED)
    service.destroy(db, scene.one)
    left = [
        (len(ask(db, board)), len(queries.releases(db, ceremonies[board])))
        for board in (scene.one, scene.other)
        for ask in (queries.envelopes, queries.seats, queries.lodged_leaves)
    ]
    assert left == [(0, 0)] * 3 + [(1, 1)] * 3
