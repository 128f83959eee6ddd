"""The forms of results."""

from panel.named.results.queries import Candidate
from panel.web.forms import Choice, Form, SomeOf, Tick


class ApproveForm(Form):
    """Which notes go to one candidate; what is not ticked is withheld."""

    approved = SomeOf("Notes that go to the candidate", None, said="Notes")

    def offer(self, candidate: Candidate) -> "ApproveForm":
        """Offer this candidate's notes, each as `criterion.digest`."""
        notes = [(each.criterion.key, note.digest) for each in candidate.judged for note in each.notes]
        self.approved.choices = [Choice(f"{criterion}.{digest.hex()}", "") for criterion, digest in notes]
        return self

    def chosen(self) -> set[tuple[str, bytes]]:
        """The ticked notes as (criterion key, digest)."""
        pairs = (str(each).rsplit(".", 1) for each in self.approved.data or [])
        return {(criterion, bytes.fromhex(digest)) for criterion, digest in pairs}


class ArchiveForm(Form):
    """Archiving destroys."""

    sure = Tick(
        "I want to destroy the texts and names of this board",
        "Confirm that you want to destroy the texts and names of this board",
    )


class PublishForm(Form):
    """HR signs the publication."""

    decided = Tick(
        "I have decided what feedback each candidate gets",
        "Confirm that you have decided what feedback each candidate gets",
    )
