"""Signs in as every part and walks every route of the application, with every method it allows."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from panel.access import service as access
from panel.blindcheck.findings import Findings
from panel.blindcheck.parts import Visitor
from panel.blindcheck.planting import Planted
from panel.blindcheck.routes import Door, doors
from panel.blindcheck.rules import CANDIDATES, Looking
from panel.blindcheck.scanner import Hit, Scanner
from panel.board.lifecycle import Stage

#: What no form of ours takes, by the name of the field.
WRONG: Final = {
    "score": "ninety",
    "version": "x",
    "number": "-1",
    "title": "\x00" * 9,
    "code": "' OR 1=1 --",
    "reason": "x" * 9998 + "é",
}
_LINK: Final = re.compile(r"<\w[^>]*?\b(?:href|src|srcset|poster|data|action|formaction|ping)\s*=\s*[\"']?([^\"'\s>]*)")
_TOKEN: Final = re.compile(r'name="csrf_token" value="([0-9a-f]+)"')
_HEADERS: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_SOURCE: Final = re.compile(r"(?<= )[^ ;]+")
_OURS: Final = frozenset(
    {"'none'", "'self'"}
    | {f"{kind}-src" for kind in ("script", "style", "img", "font", "connect")}
    | {"form-action", "base-uri", "frame-ancestors"}
)
_LAST: Final = ("marking.recognise",)
_SENDING: Final = "application/x-www-form-urlencoded"
#: What opens an authenticator app on the same device: no host is asked.
_APP: Final = ("otpauth", "totp")
_REDIRECTS: Final = range(300, 400)


@dataclass
class Walk:
    """One walk at one stage through an application over a copy of the played installation."""

    app: Flask
    season: Planted
    stage: Stage
    scanner: Scanner
    findings: Findings
    _known: dict[bytes, list[Hit]] = field(default_factory=dict)
    _led: dict[str, bool] = field(default_factory=dict)

    def client(self, visitor: Visitor) -> FlaskClient:
        """A browser, signed in as that person, who has just confirmed the password."""
        client = self.app.test_client()
        if visitor.member is not None:
            with self.season.database.writing() as db:
                token = access.start_session(db, visitor.member.account, stepped_up=True)
            client.set_cookie("panel", token)
        return client

    def visit(self, visitor: Visitor, methods: Iterable[str] = ("GET", "POST")) -> None:
        """Everything, as one person: every page, then every form empty and wrong."""
        client, self._known = self.client(visitor), {}
        for method in methods:
            if method == "POST":
                self._send_forms(visitor, client)
                continue
            for door in self.doors(method):
                self.look(visitor, door, client.open(door.path, method=method))

    def doors(self, *methods: str) -> list[Door]:
        """Every route; what is about no board at one stage alone, since it cannot tell one from another."""
        board = str(self.season.board)
        some = [door for door in self._every_door if door.method in methods]
        return [door for door in some if self.stage is Stage.MARKING or board in door.path]

    def look(self, visitor: Visitor, door: Door, response: TestResponse) -> None:
        """One answer: scanned, its headers and links checked."""
        place = f"{self.stage}, {visitor.part}, {door.method} {door.path}"
        self.findings.visited.add((visitor.part, f"{door.method} {door.endpoint}"))
        self.findings.looked_through += 1
        head = f"{response.status}\n{response.headers}".encode()
        looking = Looking(visitor.part, self.stage, door.endpoint, visitor.person, visitor.marker)
        hits = [*self._found(head, "headers"), *self._found(response.data)]
        # who is refused or led to sign in is told no more than the address she asked for
        refused = response.status_code != HTTPStatus.OK
        told = [hit for hit in hits if not (refused and hit.canary.value in door.path)]
        self.findings.judge(place, looking, told)
        self._check(place, response)

    def _send_forms(self, visitor: Visitor, client: FlaskClient) -> None:
        token = csrf(client)
        forms: list[dict[str, str]] = [{}, WRONG] if self.stage is Stage.MARKING else [WRONG]
        every = sorted(self.doors("POST"), key=lambda door: door.endpoint in _LAST)
        for form in forms:
            sent = urlencode({**form, "csrf_token": token})
            for door in every:
                if door.endpoint != "accounts.sign_out":
                    self.look(visitor, door, client.post(door.path, data=sent, content_type=_SENDING))
        for door in every:
            if visitor.part in CANDIDATES and door.endpoint in {"intake.code", "intake.download"}:
                own = {"code": self._code(visitor), "csrf_token": token}
                self.look(visitor, door, client.post(door.path, data=own))
            if door.endpoint == "accounts.sign_out":
                self.look(visitor, door, self.client(visitor).post(door.path, data={"csrf_token": token}))

    def _code(self, visitor: Visitor) -> str:
        return str(self.season.codes.get(visitor.member.account, "")) if visitor.member else ""

    def _found(self, data: bytes, where: str = "") -> list[Hit]:
        if data not in self._known:
            self._known[data] = [Hit(hit.canary, hit.how, hit.where or where) for hit in self.scanner.find(data)]
        return self._known[data]

    def _check(self, place: str, response: TestResponse) -> None:
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.findings.note(place, f"failed with {response.status_code}")
        for header, value in _HEADERS.items():
            if response.headers.get(header) != value:
                self.findings.note(place, f"{header} is not {value}")
        policy = response.headers.get("Content-Security-Policy", "")
        if "default-src 'none'" not in policy:
            self.findings.note(place, "the Content-Security-Policy does not begin with nothing allowed")
        if set(_SOURCE.findall(policy)) - _OURS:
            self.findings.note(place, "the Content-Security-Policy allows more than what is ours")
        for header in {"ETag", "Last-Modified"} & set(response.headers.keys()):
            self.findings.note(place, f"it has {header}, by which a browser asks for it again")
        for link in links(response):
            if not self._led.setdefault(link, link in self._led or self._leads(link)):
                self.findings.note(place, f"a link leads to no route of ours: {link}")

    def _leads(self, link: str) -> bool:
        parts = urlsplit(link)
        if (parts.scheme, parts.netloc) == _APP:
            return True
        if parts.netloc or parts.scheme not in {"", "mailto"}:
            return False
        adapter = self.app.url_map.bind("localhost")
        try:
            return not parts.path or bool(adapter.match(parts.path, method="GET"))
        except (MethodNotAllowed, RequestRedirect):
            return True
        except HTTPException:
            return False

    @cached_property
    def _every_door(self) -> list[Door]:
        return list(doors(self.app, self.season, "GET", "POST", "HEAD", "OPTIONS"))


def csrf(client: FlaskClient) -> str:
    """The token of this browser's forms."""
    found = _TOKEN.search(client.get("/help").get_data(as_text=True))
    return found[1] if found else ""


def links(response: TestResponse) -> Iterator[str]:
    """Every address that a page leads to."""
    if response.status_code in _REDIRECTS:
        yield response.headers.get("Location", "")
    if response.mimetype == "text/html":
        for found in _LINK.findall(response.get_data(as_text=True)):
            yield found.replace("&amp;", "&")
