"""Who does what on a board, by name; which boards a person runs; and whom a part could be given to."""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass

from sqlalchemy.orm import Session

from panel.access.actor import Actor
from panel.access.queries import holders
from panel.access.roles import Role
from panel.board import library
from panel.board.duties import Part
from panel.board.framework import Framework
from panel.board.policy import Policy
from panel.board.queries import Board, boards
from panel.kernel.errors import Missing
from panel.kernel.ids import SYSTEM, AccountId, BoardId, FrameworkId
from panel.named.accounts import queries as accounts
from panel.named.accounts.queries import AccountCard, State
from panel.named.intake.queries import applicants


@dataclass(frozen=True)
class Holding:
    """A person in a part of a board, for those who set it up."""

    part: Part
    account: AccountId
    name: str
    email: str
    staff_no: str


def mine(db: Session, actor: Actor) -> tuple[Board, ...]:
    """The boards this person runs for HR, by title."""
    return boards(db, actor.boards(Role.HR))


def people(db: Session, board: BoardId) -> tuple[Holding, ...]:
    """Everybody with a part on the board, by part and name. Candidates are not among them."""
    held = holders(db, board)
    cards = accounts.cards(db, [holder.account for holder in held])
    found = [_holding(Part(holder.role.value), cards[holder.account]) for holder in held]
    return tuple(sorted(found, key=lambda each: (list(Part).index(each.part), each.name.casefold(), each.account)))


def parts(db: Session, board: BoardId) -> Mapping[AccountId, Set[Part]]:
    """Every part that each person has on the board, candidates included.

    Who runs the whole system for HR or administers its accounts does so on every board where they have a part.
    """
    found: dict[AccountId, set[Part]] = defaultdict(set)
    for holder in holders(db, board):
        found[holder.account].add(Part(holder.role.value))
    for account in applicants(db, board):
        found[account].add(Part.CANDIDATE)
    for holder in holders(db, SYSTEM, Role.HR, Role.ADMINISTRATOR):
        if holder.account in found:
            found[holder.account].add(Part(holder.role.value))
    return found


def parts_of(db: Session, board: BoardId, account: AccountId) -> frozenset[Part]:
    """One person's parts, counting those on the whole system: what a new part must agree with."""
    system = {
        Part(each.role.value) for each in holders(db, SYSTEM, Role.HR, Role.ADMINISTRATOR) if each.account == account
    }
    return frozenset(parts(db, board).get(account, frozenset()) | system)


def matching(db: Session, words: str) -> tuple[AccountCard, ...]:
    """The accounts that an e-mail address or a staff number is of, or else all whose name contains the words."""
    wanted = words.casefold()
    cards = [card for card in accounts.accounts(db) if card.state is not State.CLOSED]
    exact = [card for card in cards if wanted in {card.email.casefold(), card.staff_no.casefold()}]
    return tuple(exact or (card for card in cards if wanted in card.name.casefold()))


def framework_of(db: Session, policy: Policy) -> Framework | None:
    """The framework a policy was drafted from; None if none is chosen, or if it is not here."""
    try:
        return library.framework(db, FrameworkId.parse(policy.framework.id)) if policy.framework.id else None
    except Missing:
        return None


def _holding(part: Part, card: AccountCard) -> Holding:
    return Holding(part, card.id, card.name, card.email, card.staff_no)
