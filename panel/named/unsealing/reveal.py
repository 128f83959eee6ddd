"""Opened names at rest: each sealed again under the board's results key, tagged by account, bound by one root. Pure."""

import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from panel.audit.merkle import leaf, root
from panel.kernel.encoding import context, digest
from panel.kernel.errors import Malformed
from panel.kernel.ids import AccountId, BoardId, Number, SubmissionRef
from panel.sealed.vault.identity import Identity, NotIdentity
from panel.sealed.vault.opening import Opened

_NONCE: Final = 12
_NONE: Final[Mapping[Number, bytes]] = {}


class NotRevealed(Malformed):
    """A revealed row does not open under the results key."""

    sentence = "A name cannot be read: the results key or the row was changed."


@dataclass(frozen=True)
class Revealed:
    """Whose number it is."""

    number: Number
    account: AccountId
    name: str
    email: str
    staff_no: str


@dataclass(frozen=True)
class Kept:
    """One row of names as it lies in the database. `digest`: of the plaintext; rows of early openings have none."""

    number: Number
    account_tag: bytes
    nonce: bytes
    identity: bytes
    digest: bytes | None = None


def keep(key: bytes, board: BoardId, opened: Opened) -> Kept:
    """Seal one opened identity under the results key (32 bytes)."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCMSIV(key).encrypt(nonce, opened.plaintext, _bound(board, opened.number))
    tag = account_tag(key, opened.identity.account)
    return Kept(opened.number, tag, nonce, sealed, digest(opened.plaintext))


def read(key: bytes, board: BoardId, kept: Kept) -> Revealed:
    """Whose number a row is. Raises NotRevealed."""
    found = reopened(key, board, kept).identity
    return Revealed(kept.number, found.account, found.name, found.email, found.staff_no)


def listed(key: bytes, board: BoardId, kept: Kept) -> Revealed:
    """Whose number a row of the list is, and that it is found by her tag and nobody else's. Raises NotRevealed."""
    found = read(key, board, kept)
    if not hmac.compare_digest(kept.account_tag, account_tag(key, found.account)):
        raise NotRevealed
    return found


def plaintext(key: bytes, board: BoardId, kept: Kept) -> bytes:
    """The bytes that were sealed at the lodging. Raises NotRevealed."""
    try:
        return AESGCMSIV(key).decrypt(kept.nonce, kept.identity, _bound(board, kept.number))
    except (InvalidTag, ValueError) as error:  # a key file that was cut short is no key
        raise NotRevealed from error


def reopened(key: bytes, board: BoardId, kept: Kept) -> Opened:
    """A row as what was opened for it. Raises NotRevealed."""
    found = plaintext(key, board, kept)
    try:
        return Opened(kept.number, Identity.read(found), found)
    except NotIdentity as error:
        raise NotRevealed from error


def account_tag(key: bytes, account: AccountId) -> bytes:
    """What one candidate's row is found by: useless without the key, and gone with it at archive."""
    return hmac.digest(key, account, "sha256")


def named_leaf(board: BoardId, number: Number, ref: SubmissionRef, sealed: bytes) -> bytes:
    """The Merkle leaf of an opened identity. `sealed`: its digest; the salt leaves a guesser nothing to test."""
    return leaf(context(b"panel/named/v1", board, _number(number), ref, sealed))


def names_root(board: BoardId, opened: Iterable[Opened], unopened: Mapping[Number, bytes] = _NONE) -> bytes:
    """The Merkle root over every opened identity, by number. `unopened`: leaves of names that nothing opens now."""
    found = {one.number: named_leaf(board, one.number, one.identity.ref, digest(one.plaintext)) for one in opened}
    leaves = {**unopened, **found}
    return root([leaves[number] for number in sorted(leaves)])


def _bound(board: BoardId, number: Number) -> bytes:
    return context(b"panel/result/v1", board, _number(number))


def _number(number: Number) -> bytes:
    return number.to_bytes(4, "big")
