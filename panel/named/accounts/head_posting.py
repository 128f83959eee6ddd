"""Signed heads by mail: every head leaves the house, to those who keep a copy of what the log said that day.

An administrator who can rewrite a log and its heads cannot rewrite the letters.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.access.queries import holders
from panel.access.roles import Role
from panel.audit import queries as audit
from panel.audit.heads import Signer, sign_head
from panel.kernel.ids import SYSTEM, AccountId, BoardId
from panel.named.accounts.letters import written_head
from panel.named.accounts.mail import Transport, message
from panel.named.accounts.models import HeadOutgoing, HeadPosted
from panel.named.accounts.queries import State, cards

#: Who keeps the heads of a board's log, and who those of the system's.
_KEEPERS: Final = (Role.CHAIR, Role.DEPUTY, Role.CUSTODIAN, Role.AUDITOR, Role.HR)
_SYSTEM_KEEPERS: Final = (Role.ADMINISTRATOR, Role.AUDITOR)


@dataclass(frozen=True)
class HeadLetter:
    """One head on its way to one person. A refused address keeps it waiting: a head must leave."""

    account: AccountId
    log: BoardId
    size: int
    dropped_if_refused: bool = False

    def message(self, db: Session, transport: Transport) -> EmailMessage | None:
        """The letter; None for an account that has ended."""
        keeper = cards(db, [self.account]).get(self.account)
        if keeper is None or keeper.state is State.CLOSED:
            return None
        head = next(each for each in audit.signed_heads(db, self.log) if each.size == self.size)
        return message(
            keeper.email, written_head(self.log, head.size, head.root, head.on, head.key_id), transport.sender
        )

    def forget(self, db: Session) -> None:
        """Take it out of the outbox."""
        mine = (HeadOutgoing.account == self.account) & (HeadOutgoing.log == self.log)
        db.execute(delete(HeadOutgoing).where(mine, HeadOutgoing.size == self.size))


def post_heads(db: Session, signer: Signer) -> int:
    """The daily round: sign every log that grew, and put each head not yet posted in the outbox; how many letters.

    A board's heads go to its chair, deputies, custodians, auditor and HR, those of the system's log to administrators
    and the system's auditors. However often a board moved since the last round, each of its heads leaves.
    """
    posted = 0
    for log in audit.logs(db):
        # a move that signs the same size at this moment posts nothing: the next round does
        with suppress(IntegrityError), db.begin_nested():
            sign_head(db, log, signer)
        posted += _post(db, log)
    return posted


def waiting(db: Session) -> Iterable[HeadLetter]:
    """Every head letter in the outbox."""
    columns = HeadOutgoing.account, HeadOutgoing.log, HeadOutgoing.size
    return [HeadLetter(account, log, size) for account, log, size in db.execute(select(*columns).order_by(*columns))]


def _post(db: Session, log: BoardId) -> int:
    mark = db.get(HeadPosted, log) or HeadPosted(log=log, size=0)
    new = [head.size for head in audit.signed_heads(db, log) if head.size > mark.size]
    if not new:
        return 0
    keepers = {holder.account for holder in holders(db, log, *(_SYSTEM_KEEPERS if log == SYSTEM else _KEEPERS))}
    rows = [{"account": account, "log": log, "size": size} for size in new for account in sorted(keepers)]
    if rows:
        db.execute(insert(HeadOutgoing), rows)
    mark.size = new[-1]
    db.add(mark)
    db.flush()
    return len(rows)
