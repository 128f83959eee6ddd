"""A real Chromium against a real server on loopback, and axe-core for every page it meets."""

import atexit
import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser, Page, Response, sync_playwright
from waitress.server import create_server

from tests.selection import THOROUGH

#: Debian's Chromium. The shell is the same engine without the browser around it, and spends half the time on a page.
_BUILDS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
CHROMIUM = next(filter(Path.exists, _BUILDS), _BUILDS[-1])
WIDTHS = (1280, 390)
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# a page is new to axe if it is another page, or holds a kind of element that was on no page before; in a thorough run,
# that was not on this page before. Another person's task, or the same page with other words, is nothing new
_KINDS = """() => [...new Set([...document.querySelectorAll('body, body *')].map(
    (each) => `${each.tagName}.${each.className}.${each.getAttribute('role')}`))]"""
_AXE = """(only) => axe.run({resultTypes: ['violations'], preload: false, ...only}).then((told) => told.violations.map(
    (each) => [each.id, each.nodes.slice(0, 3).map((node) => node.html.slice(0, 200))]))"""
#: What can differ between two widths of one page; all else axe finds at the first. No colour of ours does.
_BY_WIDTH = {"runOnly": ["scrollable-region-focusable", "target-size"]}
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_PICTURES = os.environ.get("PANEL_SHOTS")  # a folder: keep a picture of every state of every page at both widths


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application on a free port of loopback; yields its address."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        # it goes on answering while a browser keeps a connection open, and ends with this process
        thread.join(timeout=0.5)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless; every profile that was opened in it is closed at the end."""
    browser = _started()
    try:
        yield browser
    finally:
        for profile in browser.contexts:
            profile.close()


@cache
def _started() -> Browser:
    """Started once a process: it and its driver take two seconds to begin."""
    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    return playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(_QUIET))


@dataclass
class Visitor:
    """One person at one browser. Every page she meets is checked by axe at both widths, once.

    Several visitors may share `seen`. `met` holds every page as it stood, and every header, for tests to search.
    """

    page: Page
    base: str
    javascript: bool = True
    seen: set[str] = field(default_factory=set)
    requests: list[str] = field(default_factory=list)
    met: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    checked: int = 0

    @classmethod
    def arrive(cls, browser: Browser, base: str, *, javascript: bool = True, seen: set[str] | None = None) -> "Visitor":
        """A fresh browser profile."""
        context = browser.new_context(java_script_enabled=javascript, viewport={"width": WIDTHS[0], "height": 900})
        context.set_default_timeout(60_000)
        visitor = cls(context.new_page(), base, javascript, set() if seen is None else seen)
        visitor.page.on("request", lambda request: visitor.requests.append(request.url))
        visitor.page.on("response", visitor._collect)
        visitor.page.on("pageerror", lambda error: visitor.failures.append(f"script: {error}"))
        return visitor

    def go(self, path: str) -> None:
        """Open a page by its path."""
        self.page.goto(f"{self.base}{path}")
        self.check()

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Click the link with that name."""
        self.page.get_by_role("link", name=name, exact=True).first.click()
        self.page.wait_for_load_state()
        self.check()

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press the button with that name."""
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()
        self.check()

    def fill(self, label: str, text: str) -> None:
        """Fill the box with that label."""
        self.page.get_by_label(label, exact=True).first.fill(text)

    def choose(self, label: str | re.Pattern[str]) -> None:
        """Choose the radio or tick the box with that label."""
        self.page.get_by_label(label, exact=True).first.check()

    def text(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    def says(self, *sentences: str) -> None:
        """The page says all of these."""
        text = self.text()
        missing = [sentence for sentence in sentences if sentence not in text]
        assert not missing, f"{self.path()} does not say {missing}:\n{text}"

    def path(self) -> str:
        """Where she is."""
        return self.page.url.removeprefix(self.base).split("?")[0]

    def check(self) -> None:
        """axe finds nothing, at either width, and nothing is wider than the page."""
        self.met.append(self.page.content())
        assert not self.failures, self.failures
        if not self.javascript:  # axe waits for timers, which such a page does not run
            return
        kinds = self.page.evaluate(_KINDS)
        new = {f"{self.place()} {kind}" for kind in kinds} if THOROUGH else {self.place(), *kinds}
        if new <= self.seen:
            return
        self.seen |= new
        self.checked += 1
        self.page.evaluate(AXE_SCRIPT)
        for width, rules in zip(reversed(WIDTHS), ({}, _BY_WIDTH), strict=True):
            self.page.set_viewport_size({"width": width, "height": 900})
            found = _violations(self.page, rules)
            assert not found, f"{self.path()} at {width}: {found}"
            overflow = self.page.evaluate(_OVERFLOW)
            assert overflow <= 0, f"{self.path()} at {width}: {overflow} pixels too wide"
            self._picture(width)

    def place(self) -> str:
        """Where she is, whichever board, task or number it is about."""
        return re.sub(r"[^/]*\d[^/]*", "-", self.path())

    def _collect(self, response: Response) -> None:
        self.met.append(f"{response.url} {response.headers}")
        if response.status >= 500:
            self.failures.append(f"{response.status} {response.url}")

    def _picture(self, width: int) -> None:
        if _PICTURES:
            name = f"{len(self.seen):05d}{self.place().replace('/', '.')}-{width}.png"
            self.page.screenshot(path=Path(_PICTURES) / name, full_page=True)


def _violations(page: Page, rules: Mapping[str, object]) -> list[Any]:
    found: list[Any] = page.evaluate(_AXE, rules)
    return found
