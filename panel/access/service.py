"""Sessions begin and end here; roles are granted and revoked. None of it knows a name."""

import secrets

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from panel.access.models import PersonRow, RoleRow, SessionRow
from panel.access.queries import ABSOLUTE, IDLE, person_of, roles
from panel.access.roles import Role
from panel.kernel import clock
from panel.kernel.encoding import digest
from panel.kernel.errors import Missing
from panel.kernel.ids import AccountId, BoardId, MarkerId, SignInId


def enrol_person(db: Session, account: AccountId) -> MarkerId:
    """Give a new account its marker id: random, and never the account id."""
    row = PersonRow(account=account, marker=MarkerId.new())
    db.add(row)
    db.flush()
    return row.marker


def hold(db: Session, account: AccountId) -> MarkerId:
    """Who lets a person in and who changes what she needs for it wait for each other from here on; her marker id.

    Raises Missing.
    """
    marker = db.scalar(select(PersonRow.marker).where(PersonRow.account == account).with_for_update())
    if marker is None:
        raise Missing
    return marker


def grant(db: Session, board: BoardId, account: AccountId, role: Role, *, late: bool = False) -> None:
    """Give a person a role on a board; granting it twice changes nothing. Duties apart are checked by the caller.

    Her first role ends her sessions: what she signed in with may be enough for a candidate, and not for a part.
    `late`: the board is closed, so no candidate can declare the person any more.
    """
    marker = hold(db, account)
    key = {"marker": marker, "board": board, "role": role.value}
    if db.get(RoleRow, key) is None:
        if not roles(db, marker):
            end_sessions_of(db, account)
        db.add(RoleRow(**key, late=late))
        db.flush()


def revoke(db: Session, board: BoardId, account: AccountId, role: Role) -> None:
    """Take a role away; a role not held is no error."""
    db.execute(
        delete(RoleRow).where(
            RoleRow.board == board, RoleRow.marker == person_of(db, account), RoleRow.role == role.value
        )
    )


def start_session(db: Session, account: AccountId, *, stepped_up: bool = False) -> str:
    """A new session; returns its 256-bit token, which is kept nowhere here. Expired sessions are swept away."""
    now = clock.now()
    db.execute(
        delete(SessionRow).where(or_(SessionRow.last_seen_at < now - IDLE, SessionRow.started_at < now - ABSOLUTE))
    )
    token = secrets.token_urlsafe(32)
    db.add(
        SessionRow(
            token_hash=digest(token.encode()),
            handle=SignInId.new(),
            marker=person_of(db, account),
            started_at=now,
            last_seen_at=now,
            stepped_up_at=now if stepped_up else None,
        )
    )
    db.flush()
    return token


def step_up(db: Session, token: str) -> str:
    """The person has just proved who they are again; the session goes on under a new token."""
    renewed = secrets.token_urlsafe(32)
    db.execute(
        update(SessionRow)
        .where(SessionRow.token_hash == digest(token.encode()))
        .values(token_hash=digest(renewed.encode()), stepped_up_at=clock.now(), last_seen_at=clock.now())
    )
    return renewed


def touch(db: Session, token_hash: bytes) -> None:
    """The session was used just now; the one column of sessions that the blind role may write."""
    db.execute(update(SessionRow).where(SessionRow.token_hash == token_hash).values(last_seen_at=clock.now()))


def end_session(db: Session, token: str) -> None:
    """Sign out: the row is gone."""
    db.execute(delete(SessionRow).where(SessionRow.token_hash == digest(token.encode())))


def end_sign_in(db: Session, marker: MarkerId, handle: SignInId) -> None:
    """End one of a person's own sign-ins; one that is over already, or another's, is no error."""
    db.execute(delete(SessionRow).where(SessionRow.marker == marker, SessionRow.handle == handle))


def end_other_sign_ins(db: Session, marker: MarkerId, kept: SignInId) -> None:
    """End all of a person's sign-ins but the one at hand."""
    db.execute(delete(SessionRow).where(SessionRow.marker == marker, SessionRow.handle != kept))


def end_sessions_of(db: Session, account: AccountId) -> None:
    """End every session of one account (password changed, account closed)."""
    db.execute(delete(SessionRow).where(SessionRow.marker == person_of(db, account)))


def end_all_sessions(db: Session) -> None:
    """End every session there is: at a board's close no row may say who was at work while it was open."""
    db.execute(delete(SessionRow))
