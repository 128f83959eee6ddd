"""Slots: each opens with its own secret alone, and nothing in the database can weaken it."""

import secrets
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given
from hypothesis import strategies as st

from panel.kernel.encoding import canonical, word_list
from panel.kernel.errors import Misconfigured
from panel.kernel.ids import KeyholderId
from panel.sealed.vault import custody
from panel.sealed.vault.custody import (
    REHEARSAL,
    STANDARD,
    Kind,
    NotCode,
    NotWords,
    RecoveryCode,
    WeakSlot,
    WrongPassphrase,
    WrongRecoveryCode,
    WrongSecret,
    lock,
    unlock,
)

HOLDER = KeyholderId(b"\x07" * 16)
SEED = bytes(range(32))
PEPPER = b"\x05" * 32
WORDS = custody.new_passphrase()


def slot(kind: Kind = Kind.PASSPHRASE, secret: bytes = WORDS.encode()) -> custody.Slot:
    return lock(HOLDER, kind, secret, seed=SEED, profile=REHEARSAL, pepper=PEPPER)


@pytest.mark.vault("V21")
def test_known_recovery_code_and_slot_key() -> None:
    code = RecoveryCode.of(bytes(range(20)))
    assert code.grouped == "000G-40R4-0M30-E209-185G-R38E-1W81-24GK-ZJ1Z"
    key = custody.recovery_key(KeyholderId(bytes(16)), bytes(16), code.raw)
    assert key.hex() == "a2b82a72f3e9d9e0a06d87a88409f5773bea16f30b56dea86a083f97c1d8b231"


@pytest.mark.vault("V21")
def test_argon2id_matches_rfc_9106() -> None:
    derived = Argon2id(
        salt=b"\x02" * 16, length=32, iterations=3, lanes=4, memory_cost=32, ad=b"\x04" * 12, secret=b"\x03" * 8
    ).derive(b"\x01" * 32)
    assert derived.hex() == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"


@pytest.mark.vault("V21")
def test_aes_gcm_siv_matches_rfc_8452() -> None:
    key, nonce = b"\x01" + bytes(31), b"\x03" + bytes(11)
    sealed = AESGCMSIV(key).encrypt(nonce, b"\x01" + bytes(7), None)
    assert sealed.hex() == "c2ef328e5c71c83b843122130f7364b761e0b97427e3df28"


@given(st.binary(min_size=20, max_size=20))
def test_a_recovery_code_is_read_as_it_was_printed(raw: bytes) -> None:
    code = RecoveryCode.of(raw)
    typed = code.grouped.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert RecoveryCode(typed).raw == raw


@pytest.mark.parametrize("typed", ["", "000G", "000G-40R4-0M30-E209-185G-R38E-1W81-24GK-ZJ1Y", "ü" * 36, "0" * 37])
def test_a_slip_in_a_recovery_code_is_told(typed: str) -> None:
    with pytest.raises(NotCode):
        RecoveryCode(typed)


def test_a_passphrase_is_eight_generated_words() -> None:
    drawn = [custody.new_passphrase().split(" ") for _ in range(50)]
    assert {len(words) for words in drawn} == {8}
    assert all(set(words) <= set(word_list()) for words in drawn)
    assert len({tuple(words) for words in drawn}) == 50


def test_a_passphrase_is_read_however_it_is_spaced() -> None:
    assert custody.read_passphrase(f"  {WORDS.upper().replace(' ', ', ')}\n") == WORDS
    assert custody.read_passphrase(WORDS.replace(" ", "-")) == WORDS


@pytest.mark.parametrize("typed", ["", "abandon", "abandon " * 7, "abandon " * 9, "abandon " * 7 + "xyzzy"])
def test_what_is_not_eight_listed_words_is_told_before_any_attempt(typed: str) -> None:
    with pytest.raises(NotWords):
        custody.read_passphrase(typed)


@pytest.mark.vault("V14")
def test_each_slot_opens_with_its_own_secret() -> None:
    code = RecoveryCode.new()
    assert unlock(slot(), WORDS.encode(), PEPPER, REHEARSAL) == SEED
    assert unlock(slot(Kind.RECOVERY, code.raw), code.raw, PEPPER, REHEARSAL) == SEED


@pytest.mark.vault("V14")
def test_recovery_needs_no_pepper_and_a_passphrase_does() -> None:
    code, other = RecoveryCode.new(), secrets.token_bytes(32)
    assert unlock(slot(Kind.RECOVERY, code.raw), code.raw, other, REHEARSAL) == SEED
    with pytest.raises(WrongSecret):
        unlock(slot(), WORDS.encode(), other, REHEARSAL)


@pytest.mark.vault("V14")
def test_a_slot_moved_to_another_keyholder_or_id_does_not_open() -> None:
    code, kept = RecoveryCode.new(), slot()
    for moved in (
        replace(kept, keyholder=KeyholderId(b"\x08" * 16)),
        replace(kept, id=slot().id),
        replace(kept, salt=bytes(16)),
        replace(kept, wrapped=kept.wrapped[:-1] + bytes([kept.wrapped[-1] ^ 1])),
    ):
        with pytest.raises(WrongSecret):
            unlock(moved, WORDS.encode(), PEPPER, REHEARSAL)
    recovery = slot(Kind.RECOVERY, code.raw)
    with pytest.raises(WrongSecret):
        unlock(replace(recovery, keyholder=KeyholderId(b"\x08" * 16)), code.raw, PEPPER, REHEARSAL)


@pytest.mark.vault("V14")
@pytest.mark.parametrize("change", [{"memory": 8}, {"passes": 2}, {"lanes": 2}, {"profile": "standard"}, {"kdf": "x"}])
def test_weakened_parameters_are_refused(change: dict[str, int | str]) -> None:
    parameters = {**REHEARSAL.parameters(Kind.PASSPHRASE), **change}
    weak = replace(slot(), parameters=canonical(parameters).decode())
    with pytest.raises(WeakSlot):
        unlock(weak, WORDS.encode(), PEPPER, REHEARSAL)


@pytest.mark.vault("V14")
@pytest.mark.parametrize("kind", list(Kind))
def test_a_rehearsal_slot_is_refused_in_production(kind: Kind) -> None:
    with pytest.raises(WeakSlot):
        unlock(slot(kind, b"secret"), b"secret", PEPPER, STANDARD)


@pytest.mark.vault("V14")
def test_renaming_the_profile_of_a_cheap_slot_does_not_let_it_in() -> None:
    renamed = replace(slot(), profile="standard")
    with pytest.raises(WeakSlot):
        unlock(renamed, WORDS.encode(), PEPPER, STANDARD)
    claimed = replace(renamed, parameters=canonical(STANDARD.parameters(Kind.PASSPHRASE)).decode())
    with pytest.raises(WrongSecret):
        unlock(claimed, WORDS.encode(), PEPPER, STANDARD)


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(WeakSlot):
        unlock(replace(slot(), profile="none"), WORDS.encode(), PEPPER, REHEARSAL)
    with pytest.raises(Misconfigured):
        custody.installed_profile("none")
    assert custody.installed_profile("standard") is STANDARD


@pytest.mark.parametrize("kind", list(Kind))
def test_what_does_not_open_says_which_secret_was_wrong(kind: Kind) -> None:
    wrong = {Kind.PASSPHRASE: WrongPassphrase, Kind.RECOVERY: WrongRecoveryCode}[kind]
    with pytest.raises(wrong):
        unlock(slot(kind, b"secret"), b"another", PEPPER, REHEARSAL)


def test_what_is_bound_into_a_slot_is_known() -> None:
    argon = {"kdf": "argon2id", "lanes": 1, "memory": 262144, "passes": 3, "profile": "standard"}
    assert STANDARD.parameters(Kind.PASSPHRASE) == argon
    assert STANDARD.parameters(Kind.RECOVERY) == {"kdf": "hkdf-sha256", "profile": "standard"}


def test_what_was_typed_becomes_the_bytes_that_open() -> None:
    code = RecoveryCode.new()
    assert custody.read_secret(Kind.RECOVERY, code.grouped) == code.raw
    assert custody.read_secret(Kind.PASSPHRASE, WORDS.upper()) == WORDS.encode()


def test_a_wrapped_seed_has_60_bytes_and_the_standard_profile_its_strength() -> None:
    assert len(slot().wrapped) == custody.WRAPPED == 60
    assert len(slot().salt) == custody.SALT == 16
    assert (STANDARD.memory, STANDARD.passes, STANDARD.lanes) == (262144, 3, 1)
    assert (REHEARSAL.memory, REHEARSAL.passes, REHEARSAL.lanes) == (1024, 1, 1)
