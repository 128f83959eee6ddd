"""What HR chooses about how marking is dealt out, watched and settled."""

from typing import Any

from panel.board.completeness import INTERVALS, LOADS, SAMPLES
from panel.board.conduct import Conduct, Settling, Sharing
from panel.web.forms import Choice, OneOf, Tick, Whole
from panel.web.revision import Revision


class ConductForm(Revision):
    """An empty number means that there is no such rule."""

    sharing = OneOf(
        "What a panel member is given",
        "Select what a panel member is given",
        [
            Choice(Sharing.ANSWER, "Single answers", "No two answers of one candidate are read together."),
            Choice(Sharing.SUBMISSION, "Whole submissions", "The same panel members mark all answers of a candidate."),
        ],
    )
    load_cap = Whole("Most tasks for one panel member", None, lowest=LOADS[0], highest=LOADS[-1])
    seed_every = Whole("Tasks to one seed", None, lowest=INTERVALS[0], highest=INTERVALS[-1])
    repeat_every = Whole("Tasks to one repeat", None, lowest=INTERVALS[0], highest=INTERVALS[-1])
    settling = OneOf(
        "When marks disagree",
        "Select what happens when marks disagree",
        [
            Choice(Settling.DISCUSSION, "The chair settles the score", "With the evidence of all markers at hand."),
            Choice(
                Settling.FURTHER,
                "A further panel member marks first",
                "The chair then settles it, with every mark at hand.",
            ),
        ],
    )
    pass_line = Tick("Also look at candidates whose marks fall on both sides of the pass mark")
    sample_percent = Whole("Percentage of agreeing answers", None, lowest=SAMPLES[0], highest=SAMPLES[-1])

    @classmethod
    def of(cls, conduct: Conduct, sent: Any) -> "ConductForm":
        """What is chosen so far; a rule that is off shows as an empty box."""
        return cls(sent, data={name: value or None for name, value in vars(conduct).items()})

    @property
    def conduct(self) -> Conduct:
        """What was chosen, once the form is valid."""
        return Conduct(
            sharing=Sharing(str(self.sharing.data)),
            load_cap=self.load_cap.number,
            seed_every=self.seed_every.number or 0,
            repeat_every=self.repeat_every.number or 0,
            settling=Settling(str(self.settling.data)),
            pass_line=bool(self.pass_line.data),
            sample_percent=self.sample_percent.number or 0,
        )
