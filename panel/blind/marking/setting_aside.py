"""A submission whose envelope was opened early leaves every queue and list, for good."""

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from panel.blind.allocation.queries import relieved
from panel.blind.allocation.reallocation import withdraw_all
from panel.blind.marking.models import MarkRevisionRow, MarkRow
from panel.blind.marking.service import drop_drafts
from panel.blind.submissions import service as submissions
from panel.board.lifecycle import UNOPENED, Stage
from panel.board.service import take
from panel.kernel.ids import BoardId, MarkerId, Number, SubmissionRef


def set_aside(db: Session, board: BoardId, number: Number) -> None:
    """Its tasks are withdrawn and nobody gets others; to a marker they are gone, as any that pass on. Raises Missing.

    What was signed stays, for the signature is over it; what was not yet signed of it is forgotten, or nobody could
    sign it any more. Once the board is locked no mark is touched. Nothing is logged here: the opening says it.
    """
    held = take(db, board, *UNOPENED)
    ref = submissions.set_aside(db, board, number)
    drop_drafts(db, withdraw_all(db, board, ref))
    if held.stage is Stage.MARKING:
        _forget_unsigned(db, ref)
    elif held.stage is Stage.MODERATION:
        # what one who dropped out left unsigned stands since moderation began; what a further marker owes does not
        _forget_unsigned(db, ref, but=relieved(db, board))


def _forget_unsigned(db: Session, ref: SubmissionRef, but: Collection[MarkerId] = ()) -> None:
    unsigned = MarkRow.signed.is_(False) & MarkRow.marker.not_in(but)
    query = select(MarkRow.criterion, MarkRow.marker).where(MarkRow.ref == ref, unsigned)
    for criterion, marker in db.execute(query.order_by(MarkRow.criterion, MarkRow.marker)).all():
        for table in (MarkRow, MarkRevisionRow):
            mine = (table.ref == ref) & (table.criterion == criterion) & (table.marker == marker)
            db.execute(delete(table).where(mine).execution_options(synchronize_session=False))
