"""The deadline is moved and passes; HR closes the board, and says what closing asks her to say."""

from datetime import UTC, datetime

from tests.journeys.cast import HR, ROSE, ZEPHYRINE
from tests.journeys.journey import TITLE, Journey
from tests.journeys.texts import AMENDED


def play(journey: Journey) -> None:
    """A closed board with its facts recorded; everybody has been signed out."""
    _extend(journey)
    _too_early(journey)
    journey.moment = datetime(2027, 2, 1, 12, 5, tzinfo=UTC)
    _too_late(journey)
    _close(journey)
    _record(journey)
    _code_after_the_close(journey)


def _extend(journey: Journey) -> None:
    visitor = journey.open(HR, journey.of_board("/boards/{board}/extend"))
    visitor.press("Extend the deadline")
    visitor.says("Enter the date of the deadline")
    for box, typed in (("Day", "12"), ("Month", "1"), ("Year", "2027")):
        visitor.fill(box, typed)
    visitor.press("Extend the deadline")
    visitor.says("There is a problem")
    for box, typed in (("Day", "1"), ("Month", "2")):
        visitor.fill(box, typed)
    visitor.press("Extend the deadline")
    visitor.says("The deadline has moved, for all candidates alike.", "noon on 1 February 2027")


def _too_early(journey: Journey) -> None:
    visitor = journey.at(HR)
    visitor.press("Close this board")
    journey.confirm(HR)
    visitor.says("To do", "Wait until the deadline has passed.", "3 candidates have applied.")
    assert visitor.page.get_by_role("button", name="Close this board").count() == 0


def _too_late(journey: Journey) -> None:
    visitor = journey.open(ROSE, journey.of_board("/applications/{board}"))
    visitor.says("The deadline has passed.")
    visitor.go(journey.of_board("/applications/{board}/answers/deciding-on-evidence"))
    assert "Your answer" not in visitor.text()


def _close(journey: Journey) -> None:
    visitor = journey.open(HR, journey.of_board("/boards/{board}/close"))
    visitor.press("Close this board")
    visitor.says(
        "Board closed", "3 submissions", "Everybody has been signed out.", "are removed from the database’s files"
    )
    visitor.press("Sign in again")
    journey.open(HR, journey.of_board("/boards/{board}")).says("Closed", "Submissions")


def _record(journey: Journey) -> None:
    visitor = journey.at(HR)
    visitor.says("Destroy every backup made before the board closed", "fewer than 5 submissions, so blindness is weak")
    visitor.press("Record that the backups are destroyed")
    visitor.says("It is recorded that the backups are destroyed.", "Backups from before the close are destroyed.")
    visitor.press("Go on with few submissions")
    visitor.says("Few submissions: the weak blindness is acknowledged.")
    visitor.press("Start marking")
    visitor.says("You can start marking when nothing above is left to do.")
    visitor.go("/boards")
    visitor.says(TITLE, "Closed")


def _code_after_the_close(journey: Journey) -> None:
    visitor = journey.open(ZEPHYRINE, journey.of_board("/applications/{board}/code"))
    visitor.fill("Receipt code", journey.papers.receipts[ZEPHYRINE])
    visitor.press("Continue")
    visitor.says("It is one of the 3 submissions that the board’s log has counted since the close.")
    visitor.says("It gets no result, and your name is not opened for it.")
    visitor = journey.open(ROSE, journey.of_board("/applications/{board}/code"))
    visitor.fill("Receipt code", journey.papers.receipts[ROSE])
    visitor.press("Continue")
    visitor.says(AMENDED)
