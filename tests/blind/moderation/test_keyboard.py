"""The chair settles an answer without a mouse, in a real browser."""

import pytest
from flask import Flask

from panel.access.models import PersonRow
from panel.access.service import start_session
from panel.blind.moderation import queries
from panel.board.conduct import Conduct
from panel.kernel.database import Database
from panel.kernel.ids import AccountId
from tests.blind.moderation.moderated import CRITERION, number
from tests.blind.moderation.sent import scene_with
from tests.browser import Visitor, chromium, served

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine_kind", ["sqlite"])]

REASON = "The second paragraph says who did what, and what came of it."
_MOST_STOPS = 40
_FOCUSED = "() => document.activeElement.matches({!r})"


def _tab_to(chair: Visitor, selector: str) -> None:
    """Press the tab key until something like that has the focus, which a page must bring about in a few steps."""
    for _ in range(_MOST_STOPS):
        if chair.page.evaluate(_FOCUSED.format(selector)):
            return
        chair.page.keyboard.press("Tab")
    raise AssertionError(f"the tab key does not reach {selector}")


def _enter(chair: Visitor) -> None:
    with chair.page.expect_navigation():
        chair.page.keyboard.press("Enter")
    chair.check()


def test_the_chair_settles_an_answer_with_the_keyboard_alone(app: Flask, database: Database) -> None:
    account = AccountId.new()
    with database.writing() as db:
        scene = scene_with(db, Conduct())
        db.add(PersonRow(account=account, marker=scene.chair))
        db.flush()
        token, place = start_session(db, account), number(scene, 0)
    with served(app) as base, chromium() as browser:
        chair = Visitor.arrive(browser, base)
        chair.page.context.add_cookies([{"name": "panel", "value": token, "url": base}])
        chair.go(f"/panel/{scene.board_id}/moderation/to-settle")
        _tab_to(chair, f"a[href$='/{place}/{CRITERION}']")
        _enter(chair)
        _tab_to(chair, "main form button")
        _enter(chair)
        assert chair.page.evaluate(_FOCUSED.format(".govuk-error-summary")), "what is missing is read out first"
        chair.page.keyboard.press("Tab")
        chair.page.keyboard.press("Enter")
        assert chair.page.evaluate(_FOCUSED.format("input[name='score']"))
        for key in ("Space", "ArrowDown", "ArrowDown", "Tab"):
            chair.page.keyboard.press(key)
        chair.page.keyboard.type(REASON)
        _tab_to(chair, "main form button")
        _enter(chair)
        chair.says("The agreed score is saved.")
    with database.reading() as scene.db:
        agreed = queries.answer(scene.db, scene.board, place, CRITERION).agreed
    assert agreed
    assert (agreed.score, agreed.reason) == (2, REASON)
