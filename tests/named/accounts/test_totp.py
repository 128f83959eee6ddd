"""Codes of authenticator apps, against the vectors of RFC 6238 (appendix B) and the window around now."""

from datetime import UTC, datetime, timedelta

import pytest

from panel.kernel.ids import AccountId
from panel.named.accounts.factors import qr, totp
from panel.named.accounts.factors.sealing import sealed, unsealed

SECRET = b"12345678901234567890"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEY, ADA, BEA = bytes(32), AccountId(b"a" * 16), AccountId(b"b" * 16)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_the_rfc(seconds: int, expected: str) -> None:
    at = totp.counter(datetime.fromtimestamp(seconds, UTC))
    assert totp.code(SECRET, at, digits=8) == expected
    assert totp.code(SECRET, at) == expected[-6:]


def test_a_code_counts_half_a_minute_early_and_late_and_no_more() -> None:
    now = totp.counter(NOON)
    found = {at - now: totp.accepted(SECRET, totp.code(SECRET, at), NOON, None) for at in range(now - 3, now + 4)}
    assert found == {-3: None, -2: None, -1: now - 1, 0: now, 1: now + 1, 2: None, 3: None}


@pytest.mark.vault("V24")
def test_neither_the_same_code_nor_an_earlier_one_counts_again() -> None:
    now = totp.counter(NOON)
    assert totp.accepted(SECRET, totp.code(SECRET, now), NOON, now) is None
    assert totp.accepted(SECRET, totp.code(SECRET, now - 1), NOON, now) is None
    assert totp.accepted(SECRET, totp.code(SECRET, now + 1), NOON, now) == now + 1


def test_a_code_may_be_typed_in_two_groups_and_nothing_else_is_one() -> None:
    now = totp.counter(NOON)
    code = totp.code(SECRET, now)
    assert totp.accepted(SECRET, f" {code[:3]} {code[3:]} ", NOON, None) == now
    for typed in ("", code[:5], f"{code}0", "１２３４５６", "abcdef"):
        assert totp.accepted(SECRET, typed, NOON, None) is None, typed


def test_the_link_says_what_apps_need() -> None:
    link = totp.link(SECRET, "ada@force.example", "Blind promotion boards")
    assert link == (
        "otpauth://totp/Blind%20promotion%20boards:ada%40force.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        "&issuer=Blind%20promotion%20boards&algorithm=SHA1&digits=6&period=30"
    )


def test_a_sealed_secret_opens_for_its_account_and_key_alone() -> None:
    kept = sealed(KEY, ADA, SECRET)
    assert SECRET not in kept
    assert unsealed(KEY, ADA, kept) == SECRET
    assert unsealed(KEY, BEA, kept) is None
    assert unsealed(b"k" * 32, ADA, kept) is None
    assert unsealed(KEY, ADA, kept[:-1] + bytes([kept[-1] ^ 1])) is None
    assert unsealed(KEY, ADA, b"") is None


def test_the_drawing_is_one_of_modules_with_a_quiet_border() -> None:
    drawn = qr.drawn(totp.link(SECRET, "ada@force.example", "Blind promotion boards"))
    assert drawn.startswith("<svg xmlns=")
    assert "style" not in drawn
    assert "M4 4h1v1h-1z" in drawn  # the first corner of the first finder, four modules in
    assert "M3 " not in drawn


def test_a_later_moment_has_another_code() -> None:
    codes = {totp.code(SECRET, totp.counter(NOON + timedelta(seconds=30 * step))) for step in range(20)}
    assert len(codes) > 15
