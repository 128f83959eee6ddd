"""What HR types while setting a board up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from panel.board.completeness import MARKERS, WEIGHTS, WORD_LIMITS
from panel.board.policy import POINTS, Criterion, Kind, Policy
from panel.board.retention import MONTHS
from panel.board.scales import SCALES
from panel.named.setup.moment import NoSuchTime, moment
from panel.web.forms import Choice, Day, Form, Hidden, Line, OneOf, Paste, Prose, SomeOf, Tick, Whole
from panel.web.revision import Revision

OWN_QUESTION: Final = "question"
OVER_ALL: Final = "whole"


class TitleForm(Form):
    """A new board."""

    title = Line("Title of the board", "Enter the title of the board", limit=120)


class AboutForm(TitleForm, Revision):
    """What the board is for and who may apply."""

    rank = Line("Rank applied for", "Enter the rank applied for", limit=60)
    workforce_group = Line("Who may apply", "Enter who may apply", limit=120)
    about = Prose("What candidates read first", None, limit=8000)
    retention_months = Whole(
        "Months that texts and names are kept",
        "Enter how many months texts and names are kept",
        lowest=MONTHS[0],
        highest=MONTHS[-1],
    )


class FrameworkForm(Revision):
    """Which framework version."""

    framework = OneOf("Framework", "Select a framework")


class LevelForm(Revision):
    """Which of its levels."""

    level = OneOf("Level", "Select a level")


class CriteriaForm(Revision):
    """Which competencies and values."""

    competencies = SomeOf("Competencies", "Select at least one competency")
    values = SomeOf("Values", None)

    @property
    def names(self) -> frozenset[str]:
        """Everything ticked."""
        return self.competencies.chosen | self.values.chosen


class CriterionForm(Revision):
    """One criterion: its question and its weight."""

    judged = OneOf(
        "How is it judged?",
        "Select how it is judged",
        [
            Choice(OVER_ALL, "Over the whole submission", "Markers read all answers together."),
            Choice(OWN_QUESTION, "By a question of its own"),
        ],
    )
    level = OneOf("Level", "Select a level")
    question = Prose("Question", None, limit=2000)
    word_limit = Whole("Word limit", None, lowest=WORD_LIMITS[0], highest=WORD_LIMITS[-1])
    weight = Whole("Weight", "Enter the weight", lowest=WEIGHTS[0], highest=WEIGHTS[-1])

    @classmethod
    def for_criterion(cls, criterion: Criterion, levels: Sequence[Choice], sent: Any) -> "CriterionForm":
        """Without the parts that this kind of criterion does not have."""
        form = cls(
            sent,
            data={
                "judged": OVER_ALL if criterion.whole else OWN_QUESTION,
                "level": str(criterion.level),
                "question": criterion.question,
                "word_limit": criterion.word_limit,
                "weight": criterion.weight,
            },
        )
        if criterion.kind is Kind.COMPETENCY:
            del form.judged
            form.level.choices = levels
        else:
            del form.level
        form._demand_question()
        return form

    @property
    def whole(self) -> bool:
        """Whether it is judged over the whole submission."""
        return "judged" in self and self.judged.data == OVER_ALL

    def _demand_question(self) -> None:
        if not self.whole:
            self.question.need = "Enter the question"
            self.word_limit.need = "Enter the word limit"


class ScaleForm(Revision):
    """A ready-made scale."""

    scale = OneOf("Scale", "Select a scale")
    own = Tick("Use the anchors that the framework gives for each criterion")

    def offer(self) -> None:
        """Show what every score of each scale is called."""
        self.scale.choices = [
            Choice(name, name.replace("-", " to "), ", ".join(point.label.lower() for point in scale.points))
            for name, scale in SCALES.items()
        ]


class MarkingForm(Revision):
    """How many mark, and how far they may differ."""

    markers = Whole(
        "Markers for each answer", "Enter the markers for each answer", lowest=MARKERS[0], highest=MARKERS[-1]
    )
    tolerance = Whole("Tolerance", "Enter the tolerance", lowest=0, highest=POINTS[-1] - 1)

    @classmethod
    def for_policy(cls, policy: Policy, sent: Any) -> "MarkingForm":
        """A tolerance as wide as the scale would tolerate everything."""
        form = cls(sent, data={"markers": policy.markers_per_answer, "tolerance": policy.tolerance})
        if policy.scale.points:
            form.tolerance.highest = len(policy.scale.points) - 2
        return form


class DeadlineForm(Revision):
    """A moment in UK time."""

    day = Day("Date", "Enter the date of the deadline")
    time = Line("Time", "Enter the time of the deadline", limit=10)

    deadline: datetime

    def validate(self, extra_validators: Any = None) -> bool:
        """Also puts date and time together, as `deadline` in UTC."""
        if not super().validate(extra_validators) or self.day.on is None:
            return False
        try:
            self.deadline = moment(self.day.on, self.time.data or "")
        except NoSuchTime as error:
            self.time.errors = [error.message]
            return False
        return True


class PersonForm(Form):
    """Who is to take a part."""

    who = Line("Name, email address or staff number", "Enter a name, an email address or a staff number", limit=254)


class PickForm(Form):
    """Which of several people was meant; `who` is what was looked for."""

    who = Hidden()
    account = OneOf("Select the person", "Select the person")


class RemoveForm(Form):
    """Whose part ends."""

    account = Hidden()


class AwayForm(Form):
    """Which panel member is away, or is not."""

    account = Hidden()
    state = Hidden()


class QuorumForm(Revision):
    """How many custodians open the names."""

    quorum = OneOf("Custodians needed to open the names", "Select how many custodians are needed")


class LoadForm(Form):
    """A framework as text."""

    kind = OneOf(
        "What kind of text is it?",
        "Select what kind of text it is",
        [Choice("toml", "TOML"), Choice("csv", "CSV, or rows copied out of a spreadsheet")],
    )
    text = Paste("Text of the framework", "Paste the text of the framework", limit=400_000)
