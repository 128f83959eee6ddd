"""What tests of hostile requests stand on: where each form is reached, what it asks for, and what it may not change."""

import hashlib
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html import unescape
from itertools import islice, product
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import inspect, text
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.test import TestResponse

from panel.access import service as access
from panel.blindcheck import routes
from panel.blindcheck.routes import Door
from panel.board.lifecycle import Stage
from panel.kernel.ids import AccountId
from panel.named.unsealing.process import in_this_process
from panel.web.sessions import TokenSession
from tests.web.furnishing import Opening, openings
from tests.web.rights import table
from tests.world import STAGES, Visit

#: What a request may leave behind though it was refused: that it came, and that it was an attempt.
COUNTED: Final = frozenset({"attempt", "known_device", "second_step_run"})
_KEPT: Final = ("panel.sqlite3", "security/")
#: What is compared of a table whose other columns say when somebody came.
_COMPARED: Final = {"sign_in_session": "token_hash, marker"}
FORM: Final = "application/x-www-form-urlencoded"
#: Who is tried first: who may do least elsewhere, and nobody at all last.
_LIKELY: Final = (
    *("newcomer", "administrator", "auditor of the system", "marker", "custodian", "chair", "HR", "auditor"),
    *("another candidate", "candidate", "deputy", "successor", "marker of another board", "chair of another board"),
    "nobody",
)
#: When most forms of a feature are open; where not at the draft.
_WHEN: Final = {
    "intake": Stage.OPEN,
    "submissions": Stage.CLOSED,
    "training": Stage.MARKING,
    "marking": Stage.MARKING,
    "moderation": Stage.MODERATION,
    "merit": Stage.LOCKED,
    "monitoring": Stage.MODERATION,
    "results": Stage.UNSEALED,
}
#: So many addresses, parts and stages are tried in which a form might be open.
_TRIES: Final = 8
#: What a form answers that is not, or no longer, open to this person.
_LATE: Final = {403, 409}
_OURS: Final = frozenset({"csrf_token", "done"})
_MARKER: Final = (b"<i>zq", b"zq\"'")
_NAMED: Final = re.compile(r"<(?:input|select|textarea|button)\b[^>]*?\bname=\"([^\"]+)\"[^>]*>")
_VALUE: Final = re.compile(r"\bvalue=\"([^\"]*)\"")
_OPTIONS: Final = re.compile(r"<select\b[^>]*?\bname=\"([^\"]+)\"[^>]*>(.*?)</select>", re.DOTALL)

Known = dict[str, tuple[str, ...]]
Place = tuple[Door, str, Stage]


class Asked(ImmutableMultiDict[str, str]):
    """What was sent, which remembers every name that it was asked for."""

    names: set[str] = set()  # noqa: RUF012 - one for all requests; emptied before each that is listened to

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, *rest: Any, **more: Any) -> Any:
        self.names.add(key)
        return super().get(key, *rest, **more)

    def getlist(self, key: str, *rest: Any, **more: Any) -> Any:
        self.names.add(key)
        return super().getlist(key, *rest, **more)


@dataclass(frozen=True)
class Reached:
    """A form, who reaches it at which stage, and what is known of its fields: by name, values that its page offered."""

    door: Door
    part: str
    stage: Stage
    fields: Known


@dataclass
class Sender:
    """Sends requests to a copy of the world, and puts the copy back after each that changed it."""

    visit: Visit
    kept: Path
    tokens: dict[tuple[str, Stage], str] = field(default_factory=dict)
    stood: dict[str, str] = field(default_factory=dict)
    furnished: dict[str, Place] = field(default_factory=dict)
    watching: sqlite3.Connection | None = None
    version: tuple[object, ...] = ()
    _doors: dict[Stage, dict[tuple[str, str], list[Door]]] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def on(cls, visit: Visit, kept: Path) -> Iterator[Self]:
        """Everybody is signed in from the start, and has just confirmed the password."""
        visit.app.request_class = type("Listening", (visit.app.request_class,), {"parameter_storage_class": Asked})
        sender = cls(visit, kept)
        for stage in STAGES:
            for part, member in visit.cast(stage).items():
                sender.tokens[part, stage] = sender._signed_in(member.account if member else None)
        for part, member in visit.strangers(Stage.MARKING).items():
            sender.tokens |= dict.fromkeys(product([part], _where(part)), sender._signed_in(member.account))
        for opening in openings(visit):
            sender._furnish(opening)
        visit.database.dispose()
        shutil.copytree(visit.config.instance, kept)
        with in_this_process(visit.config):
            sender.stood = sender.standing()
            sender._watch()
            yield sender
        if sender.watching:
            sender.watching.close()

    def _signed_in(self, account: AccountId | None) -> str:
        if account is None:
            return "a browser that nobody has signed in with"
        with self.visit.database.writing() as db:
            return access.start_session(db, account, stepped_up=True)

    def _furnish(self, opening: Opening) -> None:
        part, stage = f"whoever {opening.endpoint} is open to", Stage.DRAFT
        path = self.visit.app.url_map.bind("localhost").build(opening.endpoint, opening.values, method="POST")
        self.furnished[opening.endpoint] = (Door(opening.endpoint, "POST", path), part, stage)
        self.tokens[part, stage] = self._signed_in(opening.account)

    def send(self, door: Door, part: str, stage: Stage, **request: Any) -> TestResponse:
        """One request of that part, with its browser's own forgery token in a header."""
        client, token = self.visit.app.test_client(), self.tokens[part, stage]
        client.set_cookie("panel", token)
        headers = {"X-CSRF-Token": TokenSession(token).csrf_token()} if door.method == "POST" else {}
        return client.open(door.path, method=door.method, headers=headers, **request)

    def standing(self) -> dict[str, str]:
        """A digest of every table and of every file beside the database."""
        with self.visit.database.reading() as db:
            names = sorted(set(inspect(db.connection()).get_table_names()) - COUNTED)
            wanted = {name: f'SELECT {_COMPARED.get(name, "*")} FROM "{name}"' for name in names}
            # as tuples: a long row of SQLAlchemy's leaves out its middle when it is shown
            found = {name: _digest(map(str, map(tuple, db.execute(text(query))))) for name, query in wanted.items()}
        home = self.visit.config.instance
        return found | {str(each.relative_to(home)): _digest([each.read_bytes().hex()]) for each in self._beside()}

    def changed(self) -> list[str]:
        """What is not as it was at the start. Where nobody has written there is nothing to compare."""
        if self._written() == self.version:
            return []
        now = self.standing()
        return sorted(name for name in {*now, *self.stood} if now.get(name) != self.stood.get(name))

    def put_back(self) -> None:
        """Everything as it was at the start."""
        self.visit.database.dispose()
        shutil.rmtree(self.visit.config.instance)
        shutil.copytree(self.kept, self.visit.config.instance)
        self._watch()

    def _watch(self) -> None:
        assert self.visit.config.sqlite_path
        if self.watching:
            self.watching.close()
        self.watching = sqlite3.connect(self.visit.config.sqlite_path)
        self.version = self._written()

    def _written(self) -> tuple[object, ...]:
        """A number that SQLite raises whenever another connection has written, and the files of the secrets."""
        assert self.watching
        beside = [(str(each), each.stat().st_mtime_ns) for each in self._beside()]
        return (self.watching.execute("PRAGMA data_version").fetchone(), *beside)

    def _beside(self) -> list[Path]:
        """Every file but the database's own and the security log, which tells of attempts."""
        found = sorted(each for each in self.visit.config.instance.rglob("*") if each.is_file())
        return [each for each in found if not str(each.relative_to(self.visit.config.instance)).startswith(_KEPT)]

    def reached(self) -> Iterator[Reached]:
        """Every form as some part at some stage reaches it: beyond what says that it is too late, if it can."""
        for endpoint, rows in _rows("POST").items():
            if found := self._first(self._places(endpoint, rows)):
                yield found

    def _places(self, endpoint: str, rows: list[tuple[str, Stage]]) -> Iterator[Place]:
        if endpoint in self.furnished:
            return iter([self.furnished[endpoint]])
        doors = ((self.doors(stage).get(("POST", endpoint), ())[:2], part, stage) for part, stage in rows)
        return islice(((door, part, stage) for some, part, stage in doors for door in some), _TRIES)

    def _first(self, places: Iterator[Place]) -> Reached | None:
        """Where it is taken or its answers are complained of, else the first that it was too late for."""
        late: Reached | None = None
        for door, part, stage in places:
            Asked.names = set()
            response = self.send(door, part, stage, data="then=", content_type=FORM)
            if response.status_code < 400:
                self.put_back()
            if response.status_code not in _LATE | {404}:
                return Reached(door, part, stage, self._fields(door, part, stage, response))
            if response.status_code in _LATE and not late:
                late = Reached(door, part, stage, self._fields(door, part, stage, response))
        return late

    def _fields(self, door: Door, part: str, stage: Stage, response: TestResponse) -> Known:
        page = self.send(replace(door, method="GET"), part, stage)
        offered: dict[str, set[str]] = {name: set() for name in Asked.names - _OURS}
        for html in (page.get_data(), response.get_data()):
            for name, value in _offered(html.decode(errors="replace")):
                offered.setdefault(name, set()).add(value)
        return {name: tuple(sorted(values)) for name, values in sorted(offered.items()) if name not in _OURS}

    def doors(self, stage: Stage) -> dict[tuple[str, str], list[Door]]:
        """By method and endpoint: every address at that stage."""
        if stage not in self._doors:
            season = replace(self.visit.boards[stage], database=self.visit.database)
            for door in routes.doors(self.visit.app, season, "GET", "POST"):
                self._doors.setdefault(stage, {}).setdefault((door.method, door.endpoint), []).append(door)
        return self._doors[stage]

    def pages(self) -> Iterator[tuple[Door, str, Stage]]:
        """Every page as one part sees it at one stage."""
        for endpoint, rows in _rows("GET").items():
            for part, stage in rows[:1]:
                yield from ((door, part, stage) for door in self.doors(stage).get(("GET", endpoint), ())[:1])


def raw(response: TestResponse) -> list[bytes]:
    """What was typed and stands in a page, or in a header, as if it were ours."""
    head = str(response.headers).encode()
    page = response.get_data() if response.mimetype == "text/html" else b""
    return [each for each in _MARKER if each in page or each in head]


def _rows(method: str) -> dict[str, list[tuple[str, Stage]]]:
    """Endpoint → who reaches it, and when, as the table of rights has it."""
    found: dict[str, list[tuple[str, Stage]]] = {}
    for name, parts in table().items():
        kind, _, endpoint = name.partition(" ")
        if kind == method:
            who = [(part, stage) for part, signs in parts.items() for stage in _stages(part, signs)]
            if endpoint.startswith("intake."):
                who.append(("newcomer", Stage.OPEN))
            first = _WHEN.get(endpoint.partition(".")[0], Stage.DRAFT)
            found[endpoint] = sorted(who, key=lambda each: (each[1] is not first, _LIKELY.index(each[0])))
    if method == "POST":
        found["accounts.sign_out"] = [("newcomer", Stage.DRAFT)]  # which the table leaves out
    return found


def _stages(part: str, signs: str) -> Iterator[Stage]:
    reached = (stage for stage, sign in zip(STAGES, signs, strict=True) if sign == "+")
    return (stage for stage in reached if stage in _where(part))


def _where(part: str) -> tuple[Stage, ...]:
    """Who waits for a seat, or has one elsewhere, is known to one board; who has no part anywhere, alike to all."""
    return (Stage.MARKING,) if part == "successor" or part.endswith("another board") else STAGES


def _offered(html: str) -> Iterator[tuple[str, str]]:
    for box in _NAMED.finditer(html):
        value = _VALUE.search(box[0])
        yield unescape(box[1]), unescape(value[1]) if value else ""
    for menu in _OPTIONS.finditer(html):
        yield from ((unescape(menu[1]), unescape(value)) for value in _VALUE.findall(menu[2]))


def _digest(rows: Any) -> str:
    found = hashlib.sha256()
    for row in sorted(rows):
        found.update(row.encode())
    return found.hexdigest()
