"""People as the rest of the named side reads them."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.kernel import clock
from panel.kernel.encoding import digest
from panel.kernel.errors import Missing
from panel.kernel.ids import AccountId, InvitationId
from panel.named.accounts.models import Account, Invitation, LinkedIdentity


class State(StrEnum):
    """Whether the person can sign in."""

    INVITED = "invited"
    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True)
class AccountCard:
    """One person. `preferred_name` is what screens call her; it is her name if she gave no other."""

    id: AccountId
    name: str
    preferred_name: str
    email: str
    staff_no: str
    state: State


def accounts(db: Session) -> tuple[AccountCard, ...]:
    """Everyone, by name."""
    rows = db.scalars(select(Account).order_by(Account.name, Account.id))
    return tuple(sorted(map(_card, rows), key=lambda card: by_name(card.name)))


def by_name(name: str) -> tuple[str, str]:
    """A sorting key for names: case and accents make no difference."""
    return "".join(filter(str.isascii, unicodedata.normalize("NFKD", name.casefold()))), name


def card(db: Session, account: AccountId) -> AccountCard:
    """One person. Raises Missing."""
    row = db.get(Account, account)
    if row is None:
        raise Missing
    return _card(row)


def cards(db: Session, wanted: Iterable[AccountId]) -> Mapping[AccountId, AccountCard]:
    """Several people in one query; an id that nobody has is left out."""
    rows = db.scalars(select(Account).where(Account.id.in_(list(wanted))).order_by(Account.name, Account.id))
    return {row.id: _card(row) for row in rows}


def by_email(db: Session, email: str) -> AccountCard | None:
    """The person with that address, in whatever case it is written."""
    row = db.scalar(select(Account).where(Account.email_key == email_key(email)))
    return None if row is None else _card(row)


def email_key(email: str) -> str:
    """The form in which an address must be unique."""
    return email.strip().casefold()


def ended(db: Session, account: AccountId) -> bool:
    """Whether the account has ended, as the table says now, whatever this session read of it before."""
    return db.scalar(select(Account.state).where(Account.id == account)) == State.CLOSED


def invited(db: Session, token: InvitationId) -> AccountCard:
    """Whose link this is. One answer, Missing, for a link unknown, used or expired."""
    query = (
        select(Account)
        .join(Invitation, Invitation.account == Account.id)
        .where(
            Invitation.token_hash == digest(token),
            Invitation.expires_on >= clock.today(),
            Account.state != State.CLOSED,
        )
    )
    row = db.scalar(query)
    if row is None:
        raise Missing
    return _card(row)


def linked(db: Session, account: AccountId, issuer: str | None = None) -> bool:
    """Whether an identity of that provider, or of any, opens the account."""
    mine = select(LinkedIdentity.account).where(LinkedIdentity.account == account)
    query = mine if issuer is None else mine.where(LinkedIdentity.issuer == issuer)
    return db.scalar(query.limit(1)) is not None


def _card(row: Account) -> AccountCard:
    return AccountCard(row.id, row.name, row.preferred_name, row.email, row.staff_no, State(row.state))
