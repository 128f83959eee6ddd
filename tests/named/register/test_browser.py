"""HR in a real browser: a course written and published, training recorded, the register read; axe on every page met."""

import pytest
from playwright.sync_api import Browser

from panel.access.service import start_session
from panel.kernel import clock
from panel.kernel.ids import AccountId
from tests.browser import Visitor, chromium, served
from tests.named.register.conftest import Force

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)]


def arrive(browser: Browser, base: str, force: Force, account: AccountId) -> Visitor:
    with force.database.writing() as db:
        token = start_session(db, account, stepped_up=True)
    visitor = Visitor.arrive(browser, base)
    visitor.page.context.add_cookies([{"name": "panel", "value": token, "url": base}])
    return visitor


def test_hr_writes_a_course_and_keeps_the_register(force: Force) -> None:
    with served(force.app) as base, chromium() as browser:
        hr = arrive(browser, base, force, force.hr)
        _write(hr)
        _publish(hr)
        _look_at_the_register(hr)
        marker = arrive(browser, base, force, force.account(force.ready))
        marker.go("/")
        marker.says("Your training needs you:", "Complete the course ‘Listening well’.")
        marker.go("/panel/training")
        marker.follow("Listening well")
        marker.says("The quiz opens when you have read every page.")
        marker.go("/certificates")
        marker.follow(f"Unconscious bias in assessment, {clock.today().day} {clock.today():%B %Y}")
        marker.says("=Ready Ann", "Certificate code")


def _write(hr: Visitor) -> None:
    hr.go("/")
    hr.follow("Courses")
    hr.press("Write a new course")
    hr.press("Begin the course")
    hr.says("Enter the title of the course")
    hr.fill("Title of the course", "Listening well")
    hr.press("Begin the course")
    hr.follow("Change what is said about the course")
    hr.fill("What it is about", "Why to listen before you judge.")
    hr.fill("Questions that a quiz asks", "1")
    hr.press("Save")
    hr.press("Add a page")
    hr.fill("Title of the page", "Why it matters")
    hr.fill("Text of the page", "Listening comes **first**.\n\n* hear\n* weigh\n\n> Then judge.")
    hr.press("Look at it")
    hr.says("How it reads, not saved yet")
    hr.press("Save")
    for question in ("What comes first?", "What comes last?"):
        hr.press("Add a question")
        hr.fill("Question", question)
        hr.fill("Option 1", "Listening")
        hr.fill("Option 2", "Judging")
        hr.page.get_by_role("radio", name="Option 1").check()
        hr.fill("Why it is right", "The course says so.")
        hr.press("Save")
    hr.follow("See how it reads")
    hr.says("Asks 1 of 2 questions")


def _publish(hr: Visitor) -> None:
    hr.go("/courses/listening-well/draft")
    hr.press("Go on to publish")
    hr.press("Publish version 1")
    hr.says("The course is published.")
    hr.press("Write the next version")
    hr.press("Go on to publish")
    hr.press("Publish version 2")
    hr.says("Select what happens to those who completed an earlier version")
    hr.go("/load-course")
    hr.fill("Text of the course", "key = 1")
    hr.press("Check, and keep as a draft")
    hr.says("Line 1: key")


def _look_at_the_register(hr: Visitor) -> None:
    hr.go("/")
    hr.follow("Register of training")
    hr.page.get_by_label("Show").select_option("not-ready")
    hr.press("Show")
    hr.says("Complete the course ‘Listening well’.")
    hr.press("Record training face to face")
    hr.fill("Name, email address or staff number", "fresh")
    hr.press("Find")
    hr.follow("Fresh Ben")
    hr.press("Record training face to face")
    hr.press("Record")
    hr.says("Select the course", "Enter the date of the training")
    hr.page.get_by_label("Course").select_option("listening-well")
    for part, number in (("Day", 22), ("Month", 11), ("Year", 2026)):
        hr.fill(part, str(number))
    hr.fill("Evidence", "Attendance register 2026/114")
    hr.press("Record")
    hr.says("The training is recorded.")
    hr.follow("Withdraw this record of Listening well, 22 November 2026")
    hr.fill("Reason", "The wrong person.")
    hr.press("Withdraw")
    hr.says("Withdrawn by Hana Ross")
    hr.go("/register/refusals")
    hr.go("/check-a-certificate")
