"""The chair starts moderation; chair and deputy divide what is to be settled; the chair locks."""

import re

from tests.browser import Visitor
from tests.journeys.cast import CALLUM, CANDIDATES, CHAIR, DEPUTY, HR, MARKERS, ROSE, ZEPHYRINE, Someone
from tests.journeys.journey import TITLE, Journey
from tests.journeys.texts import ANSWERS, DECIDING, EVIDENCE, FAIRNESS, REASON, STEADYING

_SAVE = "Save the agreed score"


def play(journey: Journey) -> None:
    """A locked merit list by number, and its eight words in the minutes."""
    journey.later(days=3)
    _start(journey)
    _find_numbers(journey)
    _chair_settles(journey)
    _not_yet(journey)
    _deputy_settles(journey)
    _lock(journey)
    _merit_list(journey)


def _start(journey: Journey) -> None:
    visitor = journey.open(CHAIR, "/")
    visitor.follow("Start moderation")
    visitor.says("Every answer has its marks.")
    visitor.press("Start moderation")
    visitor.says("Moderation has started.", "0 of 2 settled")


def _find_numbers(journey: Journey) -> None:
    """The test knows by their first words whose answers they are; the chair sees numbers."""
    visitor = journey.at(CHAIR)
    visitor.follow(STEADYING)
    addresses = [each.get_attribute("href") for each in visitor.page.locator("td a").all()]
    for address in addresses:
        visitor.go(address or "")
        text, number = visitor.page.locator(".answer").first.inner_text(), visitor.page.locator("h1").inner_text()
        writer = next(each for each in CANDIDATES if text.startswith(ANSWERS[each, STEADYING][:30]))
        journey.papers.numbers[writer] = number.removeprefix("Number ")
    assert len(journey.papers.numbers) == 3


def _settle(visitor: Visitor, number: str, name: str) -> None:
    visitor.follow(f"Settle {number}, {name}")
    visitor.press(_SAVE)
    visitor.says(f"Select an agreed score for ‘{name}’", "Enter a reason for the agreed score")


def _chair_settles(journey: Journey) -> None:
    numbers, visitor = journey.papers.numbers, journey.open(CHAIR, journey.of_board("/panel/{board}/moderation"))
    visitor.press("Settle the next answers")
    visitor.follow(f"Settle {numbers[CALLUM]}, {DECIDING}")
    visitor.says(
        "so another leader of the panel settles its answers", "[removed] was on it", "2 apart", "Across the floor"
    )
    visitor.go(journey.of_board("/panel/{board}/moderation/to-settle"))
    _settle(visitor, numbers[ZEPHYRINE], STEADYING)
    visitor.says("The marks are 2 points apart; the tolerance is 1.")
    visitor.choose("4 – Strong")
    visitor.fill("Reason for the agreed score", REASON)
    visitor.press(_SAVE)
    visitor.says("The agreed score is saved.", "1 of 2 settled")


def _not_yet(journey: Journey) -> None:
    visitor = journey.open(CHAIR, journey.of_board("/boards/{board}/lock"))
    visitor.says("The marks can be locked when nothing above is left to do.")
    visitor = journey.open(HR, journey.of_board("/boards/{board}"))
    visitor.says("The chair and deputies settle scores.")
    assert not any(number in visitor.text() for number in journey.papers.numbers.values())


def _deputy_settles(journey: Journey) -> None:
    """Without JavaScript, from the first page on."""
    visitor = journey.open(DEPUTY, "/")
    visitor.follow("Moderate")
    visitor.press("Settle the next answers")
    _ask_another(journey, visitor)
    visitor = journey.open(DEPUTY, journey.of_board("/panel/{board}/moderation/to-settle"))
    _settle(visitor, journey.papers.numbers[CALLUM], DECIDING)
    visitor.choose("2 – Limited evidence")
    visitor.fill("Reason for the agreed score", REASON)
    visitor.press(_SAVE)
    visitor.says("2 of 2 settled")
    visitor.go(journey.of_board("/panel/{board}/moderation/settled"))
    visitor.says("2, agreed", "4, agreed")


def _ask_another(journey: Journey, visitor: Visitor) -> None:
    """The deputy wants one more mark, and whoever is free and may mark the answer gives it."""
    visitor.follow(f"Settle {journey.papers.numbers[CALLUM]}, {DECIDING}")
    visitor.follow("Send this answer to a further marker")
    visitor.press("Send to a further marker")
    visitor.says("Enter why a further marker is needed")
    visitor.fill("Why is a further mark needed?", "Two read the six minutes otherwise than the third.")
    visitor.press("Send to a further marker")
    homes = [journey.open(someone, "/") for someone in MARKERS]
    (asked,) = [home for home in homes if home.page.get_by_role("link", name="Mark answers").count()]
    asked.follow("Mark answers")
    asked.press("Continue marking")
    asked.choose(re.compile(r"^\s*2 – "))
    asked.fill("Evidence for your score", EVIDENCE[2])
    asked.press("Save and go to next")
    asked.press("Check and sign your marks")
    asked.press(re.compile("^Sign [0-9]+ marks?$"))
    asked.says("Your marks are signed.")


def _lock(journey: Journey) -> None:
    journey.later(minutes=10)
    visitor = journey.open(CHAIR, journey.of_board("/panel/{board}/moderation"))
    visitor.press("Go on to lock the marks")
    journey.confirm(CHAIR)
    visitor.press("Sign the lock")
    visitor.says("Confirm that the marks are final")
    visitor.choose("The marks are final")
    visitor.press("Sign the lock")
    visitor.says("The marks are locked.", "The locked marks, in eight words")
    words = visitor.page.locator("ol.eight-words").first.locator("li").all_inner_texts()
    assert len(words) == 8
    journey.papers.words = " ".join(words[:2])
    visitor.go(journey.of_board("/panel/{board}/moderation"))
    visitor.says("Nothing on these pages can change.")


def _merit_list(journey: Journey) -> None:
    visitor, numbers = journey.open(CHAIR, "/"), journey.papers.numbers
    visitor.follow("Merit list by number")
    visitor.says("3 submissions, of which 2 passed.", "Computed again just now from the marks as they stand: the same.")
    rows = [each.inner_text().split("\t") for each in visitor.page.locator("tbody tr").all()]
    assert [row[1].strip() for row in rows] == [numbers[each] for each in (ZEPHYRINE, ROSE, CALLUM)]
    assert [row[3].strip() for row in rows] == ["16.33 (49/3)", "12.67 (38/3)", "8.67 (26/3)"]
    assert [row[0].strip() for row in rows] == ["1", "2", "3"]
    visitor.says(TITLE, FAIRNESS)


def whose(journey: Journey, number: str) -> Someone:
    """The candidate behind a number, which the test alone knows."""
    return next(someone for someone, dealt in journey.papers.numbers.items() if dealt == number)
