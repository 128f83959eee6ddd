"""A keyholder's own key: shown once, proved by both slots, guarded against guessing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from panel.audit import queries as audit
from panel.kernel import clock, keyfiles
from panel.kernel.errors import Misconfigured, Missing
from panel.kernel.ids import SYSTEM
from panel.named.accounts.models import Outgoing
from panel.named.unsealing import keyholding, queries
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.child.room import NotKeyholder, PepperMissing, Room
from panel.named.unsealing.process import in_this_process
from panel.playing.company import Member
from panel.sealed.vault import queries as vault
from panel.sealed.vault.custody import (
    Kind,
    NotWords,
    RecoveryCode,
    WeakSlot,
    WrongPassphrase,
    WrongRecoveryCode,
    WrongSecret,
    new_passphrase,
)
from panel.sealed.vault.envelope import KeyPair, fingerprint
from panel.sealed.vault.models import KeyholderRow, SlotRow
from panel.sealed.vault.service import AlreadyEnrolled, TooManyAttempts
from tests.named.unsealing.stage import Stage


def fresh(drafted: Stage) -> Member:
    """A custodian who has no key yet: the template's are proved, so hers is taken away."""
    member = drafted.people.custodians[0]
    account = bytes(member.account)
    drafted.spoil(
        "DELETE FROM {sealed.slot} WHERE keyholder IN (SELECT id FROM {sealed.keyholder} WHERE account = :a)", a=account
    )
    drafted.spoil("DELETE FROM {sealed.keyholder} WHERE account = :a", a=account)
    return member


def enrol(drafted: Stage, member: Member) -> keyholding.Sheet:
    return keyholding.enrol(drafted.database, drafted.config, drafted.acting(member))


def prove(drafted: Stage, member: Member, passphrase: str, recovery: str) -> None:
    person = drafted.acting(member)
    keyholding.prove(drafted.database, drafted.config, person, passphrase=passphrase, recovery=recovery)


def failures(drafted: Stage, member: Member) -> int:
    with drafted.database.reading() as db:
        return db.scalars(select(KeyholderRow.failures).where(KeyholderRow.account == member.account)).one()


def guess(drafted: Stage, member: Member) -> None:
    """A wrong passphrase of the right form."""
    prove(drafted, member, new_passphrase(), "000G-40R4-0M30-E209-185G-R38E-1W81-24GK-ZJ1Z")


def test_enrolling_shows_words_and_sheet_and_keeps_neither(drafted: Stage) -> None:
    member = fresh(drafted)
    sheet = enrol(drafted, member)
    with drafted.database.reading() as db:
        holder = vault.keyholder_of(db, member.account)
        slots = list(db.scalars(select(SlotRow).order_by(SlotRow.id)))
    assert holder is not None
    assert (holder.state, holder.fingerprint) == ("enrolled", sheet.fingerprint)
    assert not any(sheet.passphrase.encode() in slot.wrapped for slot in slots)
    assert sheet.passphrase not in repr(sheet)
    assert sheet.recovery not in repr(sheet)


def test_the_log_knows_the_fingerprint_from_the_start(drafted: Stage) -> None:
    sheet = enrol(drafted, fresh(drafted))
    with drafted.database.reading() as db:
        logged = [entry.facts["fingerprint"] for entry in audit.entries(db, SYSTEM, "keyholder.enrolled")]
    assert logged[-1] == sheet.fingerprint.hex()


def test_a_key_is_proved_once_both_slots_have_opened(drafted: Stage) -> None:
    member = fresh(drafted)
    sheet = enrol(drafted, member)
    with pytest.raises(WrongRecoveryCode):
        prove(drafted, member, sheet.passphrase, "000G-40R4-0M30-E209-185G-R38E-1W81-24GK-ZJ1Z")
    with drafted.database.reading() as db:
        assert not queries.keyholder_facts(db, drafted.board)[0].met
    prove(drafted, member, sheet.passphrase.upper(), sheet.recovery.lower())
    with drafted.database.reading() as db:
        assert queries.keyholder_facts(db, drafted.board)[0].met


def test_an_unproved_key_may_be_made_again_and_a_proved_one_not(drafted: Stage) -> None:
    member = fresh(drafted)
    first, second = enrol(drafted, member), enrol(drafted, member)
    assert first.fingerprint != second.fingerprint
    with pytest.raises(WrongPassphrase):
        prove(drafted, member, first.passphrase, second.recovery)
    prove(drafted, member, second.passphrase, second.recovery)
    with pytest.raises(AlreadyEnrolled):
        enrol(drafted, member)


def test_only_people_with_such_a_part_become_keyholders(drafted: Stage) -> None:
    for member in (drafted.people.hr, drafted.people.markers[0], drafted.people.candidates[0]):
        with pytest.raises(Missing):
            enrol(drafted, member)
    with pytest.raises(NotKeyholder):
        guess(drafted, fresh(drafted))


@pytest.mark.vault("V14")
def test_the_recovery_code_makes_a_new_passphrase_without_the_pepper(drafted: Stage) -> None:
    member = fresh(drafted)
    sheet = enrol(drafted, member)
    keyfiles.destroy(drafted.config.keys, keyfiles.PEPPER)
    renewed = keyholding.renew(drafted.database, drafted.config, drafted.acting(member), recovery=sheet.recovery)
    assert renewed.fingerprint == sheet.fingerprint
    assert renewed.recovery == ""
    with pytest.raises(WrongPassphrase):
        prove(drafted, member, sheet.passphrase, sheet.recovery)
    prove(drafted, member, renewed.passphrase, sheet.recovery)


@pytest.mark.vault("V14")
def test_without_the_pepper_no_passphrase_is_tried_or_charged(drafted: Stage) -> None:
    member = drafted.people.custodians[0]
    room = Room(drafted.config, drafted.database)
    pepper = keyfiles.read(drafted.config.keys, keyfiles.PEPPER)
    keyfiles.destroy(drafted.config.keys, keyfiles.PEPPER)
    for _ in range(7):
        with pytest.raises(PepperMissing):
            room.seed(member.account, Kind.PASSPHRASE, drafted.passphrase(member))
    assert failures(drafted, member) == 0
    assert not keyfiles.exists(drafted.config.keys, keyfiles.PEPPER)
    keyfiles.create(drafted.config.keys, keyfiles.PEPPER, bytes(32))
    with pytest.raises(WrongPassphrase):
        room.seed(member.account, Kind.PASSPHRASE, drafted.passphrase(member))
    keyfiles.destroy(drafted.config.keys, keyfiles.PEPPER)
    keyfiles.create(drafted.config.keys, keyfiles.PEPPER, pepper)
    room.seed(member.account, Kind.PASSPHRASE, drafted.passphrase(member))


@pytest.mark.vault("V14")
def test_a_slot_weakened_in_the_database_is_refused(drafted: Stage) -> None:
    member = drafted.people.custodians[0]
    drafted.spoil(
        "UPDATE {sealed.slot} SET parameters = :weak WHERE kind = 'passphrase'",
        weak='{"kdf":"argon2id","lanes":1,"memory":8,"passes":1,"profile":"rehearsal"}',
    )
    with pytest.raises(WeakSlot):
        Room(drafted.config, drafted.database).seed(member.account, Kind.PASSPHRASE, drafted.passphrase(member))


@pytest.mark.vault("V14")
def test_a_slot_given_to_another_keyholder_opens_for_neither(drafted: Stage) -> None:
    one, other = drafted.people.custodians[:2]
    with drafted.database.reading() as db:
        ids = [bytes(vault.keyholder_of(db, each.account).id) for each in (one, other)]  # type: ignore[union-attr]
    drafted.spoil("DELETE FROM {sealed.slot} WHERE kind = 'passphrase' AND keyholder = :other", other=ids[1])
    drafted.spoil(
        "UPDATE {sealed.slot} SET keyholder = :other WHERE kind = 'passphrase' AND keyholder = :one",
        one=ids[0],
        other=ids[1],
    )
    with pytest.raises(WrongPassphrase):
        Room(drafted.config, drafted.database).seed(other.account, Kind.PASSPHRASE, drafted.passphrase(one))


@pytest.mark.vault("V14")
def test_a_seed_that_is_not_that_of_the_public_key_is_refused(drafted: Stage) -> None:
    member, public = drafted.people.custodians[0], KeyPair.from_seed(bytes(32)).public
    drafted.spoil(
        "UPDATE {sealed.keyholder} SET public_key = :public, fingerprint = :print WHERE account = :account",
        public=public,
        print=fingerprint(public),
        account=bytes(member.account),
    )
    with pytest.raises(WrongSecret):
        Room(drafted.config, drafted.database).seed(member.account, Kind.PASSPHRASE, drafted.passphrase(member))


@pytest.mark.vault("V14")
def test_recovery_codes_are_charged_like_passphrases(drafted: Stage) -> None:
    member = drafted.people.custodians[0]
    person, right = drafted.acting(member), drafted.season.passphrases.sheets[member.account].recovery
    for _ in range(5):
        with pytest.raises(WrongRecoveryCode):
            keyholding.renew(drafted.database, drafted.config, person, recovery=RecoveryCode.new().grouped)
    with pytest.raises(TooManyAttempts):
        keyholding.renew(drafted.database, drafted.config, person, recovery=right)
    assert failures(drafted, member) == 6


@pytest.mark.vault("V14")
def test_guesses_are_charged_until_the_hour_is_over_and_the_others_are_told(drafted: Stage) -> None:
    member = drafted.people.custodians[0]
    right = drafted.passphrase(member)
    for _ in range(5):
        with pytest.raises(WrongPassphrase):
            guess(drafted, member)
    room = Room(drafted.config, drafted.database)
    with pytest.raises(TooManyAttempts):
        room.seed(member.account, Kind.PASSPHRASE, right)
    with pytest.raises(TooManyAttempts):
        guess(drafted, member)
    assert failures(drafted, member) == 7
    with drafted.database.reading() as db:
        told = set(db.scalars(select(Outgoing.account).order_by(Outgoing.account)))
        assert queries.tried_too_often(db, drafted.board) == (clock.today(),)
    assert told == {each.account for each in drafted.people.keyholders} - {member.account}
    with clock.set_to(clock.now() + timedelta(hours=1)):
        room.seed(member.account, Kind.PASSPHRASE, right)
    assert failures(drafted, member) == 0


@pytest.mark.vault("V14")
def test_twenty_guesses_in_a_race_are_charged_as_twenty(drafted: Stage) -> None:
    member, wrong = drafted.people.custodians[1], new_passphrase()
    room = Room(drafted.config, drafted.database)

    def attempt(_: int) -> str:
        try:
            room.seed(member.account, Kind.PASSPHRASE, wrong)
        except (WrongPassphrase, TooManyAttempts) as error:
            return type(error).__name__
        return "opened"

    with ThreadPoolExecutor(5) as pool:
        outcomes = list(pool.map(attempt, range(20)))
    assert failures(drafted, member) == 20
    assert sorted(outcomes) == ["TooManyAttempts"] * 15 + ["WrongPassphrase"] * 5


def test_a_right_passphrase_is_refunded_and_a_malformed_one_not_charged(drafted: Stage) -> None:
    member = drafted.people.deputy
    room = Room(drafted.config, drafted.database)
    for _ in range(7):
        room.seed(member.account, Kind.PASSPHRASE, drafted.passphrase(member))
    with pytest.raises(NotWords):
        room.seed(member.account, Kind.PASSPHRASE, "one two three")
    assert failures(drafted, member) == 0


@pytest.mark.vault("V14")
def test_a_standard_installation_opens_no_rehearsal_slot(drafted: Stage) -> None:
    member = drafted.people.custodians[0]
    room = Room(replace(drafted.config, profile="standard"), drafted.database)
    with pytest.raises(WeakSlot):
        room.seed(member.account, Kind.PASSPHRASE, drafted.passphrase(member))


def test_a_key_unlocked_longer_than_90_days_ago_no_longer_lets_a_board_open(drafted: Stage) -> None:
    with drafted.database.reading() as db, clock.set_to(clock.now() + timedelta(days=90)):
        assert queries.keyholder_facts(db, drafted.board)[0].met
    with drafted.database.reading() as db, clock.set_to(clock.now() + timedelta(days=91)):
        assert not queries.keyholder_facts(db, drafted.board)[0].met


def test_production_never_opens_names_in_its_own_process(drafted: Stage) -> None:
    with pytest.raises(Misconfigured), in_this_process(replace(drafted.config, profile="standard")):
        pass


def test_a_printed_request_shows_no_secret(drafted: Stage) -> None:
    person = drafted.acting(drafted.people.chair)
    asked = Request.by(
        person, "release", "chair", drafted.board, passphrase="eight words", recovery="000G", words="a b"
    )
    assert not any(secret in repr(asked) for secret in ("eight words", "000G", "a b"))
    assert Request.from_json(asked.to_json()) == asked
