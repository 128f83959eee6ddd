"""A second opener, written from the document alone: it shares no line with the program, nor the library's HPKE."""

import hashlib
import hmac
from itertools import combinations

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

SUITE = b"HPKE-v1HPKE" + bytes.fromhex("647a00010002")


def raw(text: str) -> bytes:
    return bytes.fromhex(text)


def context(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def opened(seed: bytes, info: bytes, sealed: bytes) -> bytes:
    wide = hashlib.shake_256(seed).digest(96)
    lattice, curve = MLKEM768PrivateKey.from_seed_bytes(wide[:64]), X25519PrivateKey.from_private_bytes(wide[64:])
    shared = lattice.decapsulate(sealed[:1088]) + curve.exchange(X25519PublicKey.from_public_bytes(sealed[1088:1120]))
    shared += sealed[1088:1120] + curve.public_key().public_bytes_raw() + bytes.fromhex("5c2e2f2f5e5c")
    psk, about = (hmac.digest(bytes(32), SUITE + each, "sha256") for each in (b"psk_id_hash", b"info_hash" + info))
    secret = hmac.digest(hashlib.sha3_256(shared).digest(), SUITE + b"secret", "sha256")
    lengths = {b"key": b"\x00\x20", b"base_nonce": b"\x00\x0c"}
    key, nonce = (
        hmac.digest(secret, length + SUITE + label + b"\x00" + psk + about + b"\x01", "sha256")[: length[1]]
        for label, length in lengths.items()
    )
    return AESGCM(key).decrypt(nonce, sealed[1120:], b"").rstrip(b"\x00")[:-1]


def unlocked(pepper: bytes, passphrase: str, slot: dict) -> bytes:
    cost = {"length": 32, "iterations": 1, "lanes": 1, "memory_cost": 1024}
    key = Argon2id(salt=raw(slot["salt"]), secret=pepper, **cost).derive(passphrase.encode())
    named = raw(slot["keyholder"]), raw(slot["id"]), slot["kind"].encode(), slot["parameters"].encode()
    wrapped = raw(slot["wrapped"])
    return AESGCM(key).decrypt(wrapped[:12], wrapped[12:], context(b"panel/slot/v1", *named))


def combined(k: int, n: int, shares: dict[int, bytes], whole: bytes) -> bytes:
    """The board seed: `shares` by seat; the panel's lies whole behind its index."""
    held = {share[at]: share[at + 1 : at + 33] for share in shares.values() for at in range(0, len(share), 33)}
    assert sorted(held) == list(range(len(list(combinations(range(n), k - 1)))))
    number = int.from_bytes(whole[1:], "big")
    for piece in held.values():
        number ^= int.from_bytes(piece, "big")
    return number.to_bytes(32, "big")
