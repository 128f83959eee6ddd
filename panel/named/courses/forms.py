"""What HR types while writing a course."""

from typing import Any, Final, Self

from flask import request

from panel.blind.training.course import (
    LEAST_OPTIONS,
    MOST_ATTEMPTS,
    MOST_MONTHS,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    Course,
    Page,
    Question,
)
from panel.blind.training.course_data import LENGTHS, RANGES
from panel.blind.training.prose import flaws
from panel.web.forms import Choice, Form, Line, OneOf, Prose, Version, Whole
from panel.web.revision import Revision

ONLINE: Final = "online"
FACE_TO_FACE: Final = "face-to-face"
_OPTIONS: Final = tuple(f"option{n}" for n in range(1, MOST_OPTIONS + 1))
_LONGEST_FILE: Final = 400_000


class TitleForm(Form):
    """A new course."""

    title = Line("Title of the course", "Enter the title of the course", limit=LENGTHS["title"])


class AboutForm(TitleForm, Revision):
    """What the course is and what passing it takes."""

    summary = Prose("What it is about", "Enter what the course is about", limit=LENGTHS["summary"])
    way = OneOf(
        "How is it taken?",
        "Select how it is taken",
        [
            Choice(ONLINE, "Online", "Pages to read, then a quiz."),
            Choice(FACE_TO_FACE, "Face to face", "HR records who attended. No pages and no quiz."),
        ],
    )
    minutes = Whole("Minutes it takes", "Enter how many minutes it takes", lowest=1, highest=RANGES["minutes"][1])
    months = Whole(
        "Months that completing it counts",
        "Enter how many months completing it counts",
        lowest=1,
        highest=MOST_MONTHS,
    )
    position = Whole(
        "Place among the courses", "Enter its place among the courses", lowest=1, highest=RANGES["position"][1]
    )
    asked = Whole("Questions that a quiz asks", None, lowest=1, highest=MOST_QUESTIONS)
    percent = Whole("Pass mark in percent", None, lowest=1, highest=100)
    attempts = Whole("Attempts at the quiz", None, lowest=0, highest=MOST_ATTEMPTS)

    @classmethod
    def of(cls, course: Course) -> Self:
        """The form over a draft as it stands."""
        kept = {
            "title": course.title,
            "summary": course.summary,
            "way": ONLINE if course.online else FACE_TO_FACE,
            "minutes": course.minutes,
            "months": course.validity_months,
            "position": course.position,
            "asked": course.asked or None,
            "percent": course.pass_percent,
            "attempts": course.attempts or None,
        }
        return cls(request.form, data=kept)

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: a course that is taken online has a pass mark."""
        sound = super().validate(extra_validators)
        if self.way.data == ONLINE and not self.percent.data:
            self.complain("Enter the pass mark", about=self.percent)
        return sound and not self.errors

    @property
    def about(self) -> dict[str, Any]:
        """The fields of a course that this page sets. Call after `submitted()`."""
        return {
            "title": self.title.data,
            "summary": self.summary.data,
            "online": self.way.data == ONLINE,
            "minutes": self.minutes.number,
            "validity_months": self.months.number,
            "position": self.position.number,
            "asked": self.asked.number or 0,
            "pass_percent": self.percent.number or 100,
            "attempts": self.attempts.number or 0,
        }


class PageForm(Revision):
    """One page."""

    title = Line("Title of the page", "Enter the title of the page", limit=LENGTHS["title"])
    text = Prose("Text of the page", "Enter the text of the page", limit=LENGTHS["text"])

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: a page can show all of the formatting."""
        sound = super().validate(extra_validators)
        found = flaws(self.text.data or "")
        self.complain(*(f"Line {flaw.line}: {flaw.sentence}" for flaw in found), about=self.text)
        return sound and not found

    @property
    def page(self) -> Page:
        """The page. Call after `submitted()`."""
        return Page(self.title.data or "", self.text.data or "")


class QuestionForm(Revision):
    """One question of the bank, with up to six options."""

    text = Prose("Question", "Enter the question", limit=LENGTHS["option"])
    option1 = Line("Option 1", "Enter the first option", limit=LENGTHS["option"])
    option2 = Line("Option 2", "Enter the second option", limit=LENGTHS["option"])
    option3 = Line("Option 3", None, limit=LENGTHS["option"])
    option4 = Line("Option 4", None, limit=LENGTHS["option"])
    option5 = Line("Option 5", None, limit=LENGTHS["option"])
    option6 = Line("Option 6", None, limit=LENGTHS["option"])
    right = OneOf(
        "Which option is right?",
        "Select which option is right",
        [Choice(name, f"Option {name[-1]}") for name in _OPTIONS],
    )
    explanation = Prose("Why it is right", "Enter why it is right", limit=LENGTHS["explanation"])

    @classmethod
    def of(cls, question: Question | None) -> Self:
        """The form for a new question, or over one as it stands."""
        if question is None:
            return cls(request.form)
        options = dict(zip(_OPTIONS, question.options, strict=False))
        kept = {**options, "right": _OPTIONS[question.right], "text": question.text}
        return cls(request.form, data={**kept, "explanation": question.explanation})

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: the options differ, and the right one is among them."""
        sound = super().validate(extra_validators)
        given = self._given()
        seen: set[str] = set()
        for name, option in given.items():
            if option in seen:
                self.complain("Each option must be different", about=self[name])
            seen.add(option)
        if not self.right.errors and self.right.data not in given:
            self.complain("Select an option that you have entered", about=self.right)
        return sound and not self.errors and len(given) >= LEAST_OPTIONS

    @property
    def question(self) -> Question:
        """The question; boxes left empty between options close up. Call after `submitted()`."""
        given = self._given()
        right = list(given).index(str(self.right.data))
        words = ((self.text.data or "").replace("\n", " "), (self.explanation.data or "").replace("\n", " "))
        return Question(words[0], tuple(given.values()), right, words[1])

    def _given(self) -> dict[str, str]:
        return {name: str(self[name].data) for name in _OPTIONS if self[name].data}


class AtVersion(Form):
    """A button that acts on the draft as the page showed it."""

    version = Version()


class PublishForm(AtVersion):
    """Whether what was completed before goes on counting."""

    retake = OneOf(
        "What about those who completed an earlier version?",
        "Select what happens to those who completed an earlier version",
        [
            Choice("counts", "What they completed still counts", "Until the day on which it expires."),
            Choice("again", "They take the course again", "Until they have, they cannot mark."),
        ],
    )


class LoadForm(Form):
    """A course as text."""

    text = Prose("Text of the course", "Paste the text of the course", limit=_LONGEST_FILE)
