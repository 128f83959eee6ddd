"""An authenticator's secret at rest: AES-256-GCM-SIV under a key file of the server, bound to its account. Pure."""

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from panel.kernel.encoding import context
from panel.kernel.ids import AccountId

_NONCE: Final = 12
_LABEL: Final = b"panel/authenticator/v1"


def sealed(key: bytes, account: AccountId, secret: bytes) -> bytes:
    """Nonce and ciphertext."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCMSIV(key).encrypt(nonce, secret, context(_LABEL, account))


def unsealed(key: bytes, account: AccountId, kept: bytes) -> bytes | None:
    """The secret; None if it was altered, moved from another account, or sealed under a key that is gone."""
    try:
        return AESGCMSIV(key).decrypt(kept[:_NONCE], kept[_NONCE:], context(_LABEL, account))
    except (InvalidTag, ValueError):
        return None
