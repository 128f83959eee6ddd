"""Signing heads of logs and receipts with the installation's Ed25519 key, and checking both.

For named services and the command line alone: blind appends to the log and may not reach cryptography.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import insert
from sqlalchemy.orm import Session

from panel.audit import queries
from panel.audit.models import SignedHead
from panel.audit.queries import Signed
from panel.kernel import keyfiles
from panel.kernel.clock import today
from panel.kernel.encoding import context, digest
from panel.kernel.ids import BoardId


class Signer:
    """The key that signs for this installation; its public half and the id by which heads name it."""

    def __init__(self, secret: bytes) -> None:
        """`secret`: the 32 bytes of an Ed25519 private key."""
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self.public = self._key.public_key().public_bytes_raw()
        self.id = digest(self.public)

    @classmethod
    def of(cls, folder: Path) -> "Signer":
        """The key in the folder of key files, made at first use."""
        return cls(keyfiles.ensure(folder, keyfiles.LOG))

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(message)


def sign_head(db: Session, log: BoardId, signer: Signer) -> Signed:
    """Sign a log as it now ends, after the last entry of the transaction; once signed at a size, that head stands."""
    frontier = queries.head(db, log)
    known = {head.size: head for head in queries.signed_heads(db, log)}
    if frontier.size in known:
        return known[frontier.size]
    root, on = frontier.root(), today()
    signature = signer.sign(head_message(log, frontier.size, root, on))
    signed = Signed(frontier.size, root, on, signer.id, signature)
    db.execute(insert(SignedHead).values(log=log, **vars(signed)))
    return signed


def faulty(log: BoardId, heads: Iterable[Signed], *publics: bytes) -> tuple[int, ...]:
    """The sizes of the heads that none of these keys signed; none if all is well.

    A lost key is replaced by another, so a log may have been signed with more than one.
    """
    known = {digest(public): public for public in publics}
    return tuple(
        head.size
        for head in heads
        if head.key_id not in known
        or not verifies(known[head.key_id], head.signature, head_message(log, head.size, head.root, head.on))
    )


def head_message(log: BoardId, size: int, root: bytes, on: date) -> bytes:
    """What is signed of a head."""
    return context(b"panel/head/v1", log, size.to_bytes(8, "big"), root, on.isoformat().encode("ascii"))


def receipt_message(board: BoardId, lodged_leaf: bytes) -> bytes:
    """What is signed of a receipt."""
    return context(b"panel/receipt/v1", board, lodged_leaf)


def verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the holder of that public key signed the message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
