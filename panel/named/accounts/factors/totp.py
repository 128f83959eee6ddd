"""Codes that change with the clock: RFC 6238 with SHA-1, six digits and half minutes, as every app knows it. Pure."""

import base64
import re
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives import constant_time
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

#: RFC 4226, 4: as long as the digest, which is twice what is asked for at least.
SECRET_SIZE: Final = 20
DIGITS: Final = 6
PERIOD: Final = 30
#: Half minutes by which a telephone's clock may differ from ours (RFC 6238, 5.2 advises one).
WINDOW: Final = 1


def counter(moment: datetime) -> int:
    """Which half minute since 1970 it is."""
    return int(moment.timestamp()) // PERIOD


def code(secret: bytes, at: int, digits: int = DIGITS) -> str:
    """The code of one half minute."""
    return HOTP(secret, digits, SHA1()).generate(at).decode()  # noqa: S303 - what the RFC and the apps have


def accepted(secret: bytes, typed: str, moment: datetime, last: int | None) -> int | None:
    """Of which half minute the code is: this one, the one before or after, and later than `last`; or None."""
    plain, now = re.sub(r"\s", "", typed), counter(moment)
    matching = [at for at in range(now - WINDOW, now + WINDOW + 1) if _same(code(secret, at), plain)]
    return next((at for at in matching if last is None or at > last), None)


def link(secret: bytes, account: str, service: str) -> str:
    """What an app on the same device opens, and what the QR code holds."""
    facts = {"secret": spelled(secret), "issuer": service, "algorithm": "SHA1", "digits": DIGITS, "period": PERIOD}
    return f"otpauth://totp/{quote(service)}:{quote(account)}?{urlencode(facts, quote_via=quote)}"


def spelled(secret: bytes) -> str:
    """The secret in the letters and digits that apps take."""
    return base64.b32encode(secret).decode().rstrip("=")


def _same(one: str, other: str) -> bool:
    return constant_time.bytes_eq(one.encode(), other.encode())
