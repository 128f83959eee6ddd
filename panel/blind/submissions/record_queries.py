"""The texts of a closed board for its record: as lodged, and as the panel was last shown them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.blind.submissions.answers import read
from panel.blind.submissions.models import SubmissionRow
from panel.blind.submissions.queries import latest_redactions_on
from panel.kernel.ids import BoardId, Number


@dataclass(frozen=True)
class Text:
    """One submission's answers by criterion key; None once they are destroyed.

    `version` counts the redactions, and `shown` is the last; 0 and None where no word was removed.
    """

    number: Number
    lodged: Mapping[str, str] | None
    shown: Mapping[str, str] | None
    version: int


def texts(db: Session, board: BoardId, *, destroyed: bool) -> tuple[Text, ...]:
    """Every submission's texts, by number. `destroyed`: only how often words were removed is left."""
    query = (
        select(SubmissionRow.number, SubmissionRow.ref, SubmissionRow.answers)
        .where(SubmissionRow.board == board, SubmissionRow.number.is_not(None))
        .order_by(SubmissionRow.number)
    )
    later = latest_redactions_on(db, board)
    found = []
    for number, ref, answers in db.execute(query):
        cut = later.get(ref)
        shown = read(cut.answers) if cut and not destroyed else None
        if number is not None:
            found.append(Text(number, None if destroyed else read(answers), shown, cut.version if cut else 0))
    return tuple(found)
