"""HR makes a board in steps, from the demonstration framework, and gives everybody a part."""

import re

from tests.browser import Visitor
from tests.journeys.cast import AUDITOR, CHAIR, CUSTODIANS, DEPUTY, HR, MARKERS, ROSE, Someone
from tests.journeys.journey import TITLE, Journey
from tests.journeys.texts import DECIDING, FAIRNESS, QUESTIONS, STEADYING

_SAVE = "Save and continue"


def play(journey: Journey) -> None:
    """A complete draft that lacks nothing but its keyholders' keys."""
    visitor = _begin(journey)
    _about(visitor)
    _deadline(visitor)
    _framework(visitor)
    _criteria(visitor)
    _scale(visitor)
    _rule(visitor)
    _marking(visitor)
    _people(visitor)
    _quorum(visitor)
    _review(visitor)


def frameworks(journey: Journey) -> None:
    """The library, and a framework of the force's own: pasted wrongly, checked, and taken."""
    visitor = journey.open(HR, "/frameworks")
    visitor.says("Lodestar framework", "Names only")
    visitor.follow(re.compile("Lodestar framework"))
    visitor.says("Steadying a situation", "No force has adopted it.")
    visitor.go("/frameworks/load")
    visitor.press("Check")
    visitor.says("Paste the text of the framework")
    visitor.fill("Text of the framework", 'name = "Ours"\nversion = "1"')
    visitor.press("Check")
    visitor.says("There is a problem")


def _begin(journey: Journey) -> Visitor:
    frameworks(journey)
    visitor = journey.open(HR, "/boards")
    visitor.says("You do not run a board yet.")
    visitor.press("Begin a board")
    visitor.press("Begin")
    visitor.says("Enter the title of the board")
    visitor.fill("Title of the board", TITLE)
    visitor.press("Begin")
    visitor.says(f"Set up {TITLE}", "Incomplete")
    found = re.fullmatch(r"/boards/([0-9a-f]{32})/setup", visitor.path())
    assert found
    journey.papers.board = found[1]
    return visitor


def _about(visitor: Visitor) -> None:
    visitor.follow("About the board")
    visitor.press(_SAVE)
    visitor.says("Enter the rank applied for", "Enter who may apply")
    visitor.fill("Rank applied for", "inspector")
    visitor.fill("Who may apply", "substantive sergeants of this force and others")
    visitor.fill("What candidates read first", "There are six vacancies. A pass lasts for two years.")
    visitor.press(_SAVE)
    visitor.says("Your changes are saved.")


def _deadline(visitor: Visitor) -> None:
    visitor.follow("Deadline")
    visitor.fill("Time", "half past")
    visitor.press(_SAVE)
    visitor.says("Enter the date of the deadline")
    for box, typed in (("Day", "30"), ("Month", "2"), ("Year", "2027")):
        visitor.fill(box, typed)
    visitor.press(_SAVE)
    visitor.says("Date must be a real date")
    for box, typed in (("Day", "29"), ("Month", "1"), ("Year", "2027")):
        visitor.fill(box, typed)
    visitor.press(_SAVE)
    visitor.says("Time must be a time of day, like 17:00 or 5pm")
    visitor.fill("Time", "noon")
    visitor.press(_SAVE)


def _framework(visitor: Visitor) -> None:
    visitor.follow("Framework and level")
    visitor.press(_SAVE)
    visitor.says("Select a framework")
    visitor.choose(re.compile("Lodestar"))
    visitor.press(_SAVE)
    visitor.press(_SAVE)
    visitor.says("Select a level")
    visitor.choose("Level 2: Leading a team")
    visitor.press(_SAVE)


def _criteria(visitor: Visitor) -> None:
    visitor.follow("Competencies and values")
    visitor.press(_SAVE)
    visitor.says("Select at least one competency")
    for name in (STEADYING, DECIDING, FAIRNESS):
        visitor.choose(name)
    visitor.press(_SAVE)
    for name in (STEADYING, DECIDING):
        visitor.follow(name)
        if name == STEADYING:
            visitor.press(_SAVE)
            visitor.says("Enter the question")
        visitor.fill("Question", QUESTIONS[name])
        visitor.fill("Word limit", "200")
        visitor.fill("Weight", "2" if name == STEADYING else "1")
        visitor.press(_SAVE)
    visitor.follow(FAIRNESS)
    visitor.choose("Over the whole submission")
    visitor.press(_SAVE)


def _scale(visitor: Visitor) -> None:
    visitor.follow("Scale and anchors")
    visitor.press(_SAVE)
    visitor.says("Select a scale")
    visitor.choose("1 to 5")
    visitor.press(_SAVE)
    visitor.says("Labels and anchors")
    visitor.fill("Label of score 3", "")
    visitor.press(_SAVE)
    visitor.says("Enter the label of score 3")
    visitor.fill("Label of score 3", "Sound")
    visitor.press(_SAVE)


def _rule(visitor: Visitor) -> None:
    visitor.follow("Pass mark, floors and tie-break")
    visitor.fill("Pass mark", "90")
    visitor.press(_SAVE)
    visitor.says("Pass mark must be between 4 and 20")
    visitor.fill("Pass mark", "12")
    for name in (STEADYING, DECIDING):
        visitor.page.get_by_label(name, exact=True).select_option(value="2")
    visitor.page.get_by_label("First tie-break", exact=True).select_option(label=STEADYING)
    visitor.press(_SAVE)


def _marking(visitor: Visitor) -> None:
    visitor.follow("Markers, tolerance and checks")
    visitor.fill("Tolerance", "many")
    visitor.press(_SAVE)
    visitor.says("Tolerance must be a whole number")
    visitor.fill("Tolerance", "1")
    visitor.press(_SAVE)
    visitor.fill("Percentage of agreeing answers", "120")
    visitor.press(_SAVE)
    visitor.says("Percentage of agreeing answers must be between 0 and 100")
    visitor.fill("Percentage of agreeing answers", "")
    visitor.fill("Tasks to one seed", "5")
    visitor.press(_SAVE)


def _people(visitor: Visitor) -> None:
    visitor.follow("Panel members")
    visitor.press("Add")
    visitor.says("Enter a name, an email address or a staff number")
    visitor.fill("Add a person", "Nobody Inparticular")
    visitor.press("Add")
    visitor.says("No account has this name, email address or staff number")
    _add(visitor, *MARKERS)
    _add(visitor, CHAIR)
    visitor.press(f"Remove {CHAIR.name}")
    visitor.fill("Add a person", "Ro")
    visitor.press("Add")
    visitor.says("Select the person")
    visitor.press("Add")
    visitor.says("There is a problem")
    visitor.follow("Back")
    for link, people in (("Chair", (CHAIR,)), ("Deputies", (DEPUTY,)), ("Auditor", (AUDITOR,))):
        visitor.follow("Back to the steps")
        visitor.follow(link)
        _add(visitor, *people)
    visitor.fill("Add a person", MARKERS[0].email)
    visitor.press("Add")
    visitor.says("There is a problem")
    visitor.follow("Back to the steps")
    visitor.follow("Custodians")
    _add(visitor, *CUSTODIANS)
    visitor.follow("Back to the steps")


def _add(visitor: Visitor, *people: Someone) -> None:
    for someone in people:
        visitor.fill("Add a person", someone.staff_no)
        visitor.press("Add")
        visitor.says(someone.name, someone.email)


def _quorum(visitor: Visitor) -> None:
    visitor.follow("Quorum")
    visitor.choose("2 of 3")
    visitor.press(_SAVE)
    visitor.says("2 of 3 custodians open the names")
    assert "Incomplete" not in visitor.text(), visitor.text()


def _review(visitor: Visitor) -> None:
    visitor.press("See what candidates will see")
    visitor.says(
        QUESTIONS[STEADYING], CHAIR.name, "You pass with a total of 12 or more out of 20.", "Needs a score of 2"
    )
    assert ROSE.name not in visitor.text()
    visitor.follow(TITLE)
    visitor.follow("Open this board")
