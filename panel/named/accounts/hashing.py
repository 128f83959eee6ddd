"""Argon2id for sign-in passwords: costs by name, the cheap one refused where the dear one is asked for. Pure."""

import base64
import re
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Final

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from panel.named.accounts.password import normal

_SALT: Final = 16
_LENGTH: Final = 32
_PARAMETERS: Final = re.compile(r"\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,2})\$")


@dataclass(frozen=True)
class Cost:
    """Memory in KiB, passes over it, lanes."""

    memory: int
    passes: int
    lanes: int = 1


#: `rehearsal` is cheap on purpose: tests, the demo and rehearsals make hundreds of accounts. Never in production.
COSTS: Final = {"standard": Cost(64 * 1024, 3), "rehearsal": Cost(1024, 1)}


def hashed(password: str, profile: str) -> str:
    """The password's hash with its salt and costs, in the PHC string format. Raises KeyError on an unknown profile."""
    cost = COSTS[profile]
    kdf = Argon2id(
        salt=secrets.token_bytes(_SALT),
        length=_LENGTH,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory,
    )
    return kdf.derive_phc_encoded(normal(password).encode())


def matches(password: str, stored: str | None, profile: str) -> bool:
    """Whether the password is the one stored; costs the same work when there is none.

    A hash made at less than the profile's costs never matches: production does not open what a rehearsal made.
    """
    usable = stored is not None and _dear_enough(stored, COSTS[profile])
    tried = stored if stored is not None and usable else _nobodys(profile)
    return _verified(password, tried) and usable


def _verified(password: str, encoded: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(normal(password).encode(), encoded)
    except InvalidKey:
        return False
    return True


def _dear_enough(encoded: str, cost: Cost) -> bool:
    found = _PARAMETERS.match(encoded)
    return found is not None and int(found[1]) >= cost.memory and int(found[2]) >= cost.passes


@cache
def _nobodys(profile: str) -> str:
    """A hash that no password has, to be tried for accounts that do not exist."""
    cost = COSTS[profile]
    salt, key = (base64.b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (_SALT, _LENGTH))
    return f"$argon2id$v=19$m={cost.memory},t={cost.passes},p={cost.lanes}${salt}${key}"
