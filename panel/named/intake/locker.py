"""Drafts under a board's draft key: AES-256-GCM-SIV, bound to board and account. Pure."""

import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from panel.kernel.encoding import context
from panel.kernel.errors import Malformed
from panel.kernel.ids import AccountId, BoardId

NONCE: Final = 12
TAG: Final = 16
_DRAFT: Final = b"panel/draft/v1"


class Unreadable(Malformed):
    """The draft was altered, or belongs to another board or account, or to another key."""

    sentence = "A saved application does not open."


@dataclass(frozen=True)
class Locked:
    """A draft as the table keeps it: as long as every other of its board, and 16 bytes of tag."""

    nonce: bytes
    sealed: bytes


def lock(key: bytes, board: BoardId, account: AccountId, plaintext: bytes) -> Locked:
    """Encrypt under a fresh nonce."""
    nonce = secrets.token_bytes(NONCE)
    return Locked(nonce, AESGCMSIV(key).encrypt(nonce, plaintext, context(_DRAFT, board, account)))


def unlock(key: bytes, board: BoardId, account: AccountId, locked: Locked) -> bytes:
    """Decrypt. Raises Unreadable."""
    try:
        return AESGCMSIV(key).decrypt(locked.nonce, locked.sealed, context(_DRAFT, board, account))
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error
