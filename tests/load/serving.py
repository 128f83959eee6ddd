"""One installation served by several processes, and the browsers that ask them."""

import os
import re
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from http.client import HTTPConnection
from threading import Barrier
from typing import Any, TypeVar
from urllib.parse import urlencode

from waitress.server import create_server

from panel.access import service as access
from panel.config import Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.playing.company import Member
from panel.web.sessions import TokenSession
from tests.applications import application

T = TypeVar("T")


@dataclass
class Tally:
    """How many requests were answered, and how, and in what time."""

    answers: Counter[int] = field(default_factory=Counter)
    began: float = field(default_factory=time.monotonic)

    def __str__(self) -> str:
        total = self.answers.total()
        told = ", ".join(f"{count} x {status}" for status, count in sorted(self.answers.items()))
        seconds = time.monotonic() - self.began
        return f"{total} requests in {seconds:.1f} s, {total / seconds:.0f} a second: {told}"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    text: str


@dataclass(frozen=True)
class Tab:
    """One tab of one signed-in browser, at one of the processes."""

    port: int
    token: str
    tally: Tally

    def get(self, path: str) -> Answer:
        """A page."""
        return self._ask("GET", path, None)

    def post(self, path: str, **form: object) -> Answer:
        """A form."""
        return self._ask("POST", path, urlencode(form))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": f"panel={self.token}", "X-CSRF-Token": TokenSession(self.token).csrf_token()}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, path, body, headers)
            response = line.getresponse()
            text = response.read().decode(errors="replace")
        finally:
            line.close()
        self.tally.answers[response.status] += 1
        return Answer(response.status, response.getheader("Location") or "", text)


@dataclass
class House:
    """The processes by their ports, and what they were asked."""

    config: Config
    database: Database
    moment: Callable[[], datetime]
    ports: list[int]
    tally: Tally

    def tabs(self, *members: Member) -> list[Tab]:
        """One at each process, theirs in turn, signed in with the password just confirmed."""
        with clock.set_to(self.moment), self.database.writing() as db:
            tokens = [access.start_session(db, member.account, stepped_up=True) for member in members]
        return [Tab(port, tokens[n % len(tokens)], self.tally) for n, port in enumerate(self.ports)]

    def path(self, endpoint: str, **values: object) -> str:
        """The address of a page."""
        return application(self.config, self.database).url_map.bind("localhost").build(endpoint, values)

    def at_once(self, *acts: Callable[[], T]) -> list[T]:
        """What each came to, all from one moment on."""
        barrier = Barrier(len(acts))

        def run(act: Callable[[], T]) -> T:
            barrier.wait()
            return act()

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(run, acts))


@contextmanager
def served(config: Config, database: Database, moment: Callable[[], datetime], count: int = 8) -> Iterator[House]:
    """So many processes over the database, with the clock of the board that is played."""
    database.dispose()
    listening = [_listening() for _ in range(count)]
    children = [_child(config, line, moment) for line in listening]
    ports = [line.getsockname()[1] for line in listening]
    for line in listening:
        line.close()
    try:
        yield House(config, database, moment, ports, Tally())
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        database.dispose()


def _listening() -> socket.socket:
    line = socket.socket()
    line.bind(("127.0.0.1", 0))
    line.listen(64)
    return line


def _child(config: Config, line: socket.socket, moment: Callable[[], datetime]) -> int:
    """A process of its own, as `panel serve` is one, without the second that Python takes to start."""
    if pid := os.fork():
        return pid
    with suppress(BaseException), clock.set_to(moment):
        app: Any = application(config, config.database())
        create_server(app, sockets=[line], threads=4, ident=None).run()
    os._exit(1)


def to_submit(tab: Tab, path: str) -> dict[str, str]:
    """What the page that submits carries, and the tick that it asks for."""
    page = tab.get(path).text
    return {name: value_of(page, name) for name in ("edition", "code")} | {"own": "y"}


def value_of(page: str, name: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    assert found, re.sub(r"<[^>]+>|\s+", " ", page)[-2500:]
    return unescape(found[1])
