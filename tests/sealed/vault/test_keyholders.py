"""One keyholder's key beside another's: slots, attempts and retirement are each her own."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from panel.kernel import clock
from panel.kernel.errors import Missing
from panel.kernel.ids import AccountId, KeyholderId
from panel.sealed.vault import queries, service
from panel.sealed.vault.custody import Kind
from panel.sealed.vault.envelope import fingerprint
from panel.sealed.vault.models import KeyholderRow, SlotRow
from panel.sealed.vault.service import AlreadyEnrolled
from tests.sealed.vault.two_boards import HOUR, NOON, TODAY, Holder, Scene

# what is asked is plain SQL, alike on both engines
pytestmark = [pytest.mark.vault("V04"), pytest.mark.parametrize("engine_kind", ["sqlite"])]


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
