"""An identity provider of our own on loopback: a real server with its own keys, which says whatever a test wants."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey

from panel.kernel import clock

CLIENT, SECRET = "panel", "a secret between the two of us"


@dataclass
class StandIn:
    """The provider. `says` and `header` go over what it would say by itself; `key` signs, `published` is shown."""

    issuer: str = ""
    key: Key = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "now", "use": "sig"}))
    published: list[Key] = field(default_factory=list)
    algorithm: str = "ES256"
    subject: str = "00u-niamh"
    says: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def authorize(self, address: str) -> str:
        """What its sign-in page would do with the browser that was sent there: where it sends it back to."""
        question = dict(parse_qsl(urlsplit(address).query))
        assert question["response_type"] == "code"
        assert (question["client_id"], question["scope"]) == (CLIENT, "openid")
        assert question["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = question
        back = urlencode({"code": code, "state": question["state"], "iss": self.issuer})
        return f"{urlsplit(question['redirect_uri']).path}?{back}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        question = self.codes.pop(form.get("code", ""), None)
        if authorization != "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode():
            return 401, {"error": "invalid_client"}
        if question is None or _challenge(form["code_verifier"]) != question["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.signed(question["nonce"])}

    def signed(self, nonce: str) -> str:
        now = int(clock.now().timestamp())
        said = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        claims = {key: value for key, value in {**said, "auth_time": now, **self.says}.items() if value is not None}
        if self.algorithm == "none":
            head, body = (_part({"alg": "none", "kid": "now"}), _part(claims))
            return f"{head}.{body}."
        return jwt.encode({"alg": self.algorithm, "kid": "now"}, claims, self.key, algorithms=[self.algorithm])

    def document(self, path: str) -> dict[str, Any] | None:
        endpoints = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        about = {"issuer": self.issuer, **{name: self.issuer + at for name, at in endpoints.items()}, **self.about}
        keys = {"keys": [each.as_dict(private=False) for each in self.published or [self.key]]}
        return {"/.well-known/openid-configuration": about, "/keys": keys}.get(path)


def rsa() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "now", "use": "sig"})


@contextmanager
def standing_in() -> Iterator[StandIn]:
    provider = StandIn()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(provider: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            found = provider.document(self.path)
            self.answer(*((404, {}) if found is None else (200, found)))

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            form = {key: values[0] for key, values in sent.items()}
            self.answer(*provider.token(form, self.headers.get("Authorization", "")))

        def answer(self, status: int, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_parts: Any) -> None:
            """A test run says nothing of it."""

    return Handler


def _challenge(verifier: str) -> str:
    return _encoded(hashlib.sha256(verifier.encode()).digest())


def _part(value: dict[str, Any]) -> str:
    return _encoded(json.dumps(value).encode())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
