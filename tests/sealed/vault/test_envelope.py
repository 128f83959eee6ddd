"""Envelopes: one length, one context, one opener; held to published vectors and an opener of twenty lines."""

import hashlib
import hmac
import json
import secrets
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from panel.kernel.errors import Misconfigured
from panel.kernel.ids import BoardId, SubmissionRef
from panel.sealed.vault import envelope
from panel.sealed.vault.envelope import KeyPair, TooLong, UnknownFormat, Unopenable, seal, unseal

VECTORS = json.loads(Path(__file__).with_name("xwing.json").read_text())["vectors"]
SEED = bytes(range(32))


def decapsulate(seed: bytes, enc: bytes) -> bytes:
    """X-Wing by its parts: draft-connolly-cfrg-xwing-kem, section 5.5."""
    wide = hashlib.shake_256(seed).digest(96)
    lattice, curve = MLKEM768PrivateKey.from_seed_bytes(wide[:64]), X25519PrivateKey.from_private_bytes(wide[64:])
    shared = lattice.decapsulate(enc[:1088]) + curve.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
    own = curve.public_key().public_bytes_raw()
    return hashlib.sha3_256(shared + enc[1088:] + own + rb"\.//^\ "[:-1]).digest()


def independent_open(seed: bytes, info: bytes, sealed: bytes) -> bytes:
    """HPKE base mode without the library's HPKE: RFC 9180, sections 4 and 5.1."""
    key, nonce = schedule(decapsulate(seed, sealed[:1120]), info)
    return AESGCM(key).decrypt(nonce, sealed[1120:], b"")


def schedule(shared: bytes, info: bytes) -> tuple[bytes, bytes]:
    suite = b"HPKE" + bytes.fromhex("647a00010002")

    def extract(salt: bytes, label: bytes, data: bytes) -> bytes:
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + data, "sha256")

    mode = b"\x00" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(shared, b"secret", b"")

    def expand(label: bytes, length: int) -> bytes:
        labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + mode
        return hmac.digest(secret, labelled + b"\x01", "sha256")[:length]

    return expand(b"key", 32), expand(b"base_nonce", 12)


@pytest.mark.vault("V21")
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["seed"][:8]))
def test_x_wing_matches_the_drafts_vectors(vector: dict[str, Any]) -> None:
    seed, enc, info = bytes.fromhex(vector["seed"]), bytes.fromhex(vector["ct"]), b"vector"
    assert KeyPair.from_seed(seed).public.hex() == vector["pk"]
    assert decapsulate(seed, enc).hex() == vector["ss"]
    key, nonce = schedule(bytes.fromhex(vector["ss"]), info)
    sealed = enc + AESGCM(key).encrypt(nonce, envelope.pad(b"sealed by hand"), b"")
    assert unseal(KeyPair.from_seed(seed), info, sealed) == b"sealed by hand"


@pytest.mark.vault("V21")
def test_first_vector_has_the_known_digests() -> None:
    public, enc = (hashlib.sha256(bytes.fromhex(VECTORS[0][part])).hexdigest() for part in ("pk", "ct"))
    assert public == "2e816deebcd76c5c80d0cd2d174478871658e8e2ff42bc9d4a6e486372e856bb"
    assert enc == "17cd532d657e44c897ca6583e548a5424fc70bf54f99515a4d2bcf99e3469f33"
    assert VECTORS[0]["ss"] == "d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384"


@pytest.mark.vault("V21")
def test_known_seed_gives_known_public_key() -> None:
    public = KeyPair.from_seed(SEED).public
    assert len(public) == 1216
    assert envelope.fingerprint(public).hex() == "c9a3565ffde4f72b51661be391ee13e46378d7f06dd5c8bf5af9d2cfb5b8336b"


@pytest.mark.vault("V21")
def test_known_padding() -> None:
    padded = envelope.pad(b"abc")
    assert hashlib.sha256(padded).hexdigest() == "9160e1f109e977966744299871482d2ba5a56ea0b85fa2e591ef65c9c539c036"


@pytest.mark.vault("V21")
def test_known_identity_context() -> None:
    board, ref = BoardId(bytes(16)), SubmissionRef(b"\x11" * 16)
    info = envelope.identity_info(board, ref, b"\x22" * 32, b"\x33" * 32)
    assert len(info) == 123
    assert hashlib.sha256(info).hexdigest() == "0752bdf005245becc4ab52194f3d9bfc6a0aa3c490e5ddba171e635e7bb7b57a"


@pytest.mark.vault("V21")
def test_an_independent_opener_agrees_fifty_times_out_of_fifty() -> None:
    for length in range(0, 1000, 20):
        seed, info, plain = secrets.token_bytes(32), secrets.token_bytes(40), secrets.token_bytes(length)
        sealed = seal(KeyPair.from_seed(seed).public, info, plain)
        assert envelope.unpad(independent_open(seed, info, sealed)) == plain


@pytest.mark.vault("V13")
@pytest.mark.leak("L93")
@given(st.binary(max_size=envelope.LONGEST))
def test_whatever_is_sealed_has_one_length(plain: bytes) -> None:
    pair = KeyPair.from_seed(SEED)
    sealed = seal(pair.public, b"info", plain)
    assert len(sealed) == envelope.SEALED == 2160
    assert unseal(pair, b"info", sealed) == plain


@pytest.mark.vault("V13")
def test_one_byte_too_many_is_refused() -> None:
    public = KeyPair.from_seed(SEED).public
    seal(public, b"", bytes(1023))
    with pytest.raises(TooLong):
        seal(public, b"", bytes(1024))


def test_two_envelopes_of_one_identity_differ() -> None:
    public = KeyPair.from_seed(SEED).public
    assert seal(public, b"info", b"same") != seal(public, b"info", b"same")


@pytest.mark.parametrize("position", [0, 1087, 1088, 1119, 1120, 2143, 2144, 2159])
def test_a_changed_byte_does_not_open(position: int) -> None:
    pair = KeyPair.from_seed(SEED)
    sealed = bytearray(seal(pair.public, b"info", b"plain"))
    sealed[position] ^= 1
    with pytest.raises(Unopenable):
        unseal(pair, b"info", bytes(sealed))


def test_another_context_or_key_or_length_does_not_open() -> None:
    pair = KeyPair.from_seed(SEED)
    sealed = seal(pair.public, b"info", b"plain")
    for opener, info, data in (
        (pair, b"other", sealed),
        (KeyPair.from_seed(bytes(32)), b"info", sealed),
        (pair, b"info", sealed[:-1]),
        (pair, b"info", sealed + b"\x00"),
        (pair, b"info", b""),
    ):
        with pytest.raises(Unopenable):
            unseal(opener, info, data)


@pytest.mark.parametrize("length", [2159, 2161])
def test_what_has_another_length_never_meets_the_key(length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def suite(_number: int) -> None:
        raise AssertionError

    monkeypatch.setattr(envelope, "suite", suite)
    with pytest.raises(Unopenable):
        unseal(KeyPair.from_seed(SEED), b"info", bytes(length))


@pytest.mark.parametrize("padded", [bytes(1024), b"\x80", b"\x01" * 1024, b"", b"a" * 1023 + b"\x81"])
def test_bad_padding_is_refused(padded: bytes) -> None:
    with pytest.raises(Unopenable):
        envelope.unpad(padded)


def test_an_unknown_format_is_refused() -> None:
    pair = KeyPair.from_seed(SEED)
    with pytest.raises(UnknownFormat):
        unseal(pair, b"info", seal(pair.public, b"info", b""), number=2)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_seed_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="32"):
        KeyPair.from_seed(bytes(length))


def test_a_short_public_key_is_refused() -> None:
    with pytest.raises(ValueError, match="1,216"):
        seal(bytes(1215), b"", b"")


def test_the_self_test_passes_here() -> None:
    envelope.self_test()


@pytest.mark.vault("V21")
@pytest.mark.parametrize("broken", [UnsupportedAlgorithm("no ML-KEM"), AttributeError("no such KEM"), Unopenable()])
def test_a_library_that_cannot_seal_fails_closed(broken: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def suite(_number: int) -> None:
        raise broken

    monkeypatch.setattr(envelope, "suite", suite)
    with pytest.raises(Misconfigured, match="needs OpenSSL with ML-KEM"):
        envelope.self_test()


@pytest.mark.vault("V21")
def test_a_library_that_gives_another_key_fails_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope, "_KNOWN", "00" * 32)
    with pytest.raises(Misconfigured, match="wrong answers"):
        envelope.self_test()


def test_a_key_pair_is_told_by_its_public_key() -> None:
    assert KeyPair.from_seed(SEED) == KeyPair.from_seed(SEED) != KeyPair.from_seed(bytes(32))


def test_a_printed_key_pair_shows_no_private_key() -> None:
    assert "private" not in repr(KeyPair.from_seed(SEED))
