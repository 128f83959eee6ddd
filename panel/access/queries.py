"""Who holds which part, and whose session a token is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.access.models import PersonRow, RoleRow, SessionRow
from panel.access.roles import Role
from panel.kernel import clock
from panel.kernel.encoding import digest
from panel.kernel.errors import Missing
from panel.kernel.ids import AccountId, BoardId, MarkerId, SignInId

#: OWASP ASVS 5.0, 7.3: idle and absolute limits of a session; and how long a re-entered password counts. A form that
#: several people fill in may take longer.
IDLE: Final = timedelta(minutes=20)
ABSOLUTE: Final = timedelta(hours=10)
STEP_UP: Final = timedelta(minutes=5)
STEP_UP_TOGETHER: Final = timedelta(minutes=30)


@dataclass(frozen=True)
class Holder:
    """A person who holds a role, on the named side."""

    account: AccountId
    marker: MarkerId
    role: Role


@dataclass(frozen=True)
class LiveSession:
    """A session that has not expired. `stepped_up_ago`: how long ago the password was entered again, if it was."""

    token_hash: bytes
    handle: SignInId
    marker: MarkerId
    last_seen_at: datetime
    stepped_up_ago: timedelta | None


@dataclass(frozen=True)
class SignIn:
    """One of a person's live sign-ins, as she sees it: when it began and when it was last used, in UTC."""

    handle: SignInId
    started_at: datetime
    last_seen_at: datetime


def live_session(db: Session, token: str) -> LiveSession | None:
    """The unexpired session of a token, or None."""
    row = db.get(SessionRow, digest(token.encode()))
    if row is None:
        return None
    now, seen = clock.now(), _utc(row.last_seen_at)
    if now - seen > IDLE or now - _utc(row.started_at) > ABSOLUTE:
        return None
    ago = None if row.stepped_up_at is None else now - _utc(row.stepped_up_at)
    return LiveSession(row.token_hash, row.handle, row.marker, seen, ago)


def sign_ins(db: Session, marker: MarkerId) -> tuple[SignIn, ...]:
    """Where a person is signed in now, the latest first."""
    now = clock.now()
    query = (
        select(SessionRow.handle, SessionRow.started_at, SessionRow.last_seen_at)
        .where(
            SessionRow.marker == marker,
            SessionRow.last_seen_at >= now - IDLE,
            SessionRow.started_at >= now - ABSOLUTE,
        )
        .order_by(SessionRow.started_at.desc(), SessionRow.handle)
    )
    return tuple(SignIn(row.handle, _utc(row.started_at), _utc(row.last_seen_at)) for row in db.execute(query))


def roles(db: Session, marker: MarkerId) -> frozenset[tuple[BoardId, Role]]:
    """Every role a person holds, with its board."""
    query = select(RoleRow.board, RoleRow.role).where(RoleRow.marker == marker).order_by(RoleRow.board, RoleRow.role)
    return frozenset((board, Role(role)) for board, role in db.execute(query))


def markers(db: Session, board: BoardId, *wanted: Role) -> tuple[MarkerId, ...]:
    """The people who hold one of the roles on a board, by their random ids."""
    query = (
        select(RoleRow.marker)
        .where(RoleRow.board == board, RoleRow.role.in_([role.value for role in wanted]))
        .order_by(RoleRow.marker)
    )
    return tuple(dict.fromkeys(db.scalars(query)))


def lateness(db: Session, board: BoardId, *wanted: Role) -> Mapping[MarkerId, bool]:
    """Who holds one of the roles on a board, and whether only since its close, when no candidate could declare them."""
    query = (
        select(RoleRow.marker, RoleRow.late)
        .where(RoleRow.board == board, RoleRow.role.in_([role.value for role in wanted]))
        .order_by(RoleRow.marker)
    )
    return dict(db.execute(query).all())


def late_on(db: Session, marker: MarkerId) -> frozenset[BoardId]:
    """The boards on which a person took a part after the close."""
    query = select(RoleRow.board).where(RoleRow.marker == marker, RoleRow.late).order_by(RoleRow.board)
    return frozenset(db.scalars(query))


def seats(db: Session, role: Role) -> Mapping[MarkerId, frozenset[BoardId]]:
    """The boards on which each person holds the role, by their random ids."""
    query = select(RoleRow.marker, RoleRow.board).where(RoleRow.role == role.value)
    found: dict[MarkerId, set[BoardId]] = {}
    for marker, board in db.execute(query.order_by(RoleRow.marker, RoleRow.board)):
        found.setdefault(marker, set()).add(board)
    return {marker: frozenset(boards) for marker, boards in found.items()}


def holders(db: Session, board: BoardId, *wanted: Role) -> tuple[Holder, ...]:
    """Named side: who holds the given roles (or any) on a board, with their accounts."""
    query = (
        select(PersonRow.account, PersonRow.marker, RoleRow.role)
        .join(RoleRow, RoleRow.marker == PersonRow.marker)
        .where(RoleRow.board == board)
        .order_by(RoleRow.role, PersonRow.marker)
    )
    if wanted:
        query = query.where(RoleRow.role.in_([role.value for role in wanted]))
    return tuple(Holder(account, marker, Role(role)) for account, marker, role in db.execute(query))


def account_of(db: Session, marker: MarkerId) -> AccountId:
    """Named side: the account behind a marker id. Raises Missing."""
    account = db.scalar(select(PersonRow.account).where(PersonRow.marker == marker))
    if account is None:
        raise Missing
    return account


def accounts_of(db: Session, wanted: Iterable[MarkerId]) -> Mapping[MarkerId, AccountId]:
    """Named side: the accounts behind several marker ids."""
    query = (
        select(PersonRow.marker, PersonRow.account).where(PersonRow.marker.in_(list(wanted))).order_by(PersonRow.marker)
    )
    return dict(db.execute(query).all())


def markers_of(db: Session, wanted: Iterable[AccountId] | None = None) -> Mapping[AccountId, MarkerId]:
    """Named side: the marker ids of several accounts, or of all."""
    query = select(PersonRow.account, PersonRow.marker).order_by(PersonRow.marker)
    if wanted is not None:
        query = query.where(PersonRow.account.in_(list(wanted)))
    return dict(db.execute(query).all())


def person_of(db: Session, account: AccountId) -> MarkerId:
    """Named side: the marker id of an account. Raises Missing."""
    row = db.get(PersonRow, account)
    if row is None:
        raise Missing
    return row.marker


def _utc(moment: datetime) -> datetime:
    # SQLite keeps no zone: what was stored was UTC
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
