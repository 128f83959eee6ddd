"""A passkey in plain Python, which signs whatever it is told to: also for a site or a challenge that are not ours."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url, encode_cbor

ORIGIN, NAME = "https://boards.force.example", "boards.force.example"
_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One passkey. `verified`: whether it checks who holds it before it signs; `count`: how often it has signed."""

    origin: str = ORIGIN
    name: str = NAME
    verified: bool = True
    count: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def register(self, options: dict[str, Any]) -> str:
        """As a browser answers `navigator.credentials.create`."""
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + encode_cbor(public)
        made = encode_cbor({"fmt": "none", "attStmt": {}, "authData": self._data(_ATTESTED) + attested})
        return self._answer("webauthn.create", options["challenge"], {"attestationObject": bytes_to_base64url(made)})

    def sign(self, options: dict[str, Any]) -> str:
        """As a browser answers `navigator.credentials.get`."""
        self.count += 1
        data, said = self._data(0), self._said("webauthn.get", options["challenge"])
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        more = {"authenticatorData": bytes_to_base64url(data), "signature": bytes_to_base64url(signature)}
        return self._answer("webauthn.get", options["challenge"], more)

    def _data(self, flags: int) -> bytes:
        checked = _VERIFIED if self.verified else 0
        return (
            hashlib.sha256(self.name.encode()).digest()
            + bytes([flags | _PRESENT | checked])
            + self.count.to_bytes(4, "big")
        )

    def _said(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, kind: str, challenge: str, more: dict[str, str]) -> str:
        known = bytes_to_base64url(self.id)
        response = {"clientDataJSON": bytes_to_base64url(self._said(kind, challenge)), **more}
        return json.dumps({"id": known, "rawId": known, "type": "public-key", "response": response})
