"""The forms of training: a quiz, a practice mark, a practice script, a coaching note."""

from collections.abc import Sequence
from typing import Final, Self, cast

from flask import request

from panel.blind.training.course_queries import Asked
from panel.blind.training.desk import Script
from panel.blind.training.purpose import Purpose
from panel.board.policy import Point
from panel.web.forms import Choice, Form, OneOf, Prose, Version

_EVIDENCE_WORDS: Final = 300
_ANSWER_WORDS: Final = 2000
_NOTE_WORDS: Final = 500
_PURPOSES: Final = {
    Purpose.PRACTICE: "Practice",
    Purpose.QUALIFICATION: "Qualification",
    Purpose.SECOND: "Second attempt at qualifying",
}


class QuizForm(Form):
    """One attempt at a quiz: a question for each field, in the order drawn for the attempt."""

    attempt = Version()

    @classmethod
    def asking(cls, questions: Sequence[Asked], attempt: int) -> Self:
        """The form for these questions."""
        fields = {f"question{n}": _question(n, asked) for n, asked in enumerate(questions, start=1)}
        return cast(Self, type(cls.__name__, (cls,), fields)(request.form, data={"attempt": attempt}))

    @property
    def questions(self) -> list[OneOf]:
        """The fields of the questions, in order."""
        return [field for field in self if isinstance(field, OneOf)]

    def chosen(self) -> tuple[int, ...]:
        """The places of the chosen options. Call after `submitted()`."""
        return tuple(int(str(field.data)) for field in self.questions)


class PracticeForm(Form):
    """A score and evidence for one practice script."""

    attempt = Version()
    evidence = Prose("Evidence", "Enter the evidence for your score", words=_EVIDENCE_WORDS)
    score = OneOf("Score", None)

    @classmethod
    def on(cls, scale: Sequence[Point], criterion: str, attempt: int) -> Self:
        """The form for the next try at a script."""
        form = cls(request.form, data={"attempt": attempt})
        form.score.choices = _scores(scale)
        form.score.need = f"Select a score for ‘{criterion}’"
        return form

    @property
    def points(self) -> int:
        """The score. Call after `submitted()`."""
        return int(str(self.score.data))


class SampleForm(Form):
    """A sample answer, the agreed score and the reason for it: all there is to a seed."""

    version = Version()
    answer = Prose("Answer", "Enter the answer that panel members will mark", words=_ANSWER_WORDS)
    agreed = OneOf("Agreed score", "Select the agreed score")
    reason = Prose("Reason for the agreed score", "Enter the reason for the agreed score", words=_NOTE_WORDS)

    @classmethod
    def on(cls, scale: Sequence[Point], stored: Script | None = None, words: int | None = None) -> Self:
        """The form for a new one, or for one as it stands. `words`: the limit that candidates have."""
        data = {"version": 1} if stored is None else {**vars(stored), "agreed": str(stored.agreed)}
        form = cls(request.form, data=data)
        form.agreed.choices = _scores(scale)
        form.answer.words = words or _ANSWER_WORDS
        return form

    def sample(self) -> tuple[str, int, str]:
        """Answer, agreed score and reason. Call after `submitted()`."""
        return self.answer.data or "", int(str(self.agreed.data)), self.reason.data or ""


class ScriptForm(SampleForm):
    """A script that is met before marking: a sample answer, and what it is for."""

    purpose = OneOf(
        "What the script is for",
        "Select what the script is for",
        [Choice(purpose, word) for purpose, word in _PURPOSES.items()],
    )

    @property
    def aim(self) -> Purpose:
        """What it is for. Call after `submitted()`."""
        return Purpose(str(self.purpose.data))


class CoachingForm(Form):
    """What the chair writes for a marker after coaching."""

    note = Prose("What to work on", "Enter what the panel member should work on", words=_NOTE_WORDS)


def _scores(scale: Sequence[Point]) -> list[Choice]:
    return [Choice(str(point.score), f"{point.score} – {point.label}") for point in scale]


def _question(number: int, asked: Asked) -> OneOf:
    options = [Choice(str(place), option) for place, option in enumerate(asked.options)]
    return OneOf(f"{number}. {asked.text}", f"Select an answer to question {number}", options)
