"""Asking for a link without a hint of who has an account: the request does the same for every address.

It keeps one row, by the digest of the address. Whether anybody has it is looked up as mail leaves.
"""

from contextlib import suppress

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.kernel.encoding import digest_of
from panel.named.accounts.letters import Letter
from panel.named.accounts.models import Account, LinkAsked
from panel.named.accounts.posting import post
from panel.named.accounts.queries import State, email_key


def ask(db: Session, email: str) -> None:
    """Keep that a link was asked for; twice for one address is once."""
    with suppress(IntegrityError), db.begin_nested():
        db.execute(insert(LinkAsked).values(address=_address(email_key(email))))


def answer(db: Session) -> None:
    """Before mail leaves: post a link to everybody whose address was asked for, and forget what was asked."""
    asked = set(db.scalars(select(LinkAsked.address).order_by(LinkAsked.address)))
    if not asked:
        return
    query = select(Account.id, Account.email_key, Account.state).where(Account.state != State.CLOSED)
    found = [row for row in db.execute(query.order_by(Account.id)) if _address(row.email_key) in asked]
    for state, letter in ((State.ACTIVE, Letter.NEW_PASSWORD), (State.INVITED, Letter.INVITATION)):
        post(db, [row.id for row in found if row.state == state], letter)
    db.execute(delete(LinkAsked).where(LinkAsked.address.in_(asked)))


def _address(key: str) -> bytes:
    return digest_of({"link_for": key})
