"""Marking in a real browser: by keyboard, kept while it is typed, found sound by axe at both widths."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from panel.access.models import PersonRow
from panel.access.service import start_session
from panel.blind.marking import queries
from panel.kernel.database import Database
from panel.kernel.ids import AccountId, MarkerId
from tests.blind.scene import EVIDENCE, Scene
from tests.browser import Visitor, chromium, served

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine_kind", ["sqlite"])]


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as ready:
        yield ready


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as base:
        yield base


def arrive(browser: Browser, base: str, database: Database, marker: MarkerId) -> Visitor:
    account = AccountId.new()
    with database.writing() as db:
        db.add(PersonRow(account=account, marker=marker))
        db.flush()
        token = start_session(db, account)
    visitor = Visitor.arrive(browser, base)
    visitor.page.context.add_cookies([{"name": "panel", "value": token, "url": base}])
    return visitor


def test_a_number_scores_and_one_key_saves_and_goes_on(
    board: Scene, database: Database, browser: Browser, address: str
) -> None:
    her = arrive(browser, address, database, board.markers[0])
    her.go(f"/panel/{board.board_id}/marking")
    her.press("Start marking")
    first = her.path()
    her.press("Save and go to next")
    assert "Select a score for ‘We take ownership’" in her.text()
    her.page.locator("h1").click()
    her.page.keyboard.press("3")
    evidence = her.page.get_by_label("Evidence for your score")
    evidence.fill(EVIDENCE)
    evidence.press("2")
    her.page.get_by_text("Saved", exact=True).first.wait_for()
    assert her.page.get_by_label("3 – Label 3").is_checked()
    with her.page.expect_navigation():
        her.page.keyboard.press("Control+Enter")
    her.check()
    assert her.path() != first
    assert "Your mark is saved." in her.text()
    with database.reading() as db:
        (mark,) = queries.marks(db, board.board_id)
    assert (mark.score, mark.evidence) == (3, f"{EVIDENCE}2")
    assert not [each for each in her.requests if each.startswith("error") or not each.startswith(address)]


def test_going_back_brings_back_what_was_typed_and_not_over_what_came_after(
    board: Scene, database: Database, browser: Browser, address: str
) -> None:
    her = arrive(browser, address, database, board.markers[0])
    her.go(f"/panel/{board.board_id}/marking")
    her.press("Start marking")
    first = her.path()

    def save(visitor: Visitor, text: str) -> None:
        visitor.page.get_by_label("3 – Label 3").check()
        visitor.fill("Evidence for your score", text)
        with visitor.page.expect_navigation():
            visitor.page.keyboard.press("Control+Enter")

    save(her, "The first text of this mark.")
    her.page.go_back()
    save(her, "The second text, after a change of mind.")
    assert "Your mark is saved." in her.text(), "her own change of mind is no conflict"
    other = Visitor(her.page.context.new_page(), address)
    other.go(first)
    save(other, "The third text, in another tab.")
    her.page.go_back()
    assert her.page.get_by_label("Evidence for your score").input_value().startswith("The second text")
    her.press("Save and go to next")
    her.says("This answer was saved somewhere else since you opened this page.", "The third text")


def test_number_keys_can_be_turned_off(board: Scene, database: Database, browser: Browser, address: str) -> None:
    her = arrive(browser, address, database, board.markers[0])
    her.go(f"/panel/{board.board_id}/marking")
    her.press("Start marking")
    her.page.get_by_role("button", name="Turn these keys off").click()
    her.page.keyboard.press("3")
    assert not her.page.get_by_label("3 – Label 3").is_checked()


def test_the_guide_is_one_key_away_and_the_choice_of_keys_lasts(
    board: Scene, database: Database, browser: Browser, address: str
) -> None:
    her = arrive(browser, address, database, board.markers[0])
    her.go(f"/panel/{board.board_id}/marking")
    her.press("Start marking")
    guide = her.page.get_by_role("dialog", name="Scoring guide: We take ownership")
    her.page.keyboard.press("g")
    assert "What an answer worth 4 looks like." in guide.inner_text()
    her.check()
    her.page.keyboard.press("3")
    her.page.keyboard.press("g")
    assert not guide.is_visible()
    assert not her.page.get_by_label("3 – Label 3").is_checked()
    her.page.get_by_role("link", name="Scoring guide").press("Enter")
    her.page.keyboard.press("Escape")
    assert not guide.is_visible()
    her.page.get_by_role("button", name="Turn these keys off").press("Enter")
    her.page.reload()
    her.page.locator("h1").click()
    her.page.keyboard.press("g")
    assert not guide.is_visible()
    her.page.get_by_role("button", name="Turn these keys on").wait_for()


def test_a_break_is_called_for_and_the_reminder_can_be_turned_off(
    board: Scene, database: Database, browser: Browser, address: str
) -> None:
    her = arrive(browser, address, database, board.markers[0])
    her.page.clock.install()
    her.go(f"/panel/{board.board_id}/marking")
    her.press("Start marking")
    note = her.page.get_by_text("You have been marking for 45 minutes")
    for _ in range(5):
        assert not note.is_visible()
        her.page.clock.fast_forward("09:00")
        her.page.keyboard.press("Shift")
        her.page.clock.run_for(20_000)
    assert note.is_visible()
    her.check()
    her.page.get_by_role("button", name="Go on marking").press("Enter")
    assert not note.is_visible()
    her.page.get_by_role("button", name="Turn break reminders off").press("Enter")
    for _ in range(6):
        her.page.clock.fast_forward("09:00")
        her.page.keyboard.press("Shift")
    her.page.clock.run_for(20_000)
    assert not note.is_visible()
    assert not [each for each in her.requests if "rest" in each and "static" not in each]


def test_every_page_of_hers_is_sound(board: Scene, database: Database, browser: Browser, address: str) -> None:
    her = arrive(browser, address, database, board.markers[0])
    her.go("/panel/marking")
    her.follow(board.policy.title)
    her.press("Start marking")
    her.follow("I recognise this")
    her.press("I recognise this: step aside")
    her.follow("This text names somebody")
    her.press("This text names somebody")
    for part in ("tasks", "marks", "sheet", "guide"):
        her.go(f"/panel/{board.board_id}/marking/{part}")
    her.page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1 } }")
    her.press("Print this page")
    assert her.page.evaluate("window.printed") == 1
