"""Three candidates apply: one changes what names her, one changes her mind, one has no JavaScript."""

import json
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser import Visitor
from tests.journeys.cast import CALLUM, CANDIDATES, CHAIR, CUSTODIANS, MARKERS, ROSE, ZEPHYRINE, Someone
from tests.journeys.journey import TITLE, Journey
from tests.journeys.texts import AMENDED, ANSWERS, DECIDING, NAMING, QUESTIONS, STEADYING

_SAVE = "Save and continue"


def play(journey: Journey) -> None:
    """Three submissions, and three receipt codes on paper."""
    journey.later(days=2)
    _zephyrine(journey)
    journey.later(days=1)
    _rose(journey)
    journey.later(days=1)
    _callum(journey)
    assert len({journey.papers.receipts[someone] for someone in CANDIDATES}) == 3


def _zephyrine(journey: Journey) -> None:
    visitor = _start(journey, ZEPHYRINE)
    visitor.says("Not started")
    _submit_too_early(visitor)
    _autosave(visitor)
    _two_tabs(visitor)
    _details(visitor)
    _known(visitor)
    _equality(visitor)
    _change_what_names_her(visitor)
    _submit(journey, ZEPHYRINE)
    _use_code(journey)


def _rose(journey: Journey) -> None:
    visitor = _start(journey, ROSE)
    _write_all(visitor, ROSE)
    visitor.press("Check your application")
    visitor.says("Look at these again", "“3 March 2026”", "“Harbour Street”")
    _submit(journey, ROSE)
    _amend(journey)


def _callum(journey: Journey) -> None:
    visitor = _start(journey, CALLUM)
    _write_all(visitor, CALLUM)
    visitor.press("Check your application")
    visitor.says("“wife”")
    _submit(journey, CALLUM)


def _start(journey: Journey, someone: Someone) -> Visitor:
    visitor = journey.open(someone, "/")
    visitor.follow("Your applications")
    visitor.follow(TITLE)
    visitor.says(QUESTIONS[STEADYING], CHAIR.name, CUSTODIANS[0].name, "Up to 200 words.")
    visitor.press("Start your application")
    return visitor


def _submit_too_early(visitor: Visitor) -> None:
    visitor.press("Check your application")
    visitor.says("You have not answered this question yet.", "Before you can submit:")
    visitor.follow("Go back to your application")


def _autosave(visitor: Visitor) -> None:
    visitor.follow(STEADYING)
    visitor.fill("Your answer", "calm " * 210)
    expect(visitor.page.locator("#answer-words")).to_have_text("You have 10 words too many")
    expect(visitor.page.locator(".save-state")).to_have_text("Saved")
    visitor.page.reload()
    visitor.check()
    assert visitor.page.get_by_label("Your answer").input_value().startswith("calm calm")
    visitor.press(_SAVE)
    visitor.says("Too long")
    visitor.follow(STEADYING)
    visitor.fill("Your answer", ANSWERS[ZEPHYRINE, STEADYING])
    expect(visitor.page.locator(".save-state")).to_have_text("Saved")
    visitor.follow("Your application")
    visitor.says("Completed")


def _two_tabs(visitor: Visitor) -> None:
    visitor.follow(DECIDING)
    other = Visitor(visitor.page.context.new_page(), visitor.base, seen=visitor.seen)
    other.page.goto(visitor.page.url)
    other.fill("Your answer", "Written in the other tab.")
    other.press(_SAVE)
    visitor.fill("Your answer", NAMING)
    expect(visitor.page.locator(".save-state")).to_contain_text("changed elsewhere")
    visitor.press(_SAVE)
    visitor.says("You changed this somewhere else", "Written in the other tab.", "What you saved somewhere else")
    assert visitor.page.get_by_label("Your answer").input_value() == NAMING
    visitor.press(_SAVE)
    visitor.says("Your answer is saved.")
    other.page.close()


def _details(visitor: Visitor) -> None:
    visitor.follow("Your details")
    assert visitor.page.get_by_label("Full name").input_value()
    visitor.fill("Full name", "")
    visitor.press(_SAVE)
    visitor.says("Enter your full name")
    visitor.fill("Full name", ZEPHYRINE.name)
    visitor.fill("Station or office", "Calderford Central")
    visitor.fill("Colleagues who occur in your answers", "Marguerite Ollivander")
    visitor.press(_SAVE)


def _known(visitor: Visitor) -> None:
    visitor.follow("People who know your work")
    visitor.press(_SAVE)
    visitor.says("Select everyone who knows your work, or that nobody does")
    visitor.choose(MARKERS[0].name)
    visitor.choose("None of them knows my work")
    visitor.press(_SAVE)
    visitor.says("not both")
    visitor.page.get_by_label("None of them knows my work").uncheck()
    visitor.press(_SAVE)


def _equality(visitor: Visitor) -> None:
    visitor.follow("Equality questions")
    visitor.says("Prefer not to say")
    visitor.choose("Female")
    visitor.choose("35 to 44")
    visitor.press(_SAVE)


def _change_what_names_her(visitor: Visitor) -> None:
    visitor.press("Check your application")
    visitor.says("You must change", "“Zephyrine”", "“ZQ-90417”", "Before you can submit, change what names you")
    assert visitor.page.get_by_role("button", name="Submit your application").count() == 0
    visitor.follow(f"Change your answer for {DECIDING}")
    visitor.fill("Your answer", ANSWERS[ZEPHYRINE, DECIDING])
    visitor.press(_SAVE)
    visitor.press("Check your application")
    visitor.press("Submit your application")
    visitor.says("Confirm that the answers are your own work")


def _write_all(visitor: Visitor, someone: Someone, last: str = "") -> None:
    for name in (STEADYING, DECIDING):
        visitor.follow(name)
        visitor.fill("Your answer", last if name == DECIDING and last else ANSWERS[someone, name])
        visitor.press(_SAVE)
        visitor.says("Your answer is saved.")
    visitor.follow("Your details")
    visitor.press(_SAVE)
    visitor.follow("People who know your work")
    visitor.choose("None of them knows my work")
    visitor.press(_SAVE)
    visitor.follow("Equality questions")
    visitor.press(_SAVE)


def _submit(journey: Journey, someone: Someone) -> None:
    visitor = journey.at(someone)
    visitor.choose("These answers are my own work, and what they say is true")
    visitor.press("Submit your application")
    visitor.says("Application submitted", "Nobody can look it up for you.", ANSWERS[someone, STEADYING])
    code = visitor.page.locator(".big-code").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{4}([ -][0-9A-Z]{4}){4}", code)
    journey.papers.receipts[someone] = code
    visitor.follow("Go to your applications")
    visitor.says("Applied")


def _use_code(journey: Journey) -> None:
    visitor = journey.open(ZEPHYRINE, journey.of_board("/applications/{board}"))
    visitor.says("Applied")
    assert ANSWERS[ZEPHYRINE, STEADYING] not in visitor.text()
    visitor.follow("Use your receipt code")
    visitor.press("Continue")
    visitor.says("Enter your receipt code")
    visitor.fill("Receipt code", "0000-0000-0000-0000-0000")
    visitor.press("Continue")
    visitor.says("That code does not open an application of yours on this board.")
    visitor.fill("Receipt code", journey.papers.receipts[ZEPHYRINE].lower())
    visitor.press("Continue")
    visitor.says("What you submitted", ANSWERS[ZEPHYRINE, DECIDING])
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="Download the receipt").click()
    receipt = json.loads(Path(download.value.path()).read_text())
    assert receipt["board"] == journey.papers.board
    visitor.press("Withdraw your application")
    visitor.says("Confirm that you want to withdraw this application")
    visitor.go(journey.of_board("/applications/{board}/stand-down"))
    visitor.press("Stand down")
    visitor.says("Confirm that you want to stand down")


def _amend(journey: Journey) -> None:
    visitor = journey.open(ROSE, journey.of_board("/applications/{board}/code"))
    visitor.fill("Receipt code", journey.papers.receipts[ROSE])
    visitor.press("Continue")
    visitor.press("Change your application")
    visitor.says("What you submitted stands until you submit this.")
    _write_all(visitor, ROSE, AMENDED)
    visitor.press("Check your application")
    visitor.choose("These answers are my own work, and what they say is true")
    visitor.press("Submit your application")
    visitor.says("Changed application submitted", "Your receipt code has not changed.", AMENDED)
    assert visitor.page.locator(".big-code").inner_text() == journey.papers.receipts[ROSE]
