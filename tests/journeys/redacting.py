"""The chair settles what the text check found, without knowing whose it is; then HR starts marking."""

from tests.browser import Visitor
from tests.journeys.cast import CHAIR, HR
from tests.journeys.journey import Journey
from tests.journeys.texts import DECIDING, STEADYING


def play(journey: Journey) -> None:
    """One text left as it is, one with [removed] in it, and a board in marking."""
    visitor = journey.open(CHAIR, "/")
    visitor.follow("Check texts")
    visitor.says("You see no number and no name here.", "Harbour Street", "My wife was on it")
    _leave(visitor)
    _remove(visitor)
    _start(journey)


def _leave(visitor: Visitor) -> None:
    visitor.press("Leave the selected texts as they are")
    visitor.says("Select the texts that stay as they are")
    card = visitor.page.locator(".govuk-summary-card", has_text="Harbour Street")
    assert STEADYING in card.inner_text()
    card.get_by_role("checkbox").check()
    visitor.press("Leave the selected texts as they are")
    visitor.says("The texts stay as they are.")
    assert "Harbour Street" not in visitor.text()


def _remove(visitor: Visitor) -> None:
    visitor.page.get_by_role("link", name="Read the whole answer").click()
    visitor.check()
    visitor.says(DECIDING)
    visitor.press("Remove these words")
    visitor.says("Enter why you remove these words")
    visitor.fill("Why you remove them", "Family: it says that the writer is married.")
    visitor.fill("Other words to remove", "my uncle")
    visitor.press("Remove these words")
    visitor.says("‘my uncle’ does not stand in the answer.")
    visitor.fill("Other words to remove", "my wife")
    visitor.press("Remove these words")
    visitor.says("Your decision is recorded.", "[removed] was on it", "This is how markers see it.")
    visitor.press("Go on to the other texts")
    visitor.says("No text waits to be looked at.")
    visitor.follow("2 texts already settled")
    visitor.says(STEADYING, DECIDING)


def _start(journey: Journey) -> None:
    visitor = journey.open(HR, journey.of_board("/boards/{board}/marking/start"))
    visitor.says("4 panel members are qualified for each criterion.", "Every text check is settled.")
    visitor.press("Start marking")
    visitor.says("Marking has started. Every answer has its markers.", "Marking", "The panel is marking.")
