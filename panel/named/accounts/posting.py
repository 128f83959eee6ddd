"""The outbox: letters are put in by whoever has news, each once a person, and leave shuffled with `panel send-mail`.

Signed heads leave with them: `head_posting` puts those in.
"""

import secrets
import smtplib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Final, TypeVar

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.encoding import digest
from panel.kernel.errors import Refused
from panel.kernel.ids import AccountId, BoardId, InvitationId
from panel.named.accounts import head_posting
from panel.named.accounts.letters import Letter, written
from panel.named.accounts.mail import Parcel, Transport, message
from panel.named.accounts.models import Account, Invitation, Outgoing, Told
from panel.named.accounts.queries import State

Item = TypeVar("Item")

#: How long a link by which a password is set works.
LINK_LIFE: Final = timedelta(days=7)


class MailStuck(Refused):
    """The mail server took no more; what is left waits for the next run."""

    sentence = "The mail server did not take a message. The rest is still waiting: run this command again later."


def post(db: Session, recipients: Iterable[AccountId], letter: Letter, due_on: date | None = None) -> None:
    """Put a letter to each person in the outbox; one that already waits is not doubled.

    Never called while a candidate lodges: a row written in that transaction would tie the two together.
    """
    waiting = set(db.scalars(select(Outgoing.account).where(Outgoing.letter == letter).order_by(Outgoing.account)))
    due = due_on or clock.today()
    for each in shuffled(set(recipients) - waiting):
        # posted a moment ago by somebody else: it waits already
        with suppress(IntegrityError), db.begin_nested():
            db.execute(insert(Outgoing).values(account=each, letter=letter.value, due_on=due))


def tell_old_address(db: Session, account: AccountId, address: str) -> None:
    """Warn the address that a person's letters went to until now. Of two moves in one day the first warning counts."""
    if db.get(Outgoing, (account, Letter.READDRESSED.value)) is None:
        db.add(Outgoing(account=account, letter=Letter.READDRESSED, due_on=clock.today(), address=address))
        db.flush()


def tell_changes(db: Session, states: Mapping[tuple[AccountId, BoardId], str]) -> int:
    """The daily look: post one letter to everyone whose applications stand otherwise than at the last one.

    `states`: where each roll entry stands now. Returns how many letters were posted.
    """
    rows = db.execute(select(Told.account, Told.board, Told.state).order_by(Told.account, Told.board))
    before = {(row.account, row.board): row.state for row in rows}
    changed = {key for key, state in states.items() if before.get(key) != state}
    for account, board in shuffled(changed):
        db.merge(Told(account=account, board=board, state=states[account, board]))
    recipients = {account for account, _ in changed}
    post(db, recipients, Letter.CHANGED)
    return len(recipients)


def forget(db: Session, board: BoardId) -> None:
    """Part of archiving: nothing says any more whose application to the board a letter was about."""
    db.execute(delete(Told).where(Told.board == board))


def send(database: Database, transport: Transport) -> int:
    """Send what is due, in random order, each in a transaction of its own. Returns how many left. Raises MailStuck.

    A letter whose address the mail server refuses stays behind and holds up no other; a warning to an address that is
    no more is dropped.
    """
    with database.reading("named") as db:
        query = select(Outgoing.account, Outgoing.letter).where(Outgoing.due_on <= clock.today())
        letters = [_Waiting(row.account, Letter(row.letter)) for row in db.execute(query.order_by(Outgoing.account))]
        due: list[Parcel] = shuffled([*letters, *head_posting.waiting(db)])
    return sum([_send_one(database, transport, each) for each in due])


def mint(db: Session, account: AccountId) -> InvitationId:
    """A new link by which this person sets a password: once, within seven days. Only its hash is kept."""
    token = InvitationId.new()
    db.execute(delete(Invitation).where(Invitation.expires_on < clock.today()))
    db.add(Invitation(token_hash=digest(token), account=account, expires_on=clock.today() + LINK_LIFE))
    db.flush()
    return token


def shuffled(items: Iterable[Item]) -> list[Item]:
    """In an order nobody can repeat: neither rows nor messages may tell who came first."""
    listed = list(items)
    secrets.SystemRandom().shuffle(listed)
    return listed


@dataclass(frozen=True)
class _Waiting:
    """A letter of fixed sentences in the outbox."""

    account: AccountId
    letter: Letter

    @property
    def dropped_if_refused(self) -> bool:
        """A warning to an address that is no more."""
        return self.letter is Letter.READDRESSED

    def message(self, db: Session, transport: Transport) -> EmailMessage | None:
        """The letter with its link, to the account's address or the one it was posted to."""
        to = func.coalesce(Outgoing.address, Account.email)
        owner = (Account.id == Outgoing.account) & (Account.state != State.CLOSED)
        recipient = db.scalar(select(to).select_from(Outgoing).join(Account, owner).where(self._row))
        if recipient is None:
            return None
        # the link is made as the letter leaves, so that no usable one ever waits in the database
        link = f"/invitation/{mint(db, self.account)}" if self.letter.carries_link else "/sign-in"
        return message(recipient, written(self.letter, transport.base_url + link), transport.sender)

    def forget(self, db: Session) -> None:
        """Take it out of the outbox."""
        db.execute(delete(Outgoing).where(self._row))

    @property
    def _row(self) -> ColumnElement[bool]:
        return (Outgoing.account == self.account) & (Outgoing.letter == self.letter.value)


def _send_one(database: Database, transport: Transport, parcel: Parcel) -> bool:
    # no transaction is open while the mail server is being talked to; a letter leaves the outbox once it took it
    with database.writing("named") as db:
        made = parcel.message(db, transport)
    taken = made is not None
    try:
        if made is not None:
            transport.deliver(made)
    except smtplib.SMTPRecipientsRefused:
        taken = False
        if not parcel.dropped_if_refused:
            return False
    except (OSError, smtplib.SMTPException) as error:
        raise MailStuck from error
    with database.writing("named") as db:
        parcel.forget(db)
    return taken
