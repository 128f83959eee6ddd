"""What happens to texts that may name somebody: listed, flagged by a marker, redacted or left by chair or deputy."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.access.roles import Role
from panel.audit.service import append
from panel.blind.submissions import queries, text_queries
from panel.blind.submissions.answers import answers_digest, stored
from panel.blind.submissions.models import RedactionRow, SubmissionRow, TextCheckRow, TextState
from panel.blind.submissions.redaction import hits, redact
from panel.blind.submissions.text_queries import FLAGGED
from panel.board.lifecycle import Stage
from panel.board.service import hold
from panel.kernel.errors import Stale
from panel.kernel.ids import BoardId, SubmissionRef, TextCode

#: From the close until the lock.
DECIDABLE = (Stage.CLOSED, Stage.MARKING, Stage.MODERATION)


class AlreadySettled(Stale):
    """The other leader was first."""

    sentence = "Somebody has already decided about this text."


def look_at(db: Session, board: BoardId, answers: Mapping[SubmissionRef, Mapping[str, str]]) -> None:
    """List every answer in which the soft rules find something. Part of the close."""
    rows = [
        _row(board, ref, criterion, found)
        for ref, texts in answers.items()
        for criterion, text in texts.items()
        if (found := dict.fromkeys(hit.kind.name for hit in hits(text)))
    ]
    if rows:
        # by code: the order of rows on disk must not be the order of the submissions
        db.execute(insert(TextCheckRow), sorted(rows, key=lambda row: str(row["code"])))


def flag(db: Session, board: BoardId, ref: SubmissionRef, criterion: str) -> None:
    """A marker says that this text names somebody: it is to be looked at (again). Who said so is not kept."""
    hold(db, board, Stage.MARKING)
    mine = (TextCheckRow.ref == ref) & (TextCheckRow.criterion == criterion)
    row = db.scalar(select(TextCheckRow).where(mine).with_for_update())
    if row is None:
        try:
            with db.begin_nested():
                db.execute(insert(TextCheckRow).values(**_row(board, ref, criterion, [FLAGGED])))
        except IntegrityError:
            return  # another marker flagged it at the same moment
    else:
        row.state = TextState.OPEN.value
        row.found = " ".join(dict.fromkeys([FLAGGED, *row.found.split()]))
    db.flush()


def remove_words(
    db: Session, actor: Actor, board: BoardId, code: TextCode, passages: Iterable[str], reason: str
) -> None:
    """Decide a redaction: the passages become [removed] in all that is shown from now on.

    Raises WrongStage, Missing, AlreadySettled, NotInText.
    """
    hold(db, board, *DECIDABLE)
    row = _open(db, board, code)
    answers = dict(queries.shown_answers(db, row.ref))
    answers[row.criterion] = redact(answers[row.criterion], passages)
    version = 1 + max((r.version for r in queries.latest_redactions(db, [row.ref]).values()), default=0)
    kept = {"answers": stored(answers), "digest": answers_digest(answers), "reason": reason, "marker": actor.id}
    db.add(RedactionRow(ref=row.ref, version=version, **kept))
    row.state = TextState.SETTLED.value
    number = db.scalars(select(SubmissionRow.number).where(SubmissionRow.ref == row.ref)).one()
    # no digest: it would tell whoever reads the log when a guess at the words removed is right
    facts = {"number": number, "criterion": row.criterion, "version": version}
    append(db, board, "redaction.decided", actor.id, role_on(actor, board), facts)


def leave(db: Session, actor: Actor, board: BoardId, codes: Sequence[TextCode]) -> int:
    """Decide that these texts stay as they are; returns how many were still open. Raises WrongStage, Missing."""
    hold(db, board, *DECIDABLE)
    rows = [text_queries.text_check_row(db, board, code, lock=True) for code in sorted(set(codes))]
    still = [row.code for row in rows if row.state == TextState.OPEN]
    if still:
        db.execute(
            update(TextCheckRow)
            .where(TextCheckRow.code.in_(still))
            .values(state=TextState.SETTLED.value)
            .execution_options(synchronize_session=False)
        )
        append(db, board, "texts.left", actor.id, role_on(actor, board), {"texts": len(still)})
    return len(still)


def role_on(actor: Actor, board: BoardId) -> Role:
    """In which part a leader of the panel acts."""
    return Role.CHAIR if actor.may(Role.CHAIR, board) else Role.DEPUTY


def _open(db: Session, board: BoardId, code: TextCode) -> TextCheckRow:
    row = text_queries.text_check_row(db, board, code)
    # chair and deputy may redact two answers of one submission at once: the second builds on the first's version
    mine = select(TextCheckRow.code).where(TextCheckRow.ref == row.ref).order_by(TextCheckRow.code)
    db.execute(mine.with_for_update()).all()
    db.refresh(row)
    if row.state != TextState.OPEN:
        raise AlreadySettled
    return row


def _row(board: BoardId, ref: SubmissionRef, criterion: str, found: Iterable[str]) -> dict[str, object]:
    return {
        "code": TextCode.new(),
        "board": board,
        "ref": ref,
        "criterion": criterion,
        "found": " ".join(found),
        "state": TextState.OPEN.value,
    }
