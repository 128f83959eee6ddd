"""The auditor reads and checks the log: before the names are open it says nothing about any one person."""

from tests.browser import Visitor
from tests.journeys.cast import AUDITOR, CANDIDATES, CHAIR, HR
from tests.journeys.journey import TITLE, Journey


def play(journey: Journey) -> None:
    """The locked board's log, its check, and the list by number."""
    visitor = _log(journey)
    visitor.says("Opened the board, fixed its rules", "Closed the board and dealt the numbers. Submissions: 3.")
    visitor.says("Removed words from submission", "Locked the marks.", HR.name, CHAIR.name)
    assert not any(each.name in visitor.text() for each in CANDIDATES)
    _check(visitor)
    visitor.go("/")
    visitor.follow("Merit list by number")
    visitor.says("3 submissions")
    visitor.go("/")
    visitor.follow("Opening of the names")
    visitor.says("The log’s head")


def afterwards(journey: Journey) -> None:
    """The whole story, still without a candidate's name."""
    visitor = _log(journey)
    visitor.says("Opened the names. Submissions: 3; names shown: 3.", "Exported the named list as csv.")
    visitor.says("Published the results.")
    assert not any(each.name in visitor.text() for each in CANDIDATES)
    visitor.page.locator("summary").first.click()
    visitor.check()
    _check(visitor)


def _log(journey: Journey) -> Visitor:
    visitor = journey.open(AUDITOR, "/")
    visitor.follow("Log of this board")
    visitor.says(TITLE, "Signed heads")
    return visitor


def _check(visitor: Visitor) -> None:
    visitor.press("Check this log")
    visitor.says("The log agrees", "every signature holds")
