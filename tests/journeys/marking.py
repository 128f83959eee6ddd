"""Four panel members mark alone; one recognises an answer, one says that a text names somebody, and all sign."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from playwright.sync_api import expect

from tests.browser import Visitor
from tests.journeys.cast import CALLUM, CANDIDATES, CHAIR, DEPUTY, MARKERS, ROSE, ZEPHYRINE, Someone
from tests.journeys.journey import TITLE, Journey
from tests.journeys.texts import ANSWERS, EVIDENCE, FAIRNESS, MARKS, SEEDS, STEADYING

_NEXT = "Save and go to next"


@dataclass
class Desk:
    """What is to be given to each answer, and what happened on the way."""

    journey: Journey
    left: dict[tuple[Someone, str], Iterator[int]] = field(
        default_factory=lambda: {answer: iter(marks) for answer, marks in MARKS.items()}
    )
    codes: set[tuple[Someone, str]] = field(default_factory=set)
    recognised: Someone | None = None
    flagged: bool = False
    seeds: int = 0


def play(journey: Journey) -> None:
    """Every answer marked three times, every sheet signed."""
    journey.later(days=7)
    desk = Desk(journey)
    _first_page(journey)
    _stale_page(desk)
    for someone in MARKERS:
        _mark_what_is_there(desk, someone)
    _look_at_flagged(journey)
    _progress(journey)
    for someone in MARKERS:
        _mark_what_is_there(desk, someone)
    assert desk.recognised
    assert [next(marks, None) for marks in desk.left.values()] == [None] * len(MARKS)
    assert len({code for _, code in desk.codes}) == len(desk.codes)
    assert desk.seeds == len(SEEDS) * len(MARKERS)
    for someone in MARKERS:
        _sign(journey, someone)
    _say_whom(journey, MARKERS[0])


def _first_page(journey: Journey) -> None:
    """Errors, autosave, number keys."""
    visitor = journey.open(MARKERS[0], "/")
    visitor.follow("Mark answers")
    visitor.follow("All your tasks")
    visitor.says("These open when what stands above is marked.")
    visitor.follow("Marking")
    visitor.press("Start marking")
    visitor.press(_NEXT)
    visitor.says("There is a problem", "Select a score for", "Enter the evidence for your score")
    visitor.fill("Evidence for your score", "Reads the people before she reads the event.")
    expect(visitor.page.locator(".save-state")).to_have_text("Saved")
    visitor.go(visitor.path())
    assert visitor.page.get_by_label("Evidence for your score").input_value().startswith("Reads the people")
    visitor.page.get_by_role("heading", level=1).click()
    visitor.page.keyboard.press("3")
    expect(visitor.page.get_by_label(re.compile(r"^\s*3 – "))).to_be_checked()
    visitor.press("Save and stay")
    visitor.says("Your mark is saved.", "Your evidence says ‘she’. Write about the answer, not about a person.")


def _stale_page(desk: Desk) -> None:
    visitor = desk.journey.at(MARKERS[0])
    other = Visitor(visitor.page.context.new_page(), visitor.base, seen=visitor.seen)
    other.page.goto(visitor.page.url)
    other.fill("Evidence for your score", "Written in the other tab.")
    other.press("Save and stay")
    visitor.fill("Evidence for your score", "Written in this tab.")
    expect(visitor.page.locator(".save-state")).to_contain_text("changed elsewhere")
    visitor.press("Save and stay")
    visitor.says("What is saved now", "Written in the other tab.")
    assert visitor.page.get_by_label("Evidence for your score").input_value() == "Written in this tab."
    other.page.close()
    _mark_this(desk, visitor, _whose(visitor))


def _mark_what_is_there(desk: Desk, someone: Someone) -> None:
    visitor = desk.journey.open(someone, desk.journey.of_board("/panel/{board}/marking"))
    button = visitor.page.get_by_role("button", name=re.compile("^(Start|Continue) marking$"))
    if button.count() == 0:
        return
    button.click()
    while re.search(r"/marking/[0-9A-Z]+$", visitor.path()):
        visitor.check()
        writer, name = _whose(visitor), _criterion(visitor)
        assert (someone, writer) != (MARKERS[0], ZEPHYRINE), "she was declared"
        assert (desk.recognised, ROSE) != (someone, writer), "she stepped aside"
        if writer is ROSE and not desk.recognised:
            desk.recognised = someone
            _step_aside(visitor)
        elif writer is CALLUM and name == STEADYING and not desk.flagged:
            desk.flagged = True
            _flag(visitor)
        else:
            _mark_this(desk, visitor, writer)


def _criterion(visitor: Visitor) -> str:
    return visitor.page.locator("h1").inner_text()


def _whose(visitor: Visitor) -> Someone | None:
    """The test knows, by the first words; a marker cannot. None is a seed's."""
    text = visitor.page.locator(".answer").first.inner_text()
    found = (
        each
        for each in CANDIDATES
        for name in (STEADYING, "Deciding on evidence")
        if text.startswith(ANSWERS[each, name][:30])
    )
    writer = next(found, None)
    assert writer or text.startswith(SEEDS[_criterion(visitor)][0][:30]), text
    return writer


def _mark_this(desk: Desk, visitor: Visitor, writer: Someone | None) -> None:
    if writer:
        _mark(desk, visitor, writer, _criterion(visitor))
        return
    desk.seeds += 1
    score = SEEDS[_criterion(visitor)][1]
    visitor.choose(re.compile(rf"^\s*{score} – "))
    visitor.fill("Evidence for your score", EVIDENCE[score])
    visitor.press(_NEXT)


def _step_aside(visitor: Visitor) -> None:
    visitor.follow("I recognise this")
    visitor.says("You are not asked who it is or how you know.")
    visitor.press("I recognise this: step aside")
    # by the lot of the board it may have been her last task
    ends = ("You have stepped aside. The answer passes to somebody else.", "Nothing is left to mark just now.")
    assert any(each in visitor.text() for each in ends), visitor.text()


def _flag(visitor: Visitor) -> None:
    visitor.follow("This text names somebody")
    visitor.says("The chair is not told who raised it.")
    visitor.press("This text names somebody")
    visitor.says("The chair or a deputy will look at the text.")


def _mark(desk: Desk, visitor: Visitor, writer: Someone, name: str) -> None:
    desk.codes.add((writer, visitor.path().rpartition("/")[2]))
    if name == FAIRNESS and visitor.javascript:
        visitor.follow("This text names somebody")
        visitor.press("This text names somebody")
        visitor.says("Select the answer that names somebody")
        visitor.follow("Go back to the answer")
    if writer is CALLUM and name != STEADYING:
        visitor.says("[removed] was on it")
    score = next(desk.left[writer, name])
    visitor.choose(re.compile(rf"^\s*{score} – "))
    visitor.fill("Evidence for your score", EVIDENCE[score])
    visitor.press(_NEXT)


def _look_at_flagged(journey: Journey) -> None:
    visitor = journey.open(DEPUTY, journey.of_board("/panel/{board}/texts"))
    visitor.says("Flagged by a marker")
    visitor.follow(re.compile("Read the whole answer"))
    visitor.says("A marker says that this text names somebody.")
    visitor.press("Leave it as it is")
    visitor.says("No text waits to be looked at.")


def _progress(journey: Journey) -> None:
    visitor = journey.open(CHAIR, journey.of_board("/panel/{board}/moderation"))
    visitor.says("Progress of marking", "Not yet")
    visitor.follow(re.compile("Pass on tasks"))
    visitor.says("Do this when a panel member cannot go on marking.")
    visitor.go(journey.of_board("/panel/{board}/marking/look-again"))
    visitor.says("Every answer has its markers.")
    visitor.go(journey.of_board("/boards/{board}/moderation/start"))
    journey.confirm(CHAIR)
    visitor.says("You can start moderation when nothing above is left to do.")


def _sign(journey: Journey, someone: Someone) -> None:
    visitor = journey.open(someone, journey.of_board("/panel/{board}/marking"))
    visitor.follow("Your marks")
    visitor.follow("Marking")
    visitor.press("Check and sign your marks")
    visitor.press(re.compile("^Sign [0-9]+ marks$"))
    visitor.says("Your marks are signed.")
    visitor.go("/panel/marking")
    visitor.says(TITLE)


def _say_whom(journey: Journey, someone: Someone) -> None:
    """She thinks that she knew a writer, and is wrong; the service keeps that sealed."""
    visitor = journey.open(someone, journey.of_board("/panel/{board}/marking"))
    visitor.follow("Did you think you knew who wrote any of these?")
    visitor.page.get_by_label("Who did you think it was?").first.fill("Somebody Else")
    visitor.press("Seal my answer")
    visitor.says("Select the task that this name is for")
    visitor.page.get_by_label("Task").first.select_option(index=1)
    visitor.press("Seal my answer")
    visitor.says("Your answer is sealed.")
    assert "Somebody Else" not in visitor.text()
