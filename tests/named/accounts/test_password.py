"""Passwords: long, and none that is tried first."""

import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.named.accounts.hashing import COSTS, hashed, matches
from panel.named.accounts.password import (
    LONGEST,
    Common,
    Guessable,
    TooLong,
    TooShort,
    WeakPassword,
    accepted,
)

OWN = ("Niamh O’Donoghue", "niamh.odonoghue@fictional.police.uk", "BTP-40417")


@pytest.mark.parametrize(
    "password",
    [
        "crane velvet pocket",
        "Ein Löffel für Grünkohl",
        "vmQ8#tqz!Lp2r-xw",
        "marmalade on the roof",
        "8391 2057 4418 0263",
    ],
)
def test_long_unrelated_words_and_random_signs_are_accepted(password: str) -> None:
    assert accepted(password, OWN) == unicodedata.normalize("NFC", password)


def test_a_password_may_have_a_hundred_characters_and_every_one_of_them_counts() -> None:
    long = "crane velvet pocket and a lantern over the viaduct " * 2
    assert len(long) > 100
    stored = hashed(accepted(long), "rehearsal")
    assert matches(long, stored, "rehearsal")
    assert not matches(long[:-2] + "x ", stored, "rehearsal")


def test_fourteen_characters_are_too_short_and_more_than_the_limit_too_long() -> None:
    with pytest.raises(TooShort):
        accepted("crane velvet p")
    with pytest.raises(TooLong):
        accepted("crane velvet pocket " * LONGEST)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "CorrectHorseBatteryStaple",
        "1qaz2wsx3edc4rfv",
        "password123456789",
        "P4ssw0rd123456789",
        "P@$$w0rd123456789",
        "See it. Say it. Sorted.",
        "You'll never walk alone",
        "British Transport Police",
    ],
)
def test_passwords_tried_first_are_refused_however_they_are_dressed(password: str) -> None:
    with pytest.raises(Common):
        accepted(password)


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "qwertyuiop-0987654321",
        "asdfghjkl 2026 mnbvcxz",
        "BritishTransportPolice77!",
        "Promotion.Board.2026.Panel",
        "NiamhO'Donoghue1987",
        "niamh.odonoghue.40417",
        "x9kx9kx9kx9kx9kx9k",
    ],
)
def test_passwords_made_of_the_obvious_are_refused(password: str) -> None:
    with pytest.raises(Guessable):
        accepted(password, OWN)


@given(st.text())
def test_any_text_is_either_accepted_in_nfc_or_refused_as_weak(password: str) -> None:
    with suppress(WeakPassword):
        assert accepted(password) == unicodedata.normalize("NFC", password)


def test_a_hash_opens_for_its_password_and_for_its_other_unicode_form_only() -> None:
    stored = hashed("Zoë likes café noir", "rehearsal")
    assert matches(unicodedata.normalize("NFD", "Zoë likes café noir"), stored, "rehearsal")
    assert not matches("zoë likes café noir", stored, "rehearsal")


def test_two_hashes_of_one_password_differ() -> None:
    assert hashed("crane velvet pocket", "rehearsal") != hashed("crane velvet pocket", "rehearsal")


def test_production_does_not_open_what_a_rehearsal_made() -> None:
    cheap = hashed("crane velvet pocket", "rehearsal")
    assert matches("crane velvet pocket", cheap, "rehearsal")
    assert not matches("crane velvet pocket", cheap, "standard")


def test_the_standard_costs_are_those_of_the_security_bar() -> None:
    stored = hashed("crane velvet pocket", "standard")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert (COSTS["standard"].memory, COSTS["standard"].passes) == (65536, 3)
    assert matches("crane velvet pocket", stored, "standard")


@pytest.mark.parametrize("stored", [None, "", "nonsense", "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA"])
def test_no_password_opens_an_account_without_a_proper_hash(stored: str | None) -> None:
    assert not matches("crane velvet pocket", stored, "rehearsal")
