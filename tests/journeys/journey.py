"""One journey through the whole service: whose browser is where, what time it is, and what people wrote down."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser

from panel.access.queries import person_of
from panel.config import Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.named.accounts.queries import by_email
from panel.playing.company import Member
from tests.browser import Visitor
from tests.journeys.cast import Someone

TITLE = "Inspector 2027"
_BEGINS = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


@dataclass
class Papers:
    """What people keep outside the service."""

    board: str = ""
    passphrases: dict[Someone, str] = field(default_factory=dict)
    recovery: dict[Someone, str] = field(default_factory=dict)
    receipts: dict[Someone, str] = field(default_factory=dict)
    words: str = ""
    numbers: dict[Someone, str] = field(default_factory=dict)


@dataclass
class Journey:
    """The browser, the people at it, and the clock that they all live by."""

    browser: Browser
    base: str
    config: Config
    database: Database
    moment: datetime = _BEGINS
    papers: Papers = field(default_factory=Papers)
    visitors: dict[Someone | None, Visitor] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    @contextmanager
    def time(self) -> Iterator[None]:
        """While this lasts the service's clock shows the journey's time."""
        with clock.set_to(lambda: self.moment):
            yield

    def later(self, **span: int) -> None:
        """Let time pass."""
        self.moment += timedelta(**span)

    def at(self, someone: Someone | None) -> Visitor:
        """The person's browser as she left it; None is nobody's."""
        if someone not in self.visitors:
            javascript = someone is None or someone.javascript
            self.visitors[someone] = Visitor.arrive(self.browser, self.base, javascript=javascript, seen=self.seen)
        return self.visitors[someone]

    def open(self, someone: Someone, path: str) -> Visitor:
        """The person opens a page of hers; asked who she is, or for her password again, she tells."""
        visitor = self.at(someone)
        visitor.go(path)
        if visitor.path() == "/sign-in":
            visitor.fill("Email address", someone.email)
            visitor.fill("Password", someone.password)
            visitor.press("Sign in")
        self.confirm(someone)
        assert visitor.path() == path, visitor.path()
        return visitor

    def confirm(self, someone: Someone) -> None:
        """Give the password once more where it is asked for."""
        visitor = self.at(someone)
        if visitor.path() == "/confirm-password":
            visitor.fill("Password", someone.password)
            visitor.press("Continue")

    def member(self, someone: Someone) -> Member:
        """The person as the services know her: for what others have done in the browser already."""
        with self.database.reading() as db:
            account = by_email(db, someone.email)
            assert account, someone.email
            return Member(account.id, person_of(db, account.id), someone.name, someone.email, someone.staff_no)

    def of_board(self, path: str) -> str:
        """A path of the board, with its id where the path says `board`."""
        return path.replace("{board}", self.papers.board)


def links(config: Config) -> dict[str, str]:
    """The links that the last mail brought, as paths, by address."""
    found = {}
    for letter in (config.instance / "mail").glob("*.eml"):
        text = letter.read_text()
        to, link = re.search(r"^To: (\S+)$", text, re.MULTILINE), re.search(r"http://[^/\s]+(/\S+)", text)
        assert to, text
        if "A signed head from" in text:
            continue  # it brings no link
        assert link, text
        found[to[1]] = link[1]
        letter.unlink()
    return found
