"""A seat changes hands: HR appoints a successor, who becomes a keyholder; then the leaver, or her code, hands over.

The verbs that take a Database ask the child, and need the caller's own transaction to be over.
"""

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.roles import Role
from panel.board.duties import Part
from panel.board.service import take
from panel.config import Config
from panel.kernel.database import Database
from panel.kernel.errors import Invalid, Missing
from panel.kernel.ids import AccountId, BoardId
from panel.named.accounts.letters import Letter
from panel.named.accounts.posting import post
from panel.named.setup import appointing
from panel.named.unsealing.asking import ask_child, keyholding_role
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.custody_queries import demand_first_seat, waiting
from panel.named.unsealing.reach import SEATED
from panel.sealed.vault import queries as vault
from panel.sealed.vault.sharing import Side

#: The part in which a successor waits, by the side of the seat: without any right of the part that comes with it.
WAITS_AS: Final = {Side.HR: Part.NEXT_CUSTODIAN, Side.PANEL: Part.NEXT_LEADER}


@dataclass(frozen=True)
class Recovery:
    """Whose seat passes to whom and before whom, her recovery code, and the witness's own passphrase."""

    leaver: AccountId
    successor: AccountId
    witness: AccountId
    code: str = field(repr=False)
    passphrase: str = field(repr=False)


class WaitingAlready(Invalid):
    """One at a time on each side: parts are given for seats, not in advance."""

    sentence = "Somebody is waiting for a seat on this side already. Remove that person first"


class SeatedAlready(Invalid):
    """Nobody holds two seats of one board."""

    sentence = "This person holds a seat in the custody of this board already"


def appoint_successor(db: Session, actor: Person, board: BoardId, account: AccountId, side: Side) -> None:
    """HR appoints somebody who is to take a seat over: she may become a keyholder, and has no other right till then.

    Raises WrongStage, Missing, DutiesApart, WaitingAlready, SeatedAlready and SeatedBefore.
    """
    take(db, board, *SEATED)
    if any(card.account == account for card in vault.seats(db, board)):
        raise SeatedAlready
    demand_first_seat(db, board, account)
    if waiting(db, board, side):
        raise WaitingAlready
    appointing.give(db, actor.id, Role.HR, board, account, WAITS_AS[side])
    post(db, {account}, Letter.CHANGED)


def dismiss_successor(db: Session, actor: Person, board: BoardId, account: AccountId) -> None:
    """End the part of somebody who has taken no seat yet. Raises WrongStage and Missing."""
    take(db, board, *SEATED)
    found = next((each for each in waiting(db, board) if each.account == account), None)
    if found is None:
        raise Missing
    appointing.end(db, actor.id, Role.HR, board, account, Part(found.role.value))


def hand_over(
    database: Database, config: Config, person: Person, board: BoardId, *, successor: AccountId, passphrase: str
) -> None:
    """A keyholder hands her seat over. Her part on the board ends with it, and so does an open ceremony.

    Raises NoSeat, WrongStage, NotSuccessor, DutiesApart, KeyNotLogged, what unlocking raises, and Unsound.
    """
    role = keyholding_role(person, board)
    ask_child(
        database, config, Request.by(person, "hand-over", role, board, passphrase=passphrase, successor=successor)
    )


def recover_seat(database: Database, config: Config, person: Person, board: BoardId, recovery: Recovery) -> None:
    """HR hands over the seat of somebody who cannot, with her recovery code and before a witness.

    Raises Missing for anyone but HR and for one's own seat, NotWitness, and what `hand_over` raises.
    """
    if not person.may(Role.HR, board) or recovery.leaver == person.account:
        raise Missing
    typed = {"recovery": recovery.code, "passphrase": recovery.passphrase}
    who = {"leaver": recovery.leaver, "successor": recovery.successor, "witness": recovery.witness}
    ask_child(database, config, Request.by(person, "recover-seat", Role.HR, board, **typed, **who))
