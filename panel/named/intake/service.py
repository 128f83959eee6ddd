"""What a candidate does with an application: submit once, look at it, change her mind. Silent in log and mail."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.blind.allocation import service as allocation
from panel.blind.submissions import queries as submission_queries
from panel.blind.submissions import service as submissions
from panel.board.lifecycle import UNOPENED, Stage
from panel.board.service import hold
from panel.kernel.errors import Invalid, Missing
from panel.kernel.ids import AccountId, BoardId, ReceiptCode, RollId, SubmissionRef
from panel.named.intake import drafting, queries, split
from panel.named.intake.checking import require_ready
from panel.named.intake.draft import Draft, StalePart
from panel.named.intake.drafting import AlreadyApplied
from panel.named.intake.models import RollRow, RollState
from panel.named.intake.roots import code_tag
from panel.sealed.equality import service as equality
from panel.sealed.vault import service as vault

#: After the unsealing a result exists, and standing down no longer keeps a name unopened.
STAGES_TO_STAND_DOWN = (Stage.OPEN, *UNOPENED)


class WrongCode(Invalid):
    """No submission of this person on this board is found by the code."""

    sentence = "That code does not open an application of yours on this board. Check it and try again."


@dataclass(frozen=True)
class Lodging:
    """Her code and the ref her receipt is about. `again`: whether it replaced an earlier submission."""

    code: ReceiptCode
    ref: SubmissionRef
    again: bool = False


def submit(db: Session, keys: Path, person: Person, board: BoardId, edition: str, code: ReceiptCode) -> Lodging:
    """Lodge a complete draft, once: answers, envelopes, exclusions and roll in this one transaction, and nothing else.

    `edition` and `code`: those of the draft as it was checked. Pressed twice, or again because the answer was lost on
    its way, it finds what it lodged. Raises what `drafting.accepting` and `may_apply` raise, and StalePart, Incomplete,
    NamesYou, IdentityTooLong and WrongCode.
    """
    hold(db, board)
    draft = queries.draft(db, keys, board, person.account, lock=True)
    if draft is None and (before := _lodged(db, person, board, code)):
        return Lodging(code, before)
    held = drafting.accepting(db, board, person)
    drafting.may_apply(db, board, person.account, draft or Draft())
    if draft is None or (draft.edition, draft.code) != (edition, code):
        raise StalePart
    require_ready(held.policy, draft)
    if draft.amends:
        _remove(db, board, person.account, code)
    ref = SubmissionRef.new()
    _enter(db, board, person.account)
    _lodge(db, board, person.account, ref, code, draft)
    drafting.drop(db, board, person.account)
    return Lodging(code, ref, again=draft.amends)


def view(db: Session, person: Person, board: BoardId, code: ReceiptCode) -> submission_queries.Lodged:
    """The person's own submission, found by her code. Raises WrongCode."""
    try:
        return submission_queries.by_code(db, board, code_tag(board, person.account, code))
    except Missing as error:
        raise WrongCode from error


def amend(db: Session, keys: Path, person: Person, board: BoardId, code: ReceiptCode) -> Draft:
    """Begin a draft from the answers lodged; they stand until the draft is submitted. One already begun is kept.

    Her details, whom she declared and her equality answers are sealed, so those pages start empty. Raises WrongCode,
    StoodDown and what `drafting.accepting` raises.
    """
    held = drafting.accepting(db, board, person)
    lodged = view(db, person, board, code)
    drafting.may_apply(db, board, person.account, Draft(amends=True))
    draft = queries.draft(db, keys, board, person.account, lock=True)
    if draft is None:
        drafting.begin(db, keys, held, person.account)
    if draft is None or not draft.amends:
        draft = Draft(answers=dict(lodged.answers), code=code, amends=True)
        drafting.keep(db, keys, held, person.account, draft)
    return draft


def withdraw(db: Session, person: Person, board: BoardId, code: ReceiptCode) -> None:
    """Take the submission back with its code.

    While the board is open nothing of it is left and she may apply again, even if she had stood down, for the roll must
    name nobody whose envelope is gone. Later it is marked as withdrawn and the roll stays as it is. Raises WrongCode
    and WrongStage.
    """
    held = hold(db, board)
    view(db, person, board, code)
    if held.stage is not Stage.OPEN:
        submissions.withdraw(db, board, code_tag(board, person.account, code))
        return
    _remove(db, board, person.account, code)
    drafting.drop(db, board, person.account)
    _set_state(db, board, person.account, RollState.WITHDRAWN)


def stand_down(db: Session, person: Person, board: BoardId) -> None:
    """Without the code: the roll alone changes, and her number will open to no name. Raises WrongStage and Missing."""
    hold(db, board, *STAGES_TO_STAND_DOWN)
    if queries.state_of(db, board, person.account) is not RollState.APPLIED:
        raise Missing
    _set_state(db, board, person.account, RollState.STOOD_DOWN)


def _lodged(db: Session, person: Person, board: BoardId, code: ReceiptCode) -> SubmissionRef | None:
    if queries.state_of(db, board, person.account) is not RollState.APPLIED:
        return None
    try:
        return view(db, person, board, code).ref
    except WrongCode:
        return None


def _lodge(
    db: Session, board: BoardId, account: AccountId, ref: SubmissionRef, code: ReceiptCode, draft: Draft
) -> None:
    parts = split.split(board, account, ref, draft)
    submissions.lodge(db, board, ref, parts.answers, code_tag(board, account, code))
    vault.seal_identity(db, board, ref, parts.answers_digest, parts.identity)
    equality.seal_answers(db, board, ref, parts.equality)
    allocation.exclude(db, ref, parts.exclusions)


def _remove(db: Session, board: BoardId, account: AccountId, code: ReceiptCode) -> None:
    try:
        ref = submissions.take_back(db, board, code_tag(board, account, code))
    except Missing as error:
        raise WrongCode from error
    vault.discard(db, ref)
    equality.discard(db, ref)
    allocation.forget(db, ref)


def _enter(db: Session, board: BoardId, account: AccountId) -> None:
    if queries.state_of(db, board, account) is not None:
        _set_state(db, board, account, RollState.APPLIED)
        return
    try:
        with db.begin_nested():
            values = {"id": RollId.new(), "board": board, "account": account, "state": RollState.APPLIED.value}
            db.execute(insert(RollRow).values(**values))
    except IntegrityError as error:
        raise AlreadyApplied from error


def _set_state(db: Session, board: BoardId, account: AccountId, state: RollState) -> None:
    mine = (RollRow.board == board) & (RollRow.account == account)
    db.execute(update(RollRow).where(mine).values(state=state.value).execution_options(synchronize_session=False))
