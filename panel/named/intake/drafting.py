"""Writing an application: a draft is kept part by part, encrypted, until it is submitted or the board closes."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.board.lifecycle import Stage, WrongStage
from panel.board.queries import Board, boards
from panel.board.service import hold
from panel.kernel import clock, keyfiles
from panel.kernel.errors import Missing, Refused
from panel.kernel.ids import AccountId, BoardId, ReceiptCode
from panel.named.intake import locker, queries
from panel.named.intake.draft import Draft, size
from panel.named.intake.models import DraftRow, RollState


class DeadlinePassed(Refused):
    """The deadline stops candidates' edits; a person closes the board."""

    sentence = "The deadline for this board has passed."


class HoldsAnotherPart(Refused):
    """Duties apart: a candidate has no other part on the board."""

    sentence = "You have another part on this board, so you cannot apply to it."


class AlreadyApplied(Refused):
    """Each person applies once."""

    sentence = "You have already applied to this board. Use your receipt code to change or withdraw your application."


class StoodDown(Refused):
    """Without her code nobody can tell which submission is hers, so a second one would be one too many."""

    sentence = "You stood down from this board. To apply to it again, first withdraw with your receipt code."


def save(db: Session, keys: Path, person: Person, board: BoardId, change: Callable[[Draft], Draft]) -> Draft:
    """Keep one change of a draft, such as `lambda draft: draft.answered(key, version, text)`.

    Raises what `accepting` and `may_apply` raise, StalePart and DraftTooLong.
    """
    held = accepting(db, board, person)
    draft = queries.draft(db, keys, board, person.account, lock=True)
    may_apply(db, board, person.account, draft or Draft())
    changed = change(draft or begin(db, keys, held, person.account))
    keep(db, keys, held, person.account, changed)
    return changed


def accepting(db: Session, board: BoardId, person: Person) -> Board:
    """The board, held, if this person may write an application to it now.

    Raises Missing, WrongStage, HoldsAnotherPart and DeadlinePassed.
    """
    held = hold(db, board)
    if held.policy_digest is None:
        raise Missing  # never opened: to a candidate there is no such board yet
    if held.stage is not Stage.OPEN:
        raise WrongStage
    if queries.other_part(person, board):
        raise HoldsAnotherPart
    if held.deadline is None or clock.now() > held.deadline:
        raise DeadlinePassed
    return held


def may_apply(db: Session, board: BoardId, account: AccountId, draft: Draft) -> None:
    """Once only, unless she changes what she lodged. Raises AlreadyApplied and StoodDown."""
    state = queries.state_of(db, board, account)
    if state is RollState.STOOD_DOWN:
        raise StoodDown
    if state is RollState.APPLIED and not draft.amends:
        raise AlreadyApplied


def drop(db: Session, board: BoardId, account: AccountId) -> None:
    """The draft is no longer needed: submitted, or the application withdrawn."""
    db.execute(delete(DraftRow).where(DraftRow.board == board, DraftRow.account == account))


def drop_all(db: Session, board: BoardId) -> None:
    """No draft of the board is needed any more: it closes, or is cancelled."""
    db.execute(delete(DraftRow).where(DraftRow.board == board))


def begin(db: Session, keys: Path, board: Board, account: AccountId) -> Draft:
    """An empty draft, locked: two tabs that begin at once must not write two."""
    draft = Draft(code=ReceiptCode.new())
    locked = _locked(keys, board, account, draft)
    try:
        with db.begin_nested():
            db.execute(insert(DraftRow).values(board=board.id, account=account, **vars(locked)))
    except IntegrityError:
        return queries.draft(db, keys, board.id, account, lock=True) or draft
    return draft


def make_keys(db: Session, keys: Path) -> None:
    """Give every open board whose key for drafts is gone a new one: after a restore, for that key is in no backup."""
    for each in boards(db):
        if each.stage is Stage.OPEN:
            keyfiles.ensure(keys, keyfiles.drafts(each.id))


def keep(db: Session, keys: Path, board: Board, account: AccountId, draft: Draft) -> None:
    """Write a draft over the one that is there. Raises DraftTooLong."""
    mine = (DraftRow.board == board.id) & (DraftRow.account == account)
    locked = _locked(keys, board, account, draft)
    kept = update(DraftRow).where(mine).values(**vars(locked)).execution_options(synchronize_session=False)
    db.execute(kept)


def _locked(keys: Path, board: Board, account: AccountId, draft: Draft) -> locker.Locked:
    key = keyfiles.read(keys, keyfiles.drafts(board.id))
    return locker.lock(key, board.id, account, draft.plaintext(size(board.policy)))
