"""Panel members take the courses and practise on the chair's scripts until they qualify; one is coached."""

import re
import tomllib
from functools import cache
from importlib.resources import files

from panel.kernel.ids import BoardId
from panel.playing import training
from tests.browser import Visitor
from tests.journeys.cast import CHAIR, DEPUTY, HR, MARKERS, Someone
from tests.journeys.journey import TITLE, Journey
from tests.journeys.texts import DECIDING, FAIRNESS, PRACTICE_EVIDENCE, SCRIPTS, SEEDS, STEADYING

_COURSES = ("Unconscious bias in assessment", "Assessing evidence against a framework")
_PURPOSES = ("Practice", "Qualification", "Second attempt at qualifying")
_NEXT = "Mark the next script"
#: She works without JavaScript.
_COACHED = MARKERS[-1]


def play(journey: Journey) -> None:
    """Four qualified panel members."""
    _write_scripts(journey)
    _write_seeds(journey)
    _take_courses(journey, MARKERS[0])
    _take_courses_unseen(journey, *MARKERS[1:])
    _refused_before_practice(journey)
    for someone in (MARKERS[0], _COACHED):
        _practise(journey, someone)
    _practise_unseen(journey, *MARKERS[1:-1])
    _look_at_the_panel(journey)
    _look_at_the_register(journey)


def _write_scripts(journey: Journey) -> None:
    visitor = journey.open(CHAIR, "/panel/training")
    visitor.follow(f"Practice scripts for {TITLE}")
    visitor.says("No practice script yet.", f"Add a practice script for ‘{STEADYING}’.")
    for name, samples in SCRIPTS.items():
        for purpose, sample in zip(_PURPOSES, samples, strict=True):
            visitor.follow(f"Add a script for {name}")
            if (name, purpose) == (STEADYING, _PURPOSES[0]):
                visitor.press("Save")
                visitor.says("Select what the script is for", "Enter the answer that panel members will mark")
            _write(visitor, purpose, *sample)
    visitor.follow(f"Change practice script 1 for {STEADYING}")
    visitor.press("Save")
    visitor.press("Open practice marking to the panel")
    visitor.says("Practice marking is open to the panel.", "so the scripts can no longer change")


def _write(visitor: Visitor, purpose: str, answer: str, agreed: int, reason: str) -> None:
    visitor.choose(purpose)
    visitor.fill("Answer", answer)
    visitor.choose(re.compile(rf"^\s*{agreed} – "))
    visitor.fill("Reason for the agreed score", reason)
    visitor.press("Save")


def _write_seeds(journey: Journey) -> None:
    visitor = journey.open(CHAIR, journey.of_board("/panel/{board}/practice/seeds"))
    for name, (answer, agreed, reason) in SEEDS.items():
        visitor.follow(f"Add a seed for {name}")
        visitor.fill("Answer", answer)
        visitor.choose(re.compile(rf"^\s*{agreed} – "))
        visitor.fill("Reason for the agreed score", reason)
        visitor.press("Save")
    visitor.says("1 seed written, 1 needed.")


def _take_courses(journey: Journey, someone: Someone) -> None:
    visitor = journey.open(someone, "/panel/training")
    for title in _COURSES:
        visitor.follow(title)
        visitor.press("Start reading")
        while "/page/" in visitor.path():
            visitor.press(re.compile("I have read this page"))
        visitor.press("Start the quiz")
        _fail(visitor)
        _answer(visitor, right=True)
        visitor.says("You passed", "This course is complete.")
        visitor.follow("See the certificate")
        visitor.says("There is no name on this certificate.")
        visitor.go("/panel/training")
    visitor.says("Complete until")


def _take_courses_unseen(journey: Journey, *people: Someone) -> None:
    """As the first panel member did in the browser."""
    for someone in people:
        with journey.database.writing("blind") as db:
            training.take_courses(db, journey.member(someone).marker)


def _practise_unseen(journey: Journey, *people: Someone) -> None:
    """As the first two panel members did in the browser."""
    for someone in people:
        with journey.database.writing("blind") as db:
            board, marker = BoardId.parse(journey.papers.board), journey.member(someone).marker
            training.practise(db, board, marker, PRACTICE_EVIDENCE)


def _fail(visitor: Visitor) -> None:
    visitor.press("Send your answers")
    visitor.says("Select an answer to question 1")
    _answer(visitor, right=False)
    visitor.says("You did not pass this time", "The right answer:")
    visitor.press("Take the quiz again")


@cache
def _key() -> dict[str, str]:
    """The right option of every question of both courses."""
    courses = files("panel.blind.training").joinpath("courses").iterdir()
    asked = [question for course in courses for question in tomllib.loads(course.read_text("utf-8"))["question"]]
    return {question["text"]: question["options"][question["right"] - 1] for question in asked}


def _answer(visitor: Visitor, *, right: bool) -> None:
    for question in visitor.page.locator("form fieldset").all():
        text = question.locator("legend").inner_text().strip().partition(". ")[2]
        options = question.locator(".govuk-radios__item label").all()
        wanted = next(each for each in options if (each.inner_text().strip() == _key()[text]) is right)
        wanted.click()
    visitor.press("Send your answers")


def _refused_before_practice(journey: Journey) -> None:
    visitor = journey.open(MARKERS[1], journey.of_board("/panel/{board}/marking"))
    visitor.says("Before you can mark")


def _practise(journey: Journey, someone: Someone) -> None:
    visitor = journey.open(someone, "/panel/training")
    visitor.follow(f"Practice marking for {TITLE}")
    if someone is MARKERS[0]:
        _forget(visitor)
    _mark_all(visitor, astray=DECIDING if someone is _COACHED else "")
    if someone is _COACHED:
        _be_coached(journey, visitor)
        _mark_all(visitor)
    visitor.says("You have qualified for")
    visitor.press("Go to your training")
    visitor.says("Ready to mark")


def _forget(visitor: Visitor) -> None:
    visitor.press(_NEXT)
    name = visitor.page.locator("h1").inner_text()
    visitor.press("Save and see the agreed score")
    visitor.says("Enter the evidence for your score", f"Select a score for ‘{name}’")
    visitor.follow("Practice marking")


def _mark_all(visitor: Visitor, astray: str = "") -> None:
    """Mark whatever comes next; for the criterion `astray` she is lenient in both attempts to qualify."""
    while visitor.page.get_by_role("button", name=_NEXT).count():
        visitor.press(_NEXT)
        name, caption = visitor.page.locator("h1").inner_text(), visitor.page.locator(".govuk-caption-l").inner_text()
        practising = caption.startswith("Practice script")
        lenient = name == astray and not practising
        agreed = _agreed(visitor.page.locator(".answer").first.inner_text().strip())
        _mark(visitor, 5 if lenient else agreed + (name == FAIRNESS), practising=practising)
        if lenient:
            visitor.says("lenient", "Outside tolerance")
        else:
            visitor.says("within the tolerance" if name == FAIRNESS else "Your score is the agreed score.")


def _agreed(answer: str) -> int:
    """The agreed score of the script with this answer."""
    return next(agreed for samples in SCRIPTS.values() for text, agreed, _reason in samples if text == answer)


def _mark(visitor: Visitor, score: int, *, practising: bool) -> None:
    visitor.fill("Evidence", PRACTICE_EVIDENCE)
    visitor.choose(re.compile(rf"^\s*{score} – "))
    visitor.press("Save and see the agreed score" if practising else "Save your score")


def _be_coached(journey: Journey, visitor: Visitor) -> None:
    visitor.says(f"Ask the chair to coach you on ‘{DECIDING}’")
    _coach(journey, visitor.page.locator("p", has_text="your panel code").locator("strong").inner_text())
    visitor.go(journey.of_board("/panel/{board}/practice"))
    visitor.says("Count what the writer did, not what they think.", "then mark the qualification scripts again")


def _coach(journey: Journey, code: str) -> None:
    visitor = journey.open(CHAIR, journey.of_board("/panel/{board}/practice/panel"))
    visitor.says("Coaching needed", f"Panel member {code}")
    visitor.follow(re.compile(f"{DECIDING} ?, panel member {code}"))
    visitor.press("Save the note and open practice again")
    visitor.says("Enter what the panel member should work on")
    visitor.fill("What to work on", "Count what the writer did, not what they think.")
    visitor.press("Save the note and open practice again")
    visitor.says("Your note is saved, and the panel member can practise again.")


def _look_at_the_panel(journey: Journey) -> None:
    visitor = journey.open(DEPUTY, journey.of_board("/panel/{board}/practice/panel"))
    assert visitor.text().count("Ready to mark") == len(MARKERS)
    assert not any(someone.name in visitor.text() for someone in MARKERS)


def _look_at_the_register(journey: Journey) -> None:
    visitor = journey.open(HR, "/register")
    visitor.says(*(someone.name for someone in MARKERS), "May mark until")
    visitor.go("/courses")
    visitor.follow(_COURSES[0])
    visitor.says("Panel members need version 1.")
