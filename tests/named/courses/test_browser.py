"""HR writes a course in a real browser: what a session that has ended must not take along."""

import pytest
from flask import Flask

from panel.access.roles import Role
from panel.access.service import start_session
from panel.blind.training import publishing
from panel.kernel.database import Database
from panel.named.courses import queries, service
from tests.browser import Visitor, chromium, served
from tests.named.setup.staff import person

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine_kind", ["sqlite"])]

TEXT = "Read the whole answer before you look at the anchors, and only then choose a score."


def test_what_hr_was_writing_outlives_her_session(app: Flask, database: Database) -> None:
    with database.writing("named") as db:
        publishing.load_shipped(db)
        hr = person(db, "Hana Ross", Role.HR)
        key, first, second = service.begin(db, "Reading an answer"), start_session(db, hr), start_session(db, hr)
    with served(app) as base, chromium() as browser:
        her = Visitor.arrive(browser, base)

        def sign_in(token: str) -> None:
            her.page.context.add_cookies([{"name": "panel", "value": token, "url": base}])

        sign_in(first)
        her.go(f"/courses/{key}/draft/pages/add")
        her.fill("Title of the page", "How to read")
        her.fill("Text of the page", TEXT)
        her.page.context.clear_cookies()
        her.press("Save")
        her.says("Nothing has been saved.", "What you wrote", TEXT)
        sign_in(second)
        her.page.go_back()
        assert her.page.get_by_label("Text of the page").input_value() == TEXT
        her.press("Save")
        her.says("Your changes are saved.")
    with database.reading("named") as db:
        assert [(page.title, page.text) for page in queries.draft(db, key).course.pages] == [("How to read", TEXT)]
