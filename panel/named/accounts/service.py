"""Accounts begin, get their passwords and end here."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.access import service as access
from panel.access.queries import holders, person_of, roles
from panel.access.roles import Role
from panel.audit.service import append
from panel.board import duties
from panel.board.duties import Part
from panel.board.lifecycle import RUNNING
from panel.board.queries import boards
from panel.kernel.database import Database
from panel.kernel.errors import Invalid, Missing, Refused
from panel.kernel.ids import SYSTEM, AccountId, InvitationId, MarkerId
from panel.named.accounts import devices, link_asking, posting
from panel.named.accounts.factors import changing as factors
from panel.named.accounts.factors import halfway, runs
from panel.named.accounts.hashing import hashed
from panel.named.accounts.letters import Letter
from panel.named.accounts.mail import Transport
from panel.named.accounts.models import Account, Invitation, Outgoing
from panel.named.accounts.password import accepted
from panel.named.accounts.queries import AccountCard, State, email_key, ended, invited

#: The roles that are held on the system as a whole and given on the pages of accounts.
SYSTEM_ROLES: Final = (Role.HR, Role.ADMINISTRATOR, Role.AUDITOR)


class AddressTaken(Invalid):
    """Two accounts of one address could not be told apart at sign-in."""

    sentence = "There is already an account with this email address"


class AddressNotPlain(Invalid):
    """Mail servers in between may not deliver to it."""

    sentence = "Email address must be made of plain letters, digits and signs"


class LastAdministrator(Refused):
    """Nobody would be left who can manage accounts."""

    sentence = "This is the only administrator. Make another person an administrator first."


class OwnAccount(Refused):
    """Ending one's own account would be a slip, or done in someone else's browser."""

    sentence = "You cannot end your own account or take away your own role. Ask another administrator."


def add(
    db: Session, *, name: str, email: str, staff_no: str, preferred_name: str = ""
) -> tuple[AccountId, InvitationId]:
    """Make an account, and the token of a link by which its owner sets a password. Raises AddressTaken."""
    account = _open(db, name, email, staff_no, preferred_name)
    return account, posting.mint(db, account)


def invite(db: Session, *, name: str, email: str, staff_no: str, preferred_name: str = "") -> AccountId:
    """Make an account, and post the letter that brings its owner a link. Raises AddressTaken."""
    account = _open(db, name, email, staff_no, preferred_name)
    posting.post(db, [account], Letter.INVITATION)
    return account


def add_active(
    db: Session, *, name: str, email: str, staff_no: str, password: str, profile: str, preferred_name: str = ""
) -> AccountId:
    """Make an account that can sign in at once: the demo, rehearsals and tests. Raises AddressTaken."""
    account = _open(db, name, email, staff_no, preferred_name)
    _keep(db, account, hashed(password, profile))
    return account


def invite_from_command_line(
    db: Session, *, name: str, email: str, staff_no: str, administrator: bool, hr: bool
) -> InvitationId:
    """Make an account with its system roles; returns the token of its link. Raises AddressTaken."""
    account, token = add(db, name=name, email=email, staff_no=staff_no)
    for role, wanted in ((Role.ADMINISTRATOR, administrator), (Role.HR, hr)):
        if wanted:
            _record_role(db, None, account, role, held=True)
    return token


def post_link(db: Session, found: AccountCard) -> None:
    """Post a new link to a person, for HR, who may know who has an account; nothing to one whose account has ended."""
    if found.state is not State.CLOSED:
        posting.post(db, [found.id], Letter.NEW_PASSWORD if found.state is State.ACTIVE else Letter.INVITATION)


def set_password(db: Session, token: InvitationId, password: str, profile: str) -> AccountId:
    """Use a link up. Raises Missing for a link that does not work, and WeakPassword."""
    # looked up again once she is held: of two who use one link at once the second finds it gone
    access.hold(db, invited(db, token).id)
    owner = invited(db, token)
    change_password(db, owner, password, profile)
    return owner.id


def change_password(db: Session, owner: AccountCard, password: str, profile: str) -> None:
    """Set a person's password, and end every session, link and known browser of hers.

    Raises WeakPassword, and Missing for an account that was closed meanwhile.
    """
    plain = accepted(password, own=(owner.name, owner.preferred_name, owner.email, owner.staff_no))
    access.hold(db, owner.id)
    if ended(db, owner.id):
        raise Missing
    _keep(db, owner.id, hashed(plain, profile))
    db.execute(delete(Invitation).where(Invitation.account == owner.id))
    halfway.end_of(db, owner.id)
    runs.end(db, owner.id)
    devices.forget(db, owner.id)
    access.end_sessions_of(db, owner.id)
    if owner.state is State.ACTIVE:
        posting.post(db, [owner.id], Letter.PASSWORD_CHANGED)


def end(db: Session, actor: MarkerId, account: AccountId) -> None:
    """Close an account for good: no sign-in, no letters, no system role. Raises OwnAccount and LastAdministrator."""
    if person_of(db, account) == actor:
        raise OwnAccount
    for role in SYSTEM_ROLES:
        set_role(db, actor, account, role, held=False)
    access.hold(db, account)
    row = db.get_one(Account, account)
    row.state, row.password = State.CLOSED, None
    db.execute(delete(Invitation).where(Invitation.account == account))
    db.execute(delete(Outgoing).where(Outgoing.account == account))
    factors.forget(db, account)
    devices.forget(db, account)
    access.end_sessions_of(db, account)


def correct(
    db: Session,
    actor: MarkerId,
    account: AccountId,
    *,
    name: str,
    email: str,
    staff_no: str,
    preferred_name: str = "",
) -> None:
    """Set a person's details right. With a new address she is signed out, and links sent to the old one stop working.

    Whoever holds the new address can set a password and sign in, so the log keeps who moved it, and the old address is
    told. Applications already sent keep the details they were sent with. Raises AddressTaken.
    """
    row = db.get_one(Account, account)
    old, moved = row.email, row.email_key != email_key(email)
    with _unique_address(db):
        _describe(row, name, email, staff_no, preferred_name)
    if moved:
        db.execute(delete(Invitation).where(Invitation.account == account))
        halfway.end_of(db, account)
        access.end_sessions_of(db, account)
        facts = {"person": str(person_of(db, account))}
        append(db, SYSTEM, "account.readdressed", actor, Role.ADMINISTRATOR, facts)
        posting.tell_old_address(db, account, old)


def set_role(db: Session, actor: MarkerId, account: AccountId, role: Role, *, held: bool) -> None:
    """Give or take away a system role, and log it.

    Raises OwnAccount, LastAdministrator and DutiesApart, and Missing if it would be given to an account that has ended.
    """
    if held is (account in _having(db, role)):
        return
    if held:
        access.hold(db, account)
        if ended(db, account):
            raise Missing
        _stay_apart(db, account, role)
    elif role is Role.ADMINISTRATOR:
        _keep_one_administrator(db, actor, account)
    _record_role(db, actor, account, role, held=held)


def send_mail(database: Database, transport: Transport) -> int:
    """Send what is due, and the links that were asked for; returns how many messages. Raises MailStuck."""
    with database.writing("named") as db:
        link_asking.answer(db)
    return posting.send(database, transport)


def _keep_one_administrator(db: Session, actor: MarkerId, account: AccountId) -> None:
    # all are held, in one order: of two who take each other's role away at once the second is the last
    for each in sorted(_having(db, Role.ADMINISTRATOR)):
        access.hold(db, each)
    if _having(db, Role.ADMINISTRATOR) <= {account}:
        raise LastAdministrator
    if person_of(db, account) == actor:
        raise OwnAccount


def _having(db: Session, role: Role) -> set[AccountId]:
    return {holder.account for holder in holders(db, SYSTEM, role)}


def _stay_apart(db: Session, account: AccountId, role: Role) -> None:
    # a candidate's part is not looked at: an administrator need not learn who applied, and the board's next move will
    held = roles(db, person_of(db, account))
    running = {board.id for board in boards(db, {board for board, _ in held}) if board.stage in RUNNING}
    for where, boards_there in (("a board", running), ("the whole system", {SYSTEM})):
        duties.check((Part(part.value) for board, part in held if board in boards_there), Part(role.value), where)


def _record_role(db: Session, actor: MarkerId | None, account: AccountId, role: Role, *, held: bool) -> None:
    change = access.grant if held else access.revoke
    change(db, SYSTEM, account, role)
    kind = "role.granted" if held else "role.revoked"
    facts = {"person": str(person_of(db, account)), "role": role.value}
    append(db, SYSTEM, kind, actor, Role.ADMINISTRATOR, facts)


def _open(db: Session, name: str, email: str, staff_no: str, preferred_name: str) -> AccountId:
    row = Account(id=AccountId.new(), state=State.INVITED)
    with _unique_address(db):
        _describe(row, name, email, staff_no, preferred_name)
        db.add(row)
    access.enrol_person(db, row.id)
    return row.id


def _describe(row: Account, name: str, email: str, staff_no: str, preferred_name: str) -> None:
    if not email.isascii():
        raise AddressNotPlain
    row.name, row.preferred_name, row.staff_no = name, preferred_name or name, staff_no
    row.email, row.email_key = email, email_key(email)


@contextmanager
def _unique_address(db: Session) -> Iterator[None]:
    """Around a change of address. Raises AddressTaken, also when another person took it a moment ago."""
    try:
        with db.begin_nested():
            yield
    except IntegrityError as error:
        raise AddressTaken from error


def _keep(db: Session, account: AccountId, password: str) -> None:
    row = db.get_one(Account, account)
    row.password, row.state = password, State.ACTIVE
    db.flush()
