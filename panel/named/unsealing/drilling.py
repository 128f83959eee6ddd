"""Custody is practised: HR asks every keyholder of a board to prove, and letters remind each of a proof that ends."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.roles import Role
from panel.audit.service import append
from panel.board.service import hold
from panel.kernel.clock import today
from panel.kernel.encoding import Json
from panel.kernel.errors import Invalid
from panel.kernel.ids import BoardId
from panel.named.accounts.letters import Letter
from panel.named.accounts.posting import post
from panel.named.unsealing import drill
from panel.named.unsealing.custody_queries import to_remind
from panel.named.unsealing.reach import LIVE
from panel.sealed.vault import queries as vault

#: How long keyholders have, unless HR says otherwise, and at most.
USUAL: Final = timedelta(days=14)
LONGEST: Final = timedelta(days=90)


class NotInTime(Invalid):
    """A drill ends on a day that people can meet and that still says something about today."""

    sentence = "The date must be from today to 90 days ahead"


def start(db: Session, person: Person, board: BoardId, by: date) -> None:
    """Ask every keyholder of the board to prove her share by a day, and log it. Raises WrongStage and NotInTime."""
    hold(db, board, *LIVE)
    if not today() <= by <= today() + LONGEST:
        raise NotInTime
    asked = {card.account for card in vault.seats(db, board) if not card.lost}
    post(db, asked, Letter.CHANGED)
    facts: dict[str, Json] = {"asked": len(asked), "by": by.isoformat()}
    append(db, board, drill.KIND, person.id, Role.HR, facts)


def remind(db: Session) -> int:
    """Post a letter to everyone whose proof runs out within a fortnight or has run out; to each once a fortnight.

    Once the names are open, once a quarter, until the board is archived. Part of the daily round: the days follow from
    the proof itself, so nothing is kept about who was reminded.
    """
    people = to_remind(db, today())
    post(db, people, Letter.CHANGED)
    return len(people)
