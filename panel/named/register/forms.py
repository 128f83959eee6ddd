"""What is typed on the pages of the register."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Self

from flask import request

from panel.blind.training.edition_queries import Edition
from panel.board.queries import Board
from panel.kernel.ids import BoardId, CertificateCode
from panel.named.register.roll_call import Show
from panel.web.forms import Choice, CodeBox, Day, Form, Line, Menu, Prose

_EVIDENCE_WORDS: Final = 200
_REASON_WORDS: Final = 100
_EVERY: Final = "every"


class Narrowing(Menu):
    """A drop-down that starts with its first choice."""

    def items(self) -> Iterator[dict[str, object]]:
        yield from (item for item in super().items() if item["value"])


class FilterForm(Form):
    """Which part of the register. Sent in the address: it holds no name."""

    show = Narrowing("Show", None, [Choice(each.value, each.label) for each in Show])
    board = Narrowing("Board", None)

    @classmethod
    def over(cls, boards: Iterable[Board]) -> Self:
        """The form for these boards, as it was sent, or showing everybody."""
        sent = {**request.args.to_dict(), **request.form.to_dict()}
        form = cls(data={"show": sent.get("show", Show.ALL.value), "board": sent.get("board", _EVERY)})
        form.board.choices = [Choice(_EVERY, "Every board"), *(Choice(str(each.id), each.title) for each in boards)]
        return form

    @property
    def shown(self) -> Show:
        """What was asked for; everybody, if it is nothing we know."""
        return Show(self.show.data) if self.show.data in {each.value for each in Show} else Show.ALL

    @property
    def wanted(self) -> BoardId | None:
        """The board that was asked for; None for every board."""
        known = {choice.value for choice in self.board.choices} - {_EVERY}
        return BoardId.parse(str(self.board.data)) if self.board.data in known else None


class FindForm(Form):
    """Whose training to look at."""

    who = Line("Name, email address or staff number", "Enter a name, an email address or a staff number", limit=254)


class RecordForm(Form):
    """Training face to face."""

    course = Menu("Course", "Select the course")
    day = Day("Date of the training", "Enter the date of the training", said="The date")
    evidence = Prose("Evidence", "Enter what shows that the training took place", words=_EVIDENCE_WORDS)

    @classmethod
    def among(cls, courses: Sequence[Edition]) -> Self:
        """The form for these courses."""
        form = cls(request.form)
        form.course.choices = [Choice(each.key, each.title) for each in courses]
        return form


class RevokeForm(Form):
    """Why a record is withdrawn."""

    reason = Prose("Reason", "Enter why the record is withdrawn", words=_REASON_WORDS)


class CheckForm(Form):
    """The code of a certificate."""

    code = CodeBox("Certificate code", "Enter the certificate code", of=CertificateCode)
