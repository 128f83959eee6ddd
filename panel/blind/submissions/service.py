"""What happens to submissions: lodged, taken back, dealt their numbers, withdrawn. None of it writes to the log."""

import secrets
from collections.abc import Mapping

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from panel.blind.submissions.answers import Answers, answers_digest, check, read, stored
from panel.blind.submissions.models import RedactionRow, State, SubmissionRow, TextCheckRow
from panel.blind.submissions.queries import submission_row
from panel.blind.submissions.texts import look_at
from panel.board.lifecycle import UNOPENED, Stage
from panel.board.queries import Board
from panel.board.retention import DESTROYED
from panel.board.service import hold
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, Number, SubmissionRef


def lodge(db: Session, board: BoardId, ref: SubmissionRef, answers: Answers, code_tag: bytes) -> bytes:
    """Keep a candidate's answers under a fresh ref; returns their digest. Part of the lodging, which is silent.

    Raises WrongStage unless the board is open, and AnswersRefused.
    """
    held = hold(db, board, Stage.OPEN)
    check(held.policy, answers)
    content = answers_digest(answers)
    row = {"ref": ref, "board": board, "number": None, "answers": stored(answers), "answers_digest": content}
    db.execute(insert(SubmissionRow).values(**row, code_tag=code_tag, state=State.LODGED))
    return content


def take_back(db: Session, board: BoardId, code_tag: bytes) -> SubmissionRef:
    """While the board is open: delete the submission a receipt code opens, to amend or withdraw it; returns its ref.

    Raises WrongStage and Missing.
    """
    hold(db, board, Stage.OPEN)
    ref = submission_row(db, board, code_tag).ref
    db.execute(delete(SubmissionRow).where(SubmissionRow.ref == ref))
    return ref


def withdraw(db: Session, board: BoardId, code_tag: bytes) -> None:
    """After the close: take the submission out of the result. Nothing else changes, and nobody is told before the lock.

    Raises WrongStage and Missing.
    """
    hold(db, board, *UNOPENED)
    row = submission_row(db, board, code_tag)
    # one that was set aside gets no result as it is, and must not come back among those that are marked
    if row.state != State.SET_ASIDE:
        row.state = State.WITHDRAWN.value
    db.flush()


def set_aside(db: Session, board: BoardId, number: Number) -> SubmissionRef:
    """Its envelope was opened early: it leaves every list, that of texts to look at too, for good. Raises Missing."""
    row = db.scalar(select(SubmissionRow).where(SubmissionRow.board == board, SubmissionRow.number == number))
    if row is None:
        raise Missing
    row.state = State.SET_ASIDE.value
    db.execute(delete(TextCheckRow).where(TextCheckRow.ref == row.ref).execution_options(synchronize_session=False))
    db.flush()
    return row.ref


def rewrite(db: Session, board: BoardId) -> int:
    """Part of the close: write a board's submissions anew in random order, deal their numbers by a second draw, and
    list the texts that somebody must look at. Returns how many submissions there are.
    """
    query = select(*SubmissionRow.__table__.c).where(SubmissionRow.board == board).order_by(SubmissionRow.ref)
    rows = [dict(row._mapping) for row in db.execute(query)]  # noqa: SLF001 - SQLAlchemy's public name for a row's mapping
    secrets.SystemRandom().shuffle(rows)
    db.execute(delete(SubmissionRow).where(SubmissionRow.board == board))
    if rows:
        numbers = Number.deal(len(rows))
        db.execute(insert(SubmissionRow), [row | {"number": n} for row, n in zip(rows, numbers, strict=True)])
    look_at(db, board, {row["ref"]: _answers(row) for row in rows})
    return len(rows)


def destroy_texts(db: Session, board: Board) -> None:
    """Part of archiving: every answer, as lodged and as redacted, reads as destroyed."""
    gone = stored({criterion.key: DESTROYED for criterion in board.policy.questions})
    here = SubmissionRow.board == board.id
    redacted = RedactionRow.ref.in_(select(SubmissionRow.ref).where(here))
    unsynchronised = {"synchronize_session": False}
    db.execute(update(SubmissionRow).where(here).values(answers=gone).execution_options(**unsynchronised))
    values = {"answers": gone, "reason": DESTROYED}
    db.execute(update(RedactionRow).where(redacted).values(**values).execution_options(**unsynchronised))


def _answers(row: Mapping[str, str]) -> Mapping[str, str]:
    return read(row["answers"])
