"""Applying in a real browser: words counted, text kept while it is typed, a stale tab told; axe on every page met."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from panel.access.actor import Person
from panel.access.roles import Role
from panel.access.service import start_session
from panel.kernel.database import Database
from tests.browser import Visitor, chromium, served
from tests.named.intake.scene import ANSWERS, Scene

#: Answers of the service reach the page's own script only after a while.
SLOW = """
const real = window.fetch;
window.fetch = async (...given) => {
  const answer = await real(...given);
  await new Promise((done) => setTimeout(done, 900));
  return answer;
};
"""

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)]


@pytest.fixture
def base(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def arrive(browser: Browser, base: str, database: Database, scene: Scene, person: Person, **how: bool) -> Visitor:
    scene.db.commit()
    with database.writing() as db:
        token = start_session(db, person.account, stepped_up=True)
    visitor = Visitor.arrive(browser, base, **how)
    visitor.page.context.add_cookies([{"name": "panel", "value": token, "url": base}])
    return visitor


def write(visitor: Visitor, name: str, text: str) -> None:
    visitor.follow(name)
    visitor.fill("Your answer", text)
    visitor.press("Save and continue")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_candidate_applies_and_withdraws(
    browser: Browser, base: str, database: Database, scene: Scene, javascript: bool
) -> None:
    candidate = arrive(browser, base, database, scene, scene.person(name="Ada Okonjo"), javascript=javascript)
    candidate.go("/applications")
    candidate.follow(scene.policy.title)
    candidate.press("Start your application")
    write(candidate, "We take ownership", ANSWERS["we-take-ownership"])
    write(candidate, "We collaborate", "They asked Okonjo, and she came.")
    candidate.follow("Your details")
    candidate.fill("Full name", "")
    candidate.press("Save and continue")
    candidate.says("Enter your full name")
    candidate.fill("Full name", "Ada Okonjo")
    candidate.fill("Colleagues who occur in your answers", "Priya Raman\nMarek Church")
    candidate.press("Save and continue")
    candidate.follow("People who know your work")
    candidate.press("Save and continue")
    candidate.says("Select everyone who knows your work, or that nobody does")
    candidate.choose("None of them knows my work")
    candidate.press("Save and continue")
    candidate.follow("Equality questions")
    candidate.press("Save and continue")
    candidate.press("Check your application")
    candidate.says("You must change", "“Okonjo” – your name", "Look at these again", "“she” – a word such as he or she")
    candidate.follow("Change your answer for We collaborate")
    candidate.fill("Your answer", ANSWERS["we-collaborate"])
    candidate.press("Save and continue")
    candidate.press("Check your application")
    candidate.press("Submit your application")
    candidate.says("Confirm that the answers are your own work")
    candidate.choose("These answers are my own work, and what they say is true")
    candidate.press("Submit your application")
    candidate.says("Application submitted", "Your receipt code")
    code = candidate.page.locator(".big-code").inner_text()
    candidate.follow("Go to your applications")
    candidate.follow(scene.policy.title)
    candidate.follow("Use your receipt code")
    candidate.fill("Receipt code", "0000-0000")
    candidate.press("Continue")
    candidate.says("Receipt code must be 20 letters and numbers")
    candidate.fill("Receipt code", code.lower())
    candidate.press("Continue")
    candidate.says(ANSWERS["we-collaborate"])
    candidate.press("Withdraw your application")
    candidate.says("Confirm that you want to withdraw this application")
    candidate.choose("I want to withdraw this application")
    candidate.press("Withdraw your application")
    candidate.says("Withdrawn")


@pytest.mark.leak("L31")
def test_text_is_kept_while_it_is_typed_and_a_stale_tab_is_told(
    browser: Browser, base: str, database: Database, scene: Scene
) -> None:
    candidate = arrive(browser, base, database, scene, scene.person(name="Ada Okonjo"))
    address = f"/applications/{scene.board}/answers/we-collaborate"
    candidate.go(address)
    expect(candidate.page.locator("#answer-words")).to_have_text("You have 300 words left of 300")
    candidate.page.get_by_label("Your answer").type("We met each week")
    expect(candidate.page.locator("#answer-words")).to_have_text("You have 296 words left of 300")
    expect(candidate.page.locator(".save-state")).to_have_text("Saved")
    other = candidate.page.context.new_page()
    other.goto(base + address)
    expect(other.get_by_label("Your answer")).to_have_value("We met each week")
    other.get_by_label("Your answer").fill("We met each month")
    expect(other.locator(".save-state")).to_have_text("Saved")
    candidate.page.get_by_label("Your answer").type(" and more")
    expect(candidate.page.locator(".save-state")).to_contain_text("Not saved – this page was changed elsewhere.")
    candidate.press("Save and continue")
    candidate.says("What you saved somewhere else", "We met each month")
    expect(candidate.page.get_by_label("Your answer")).to_have_value("We met each week and more")
    candidate.press("Save and continue")
    assert candidate.path() == f"/applications/{scene.board}/tasks"


def test_pressing_save_while_the_page_saves_itself_is_no_conflict(
    browser: Browser, base: str, database: Database, scene: Scene
) -> None:
    candidate = arrive(browser, base, database, scene, scene.person(name="Ada Okonjo"))
    candidate.page.add_init_script(SLOW)
    candidate.go(f"/applications/{scene.board}/answers/we-collaborate")
    with candidate.page.expect_request("**/keep"):
        candidate.page.get_by_label("Your answer").type("Half a thought")
    candidate.page.get_by_role("button", name="Save and continue").click()
    candidate.page.wait_for_url("**/tasks?done=answer-kept")


def test_standing_down_closing_and_texts_are_accessible(
    browser: Browser, base: str, database: Database, scene: Scene
) -> None:
    person = scene.person(name="Ada Okonjo")
    scene.apply(person, {**ANSWERS, "we-collaborate": "On 3 May I met the operator at Harlow Mill, and she agreed."})
    candidate = arrive(browser, base, database, scene, person)
    candidate.go(f"/applications/{scene.board}/stand-down")
    candidate.press("Stand down")
    candidate.says("Confirm that you want to stand down")
    candidate.choose("I want to stand down from this board")
    candidate.press("Stand down")
    candidate.says("Stood down")
    hr = arrive(browser, base, database, scene, scene.holder(Role.HR))
    hr.go(f"/boards/{scene.board}/close")
    hr.says("Wait until the deadline has passed.")
    scene.pass_deadline()
    scene.db.commit()
    hr.go(f"/boards/{scene.board}/close")
    hr.press("Close this board")
    hr.says("Board closed", "1 submission")
    chair = arrive(browser, base, database, scene, scene.holder(Role.CHAIR))
    chair.go(f"/panel/{scene.board}/texts")
    chair.says("On 3 May I met the operator at Harlow Mill, and she agreed.")
    chair.press("Leave the selected texts as they are")
    chair.says("Select the texts that stay as they are")
    chair.page.get_by_role("link", name="Read the whole answer or remove words").first.click()
    chair.check()
    chair.press("Remove these words")
    chair.says("Enter why you remove these words")
    chair.choose("3 May")
    chair.fill("Other words to remove", "Harlow Mill")
    chair.fill("Why you remove them", "Day and place name the incident.")
    chair.press("Remove these words")
    chair.says("On [removed] I met the operator at [removed], and she agreed.")
    chair.follow("Texts to look at")
    chair.follow("1 text already settled")
