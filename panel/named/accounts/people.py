"""Accounts with the roles that go with them, for the pages that manage them."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy.orm import Session

from panel.access.queries import account_of, holders, markers_of
from panel.access.roles import Role
from panel.kernel.ids import SYSTEM, AccountId, MarkerId
from panel.named.accounts import queries
from panel.named.accounts.queries import AccountCard


@dataclass(frozen=True)
class Listed:
    """One person and her roles on the system as a whole. `marker` is her id in addresses and in the log."""

    marker: MarkerId
    card: AccountCard
    roles: tuple[Role, ...]


def everyone(db: Session) -> tuple[Listed, ...]:
    """Every account, by name."""
    cards, roles = queries.accounts(db), _system_roles(db)
    markers = markers_of(db)
    return tuple(Listed(markers[card.id], card, roles.get(card.id, ())) for card in cards)


def one(db: Session, marker: MarkerId) -> Listed:
    """One account. Raises Missing."""
    card = queries.card(db, account_of(db, marker))
    return Listed(marker, card, _system_roles(db).get(card.id, ()))


def _system_roles(db: Session) -> dict[AccountId, tuple[Role, ...]]:
    held: dict[AccountId, list[Role]] = defaultdict(list)
    for holder in holders(db, SYSTEM):
        held[holder.account].append(holder.role)
    return {account: tuple(roles) for account, roles in held.items()}
