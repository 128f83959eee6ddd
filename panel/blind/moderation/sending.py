"""Answers that go to a further marker, and answers a leader looks at and lets stand. No mark is ever touched."""

from collections import defaultdict

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.audit.service import append
from panel.blind.allocation.further import deal_further
from panel.blind.marking.handover import pass_on_further
from panel.blind.moderation import queries
from panel.blind.moderation.answers import MOST_CHARACTERS, Answer, Standing
from panel.blind.moderation.course_queries import asked
from panel.blind.moderation.deciding import NothingToLookAt, demand_unseen, demand_unsent
from panel.blind.moderation.models import AgreedScoreRow, FurtherRow, LookRow
from panel.board.lifecycle import Stage
from panel.board.queries import Board
from panel.board.retention import DESTROYED
from panel.board.service import hold, take
from panel.kernel.encoding import Json, digest
from panel.kernel.errors import Invalid, Stale
from panel.kernel.ids import BoardId, Number, SubmissionRef
from panel.web.text import clean


class NoReason(Invalid):
    """Whoever sends an answer on says why; `details` say what to do."""

    sentence = "Enter why a further marker is needed"


class AskedMeanwhile(Stale):
    """Another marker has been asked since the page was opened, and may be at work."""

    sentence = "Another marker has been asked since you opened this page. Give them time to mark the answer."


def further(db: Session, board: BoardId, ref: SubmissionRef, criterion: str, actor: Actor, *, reason: str) -> bool:
    """Send one answer to a further marker, whether its marks agree or not; whether somebody may mark it.

    All its marks then count alike. An agreed score that it had falls away, since a mark comes that nobody had seen.
    Raises Missing, WrongStage, OutWithMarker, HadFurther, DecidedRedaction and NoReason.
    """
    held = take(db, board, Stage.MODERATION)
    role = queries.leading(db, board, actor)
    answer = queries.answer(db, held, queries.number_of(db, board, ref), criterion)
    demand_unsent(answer, redacted=answer.ref in queries.barred(db, board, actor.id))
    why = _reason(reason)
    _send(db, held, [answer], actor, why)
    dealt, _lacking = deal_further(db, held, [(ref, criterion)])
    told: dict[str, Json] = {"number": answer.number, "criterion": criterion, "found": dealt}
    append(db, board, "answer.sent_on", actor.id, role, told | {"reason_digest": digest(why.encode()).hex()})
    return bool(dealt)


def send_disputed(db: Session, board: BoardId, actor: Actor) -> int:
    """Send every answer that the rules give to a further marker first; how many found one.

    Where nobody is left who may mark an answer, it is settled without. Raises Missing and WrongStage.
    """
    held = take(db, board, Stage.MODERATION)
    role = queries.leading(db, board, actor)
    found = [answer for answer in queries.answers(db, held) if answer.standing is Standing.TO_SEND]
    if not found:
        return 0
    _send(db, held, found, actor, "")
    dealt, _lacking = deal_further(db, held, [(answer.ref, answer.criterion) for answer in found])
    numbers: dict[str, list[Json]] = defaultdict(list)
    for answer in found:
        numbers[answer.criterion].append(answer.number)
    for criterion, those in numbers.items():
        append(db, board, "answers.sent_on", actor.id, role, {"criterion": criterion, "numbers": those})
    return dealt


def ask_another(
    db: Session, board: BoardId, actor: Actor, number: Number, criterion: str, seen: int | None = None
) -> bool:
    """The further mark of an answer does not come: ask another marker; whether there is one.

    `seen`: how many had been asked when the page was shown, so that a form sent twice takes nothing from the next one.
    Raises Missing, WrongStage, NothingToLookAt and AskedMeanwhile.
    """
    held = take(db, board, Stage.MODERATION)
    role = queries.leading(db, board, actor)
    answer = queries.answer(db, held, number, criterion)
    if answer.standing is not Standing.WAITING:
        raise NothingToLookAt
    if seen not in (None, asked(db, answer)):
        raise AskedMeanwhile
    found = pass_on_further(db, held, (answer.ref, criterion))
    append(db, board, "answer.asked_again", actor.id, role, {"number": number, "criterion": criterion, "found": found})
    return bool(found)


def let_stand(db: Session, board: BoardId, actor: Actor, number: Number, criterion: str) -> None:
    """A leader has looked at an answer whose marks agree: their mean stands.

    Raises Missing, WrongStage, NothingToLookAt and DecidedRedaction.
    """
    held = hold(db, board, Stage.MODERATION)
    role = queries.leading(db, board, actor)
    answer = queries.answer(db, held, number, criterion)
    demand_unseen(answer, redacted=answer.ref in queries.barred(db, board, actor.id))
    db.merge(LookRow(ref=answer.ref, criterion=criterion, board=board, marker=actor.id))
    db.flush()
    append(db, board, "answer.looked_at", actor.id, role, {"number": number, "criterion": criterion})


def destroy_sending(db: Session, board: BoardId) -> None:
    """Part of archiving: why answers were sent to further markers reads as destroyed."""
    gone = update(FurtherRow).where(FurtherRow.board == board, FurtherRow.reason != "").values(reason=DESTROYED)
    db.execute(gone.execution_options(synchronize_session=False))


def _reason(reason: str) -> str:
    text = clean(reason)
    if not text:
        raise NoReason(details=[NoReason.sentence])
    if len(text) > MOST_CHARACTERS:
        raise NoReason(details=[f"Reason must be {MOST_CHARACTERS:,} characters or fewer"])
    return text


def _send(db: Session, board: Board, answers: list[Answer], actor: Actor, why: str) -> None:
    given = {"board": board.id, "reason": why, "marker": actor.id}
    rows = [
        {"ref": each.ref, "criterion": each.criterion, "agreed": not each.discrepancy.disputed, **given}
        | {"version": each.version + 1}
        for each in answers
    ]
    db.execute(insert(FurtherRow), rows)
    for each in answers:
        if each.agreed is not None:
            same = (AgreedScoreRow.ref == each.ref) & (AgreedScoreRow.criterion == each.criterion)
            db.execute(delete(AgreedScoreRow).where(same).execution_options(synchronize_session="fetch"))
