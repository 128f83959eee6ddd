"""A real Chromium against a real server on loopback, and axe-core for every page it meets."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, Response, sync_playwright
from waitress.server import create_server

CHROMIUM = Path("/usr/bin/chromium")
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
        thread.join(timeout=10)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = _launch(playwright)
        try:
            yield browser
        finally:
            browser.close()


def _launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(_QUIET))


@dataclass
class Visitor:
    """One person at one browser. Every page she meets is checked by axe at both widths, once for each state."""

    page: Page
    base: str
    seen: set[str] = field(default_factory=set)
    requests: list[str] = field(default_factory=list)
    pages: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def arrive(cls, browser: Browser, base: str, *, javascript: bool = True) -> "Visitor":
        """A fresh browser profile."""
        context = browser.new_context(java_script_enabled=javascript, viewport={"width": WIDTHS[0], "height": 900})
        visitor = cls(context.new_page(), base)
        visitor.page.on("request", lambda request: visitor.requests.append(request.url))
        visitor.page.on("response", visitor._collect)
        visitor.page.on("pageerror", lambda error: visitor.requests.append(f"error: {error}"))
        return visitor

    def go(self, path: str) -> None:
        """Open a page by its path."""
        self.page.goto(f"{self.base}{path}")
        self.check()

    def follow(self, name: str) -> None:
        """Click the link with that name."""
        self.page.get_by_role("link", name=name, exact=True).first.click()
        self.check()

    def press(self, name: str) -> None:
        """Press the button with that name."""
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()
        self.check()

    def fill(self, label: str, text: str) -> None:
        """Fill the box with that label."""
        self.page.get_by_label(label, exact=True).first.fill(text)

    def choose(self, label: str) -> None:
        """Choose the radio or tick the box with that label."""
        self.page.get_by_label(label, exact=True).first.check()

    def text(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    def path(self) -> str:
        """Where she is."""
        return self.page.url.removeprefix(self.base).split("?")[0]

    def check(self) -> None:
        """axe finds nothing, at either width."""
        state = f"{self.path()} {self.page.title()}"
        if state in self.seen:
            return
        self.seen.add(state)
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            found = _violations(self.page)
            assert not found, f"{state} at {width}: {found}"
            overflow = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"{state} at {width}: {overflow} pixels too wide"
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})

    def _collect(self, response: Response) -> None:
        if "text/html" in response.headers.get("content-type", "") and response.status < 300:
            self.pages.append((response.url, str(response.headers)))


def _violations(page: Page) -> list[tuple[str, Any]]:
    results = Axe().run(page, options={"resultTypes": ["violations"]})
    return [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in results.response["violations"]]
