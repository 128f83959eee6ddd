"""An authenticator's secret at rest: AES-256-GCM-SIV under a key file of the server, bound to its account. Pure.

`to`: what else it is bound to, which has to be given again.
"""

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from panel.kernel.encoding import context
from panel.kernel.ids import AccountId

_NONCE: Final = 12
_LABEL: Final = b"panel/authenticator/v1"


def sealed(key: bytes, account: AccountId, secret: bytes, *to: bytes) -> bytes:
    """Nonce and ciphertext."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCMSIV(key).encrypt(nonce, secret, context(_LABEL, account, *to))


def unsealed(key: bytes, account: AccountId, kept: bytes, *to: bytes) -> bytes | None:
    """The secret; None if it was altered, bound to another account or otherwise, or sealed under a key that is gone."""
    try:
        return AESGCMSIV(key).decrypt(kept[:_NONCE], kept[_NONCE:], context(_LABEL, account, *to))
    except (InvalidTag, ValueError):
        return None
