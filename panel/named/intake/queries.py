"""Who has applied, which boards may be applied to, and a candidate's own draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.queries import holders
from panel.access.roles import Role
from panel.blind.submissions import queries as submissions
from panel.board.lifecycle import Stage
from panel.board.queries import Board, boards
from panel.kernel import keyfiles
from panel.kernel.ids import SYSTEM, AccountId, BoardId, MarkerId, RollId, SubmissionRef
from panel.named.accounts import queries as accounts
from panel.named.intake import locker, roots
from panel.named.intake.draft import Draft
from panel.named.intake.models import DraftRow, RollRow, RollState
from panel.sealed.equality import queries as equality
from panel.sealed.vault import queries as vault

#: Those who may know a candidate's work: they mark it, or decide about it.
PANEL = (Role.CHAIR, Role.DEPUTY, Role.MARKER)


@dataclass(frozen=True)
class Application:
    """A board as one person meets it: where she stands on its roll, and whether she has a draft."""

    board: Board
    state: RollState | None
    drafting: bool


@dataclass(frozen=True)
class Named:
    """A person with a part on a board, by name, as candidates are told."""

    marker: MarkerId
    name: str
    role: Role


def applicants(db: Session, board: BoardId) -> tuple[AccountId, ...]:
    """The candidates of a board: whoever is on its roll and has not withdrawn."""
    return tuple(sorted(roll(db, board).values()))


def roll(db: Session, board: BoardId) -> Mapping[RollId, AccountId]:
    """Roll id and account of everyone who applied and did not withdraw, by roll id."""
    here = (RollRow.board == board) & (RollRow.state != RollState.WITHDRAWN)
    rows = db.execute(select(RollRow.id, RollRow.account).where(here).order_by(RollRow.id))
    return {row: account for row, account in rows}  # noqa: C416 - a row is no tuple to mypy


def stood_down(db: Session, board: BoardId) -> frozenset[AccountId]:
    """Candidates who want no result."""
    here = (RollRow.board == board) & (RollRow.state == RollState.STOOD_DOWN)
    return frozenset(db.scalars(select(RollRow.account).where(here).order_by(RollRow.id)))


def states(db: Session) -> Mapping[tuple[AccountId, BoardId], str]:
    """Where every roll entry of every board stands, as far as its candidate is told: for the daily letter."""
    told = {board.id: _told(board.stage) for board in boards(db)}
    rows = db.execute(select(RollRow.account, RollRow.board, RollRow.state).order_by(RollRow.id))
    return {(account, board): f"{state} {told[board]}" for account, board, state in rows}


def applied(db: Session, board: BoardId) -> int:
    """How many are on the roll and have not withdrawn."""
    here = (RollRow.board == board) & (RollRow.state != RollState.WITHDRAWN)
    return db.scalar(select(func.count()).select_from(RollRow).where(here)) or 0


def state_of(db: Session, board: BoardId, account: AccountId) -> RollState | None:
    """Where a person stands on a board's roll; None if she never applied."""
    mine = (RollRow.board == board) & (RollRow.account == account)
    found = db.scalar(select(RollRow.state).where(mine))
    return RollState(found) if found else None


def applications(db: Session, person: Person) -> tuple[Application, ...]:
    """The boards a person has applied to or may apply to, by title."""
    mine = select(RollRow.board, RollRow.state).where(RollRow.account == person.account).order_by(RollRow.board)
    on_roll = {board: RollState(state) for board, state in db.execute(mine)}
    drafts = select(DraftRow.board).where(DraftRow.account == person.account).order_by(DraftRow.board)
    drafting = set(db.scalars(drafts))
    return tuple(
        Application(board, on_roll.get(board.id), board.id in drafting)
        for board in boards(db)
        if board.id in on_roll or (board.stage is Stage.OPEN and not other_part(person, board.id))
    )


def other_part(person: Person, board: BoardId) -> bool:
    """Whether the person has a part that no candidate of the board may have."""
    staff = {Role.HR, Role.ADMINISTRATOR} & person.roles_on(SYSTEM)
    return bool(person.roles_on(board) or staff)


def named(db: Session, board: BoardId, *roles: Role) -> tuple[Named, ...]:
    """The holders of these roles by name: chair, deputies, then the rest, each by name."""
    held = holders(db, board, *roles)
    cards = accounts.cards(db, [holder.account for holder in held])
    found = [Named(each.marker, cards[each.account].name, each.role) for each in held if each.account in cards]
    return tuple(sorted(found, key=lambda each: (roles.index(each.role), each.name.casefold(), each.marker)))


def shown_to_candidates(db: Session, board: BoardId) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Who leads the board and who holds the names, as candidates are told from the opening on: a heading and names."""
    headings = {Role.CHAIR: "Chair", Role.DEPUTY: "Deputies", Role.CUSTODIAN: "Custodians"}
    people = named(db, board, *headings)
    return tuple(
        (heading, tuple(each.name for each in people if each.role is role)) for role, heading in headings.items()
    )


def draft(db: Session, keys: Path, board: BoardId, account: AccountId, *, lock: bool = False) -> Draft | None:
    """The person's draft, opened; None if she has none. With `lock` nobody else saves it until the transaction ends.

    Raises KeyMissing and Unreadable.
    """
    query = select(DraftRow).where(DraftRow.board == board, DraftRow.account == account)
    row = db.scalar(query.with_for_update() if lock else query)
    if row is None:
        return None
    key = keyfiles.read(keys, keyfiles.drafts(board))
    return Draft.read(locker.unlock(key, board, account, locker.Locked(row.nonce, row.sealed)))


def lodged_leaves(db: Session, board: BoardId) -> Mapping[SubmissionRef, bytes]:
    """The leaf of every submission that has both its envelopes, recomputed from the tables, by ref."""
    answers, envelopes = submissions.lodged_digests(db, board), vault.envelope_digests(db, board)
    return roots.lodged_leaves(board, answers, envelopes, equality.envelope_digests(db, board))


def roll_root(db: Session, board: BoardId) -> bytes:
    """The roll root, recomputed from the table."""
    return roots.roll_root(board, roll(db, board))


def _told(stage: Stage) -> str:
    if stage is Stage.CANCELLED:
        return "ended"
    return "result" if stage.reached(Stage.PUBLISHED) else "waiting"
