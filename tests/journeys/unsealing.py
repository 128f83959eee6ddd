"""The ceremony: panel, then custodians, on different days; until it is done nobody sees the list with names."""

from tests.browser import Visitor
from tests.journeys.cast import CHAIR, CUSTODIANS, HR, Someone
from tests.journeys.journey import Journey


def play(journey: Journey) -> None:
    """The names are open."""
    _hr_sees_no_list(journey)
    _open(journey, CUSTODIANS[0])
    _wait(journey, CUSTODIANS[1])
    journey.later(days=1)
    _release(journey, CHAIR)
    journey.later(days=1)
    _release(journey, CUSTODIANS[1])
    journey.later(days=1)
    _finish(journey, CUSTODIANS[2])


def _hr_sees_no_list(journey: Journey) -> None:
    visitor = journey.open(HR, journey.of_board("/boards/{board}"))
    visitor.says("The marks are locked.", "Marks, in eight words")
    visitor.press("Go to the ceremony")
    visitor.says("Submissions", "3", "The log’s head")
    assert not any(number in visitor.text() for number in journey.papers.numbers.values())
    visitor.go(journey.of_board("/results/{board}/list"))
    visitor.says("Page not found")
    visitor.go(journey.of_board("/panel/{board}/merit"))
    visitor.says("Page not found")


def _open(journey: Journey, someone: Someone) -> None:
    visitor = journey.open(someone, "/")
    visitor.follow("Opening of the names")
    visitor.press("Open the ceremony")
    visitor.press("Open the ceremony")
    visitor.says("Enter the eight words of your passphrase")
    visitor.fill("Your passphrase", journey.papers.passphrases[someone])
    visitor.press("Open the ceremony")
    visitor.says("The ceremony is open for seven days. The panel releases first.")
    visitor.follow("End this ceremony")
    visitor.press("End this ceremony")
    visitor.says("Confirm that you want to end this ceremony")


def _wait(journey: Journey, someone: Someone) -> None:
    visitor = journey.open(someone, journey.of_board("/boards/{board}/ceremony"))
    visitor.says("Wait until the chair or a deputy has released.")
    visitor.go(journey.of_board("/boards/{board}/ceremony/release"))
    visitor.says("There is nothing for you to release now.")


def _type(journey: Journey, someone: Someone) -> Visitor:
    visitor = journey.at(someone)
    visitor.fill("First two words of the locked marks", journey.papers.words)
    visitor.fill("Your passphrase", journey.papers.passphrases[someone])
    return visitor


def _release(journey: Journey, someone: Someone) -> None:
    visitor = journey.open(someone, journey.of_board("/boards/{board}/ceremony"))
    visitor.press("Release your share")
    journey.confirm(someone)
    visitor.press("Release my share")
    visitor.says("Enter the first two words of the locked marks", "Enter the eight words of your passphrase")
    _type(journey, someone)
    visitor.fill("First two words of the locked marks", "other words")
    visitor.press("Release my share")
    visitor.says("There is a problem")
    _type(journey, someone)
    visitor.press("Release my share")
    visitor.says("Your share is released.")


def _finish(journey: Journey, someone: Someone) -> None:
    visitor = journey.open(someone, journey.of_board("/boards/{board}/ceremony"))
    visitor.says("Custodians release: 1 of the 2 needed")
    visitor.press("Open the names")
    journey.confirm(someone)
    visitor.says("You complete the quorum.")
    _type(journey, someone).press("Open the names")
    visitor.says("Everything agreed. The names are open.")
