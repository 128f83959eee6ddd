"""Asking for one envelope to be opened early, with everybody who must be there in one room."""

from panel.access.actor import Person
from panel.access.roles import Role
from panel.board.lifecycle import UNOPENED
from panel.board.service import hold
from panel.config import Config
from panel.kernel.database import Database
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId
from panel.named.unsealing.asking import ask_child
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.sitting import Sitting


def open_early(
    database: Database,
    config: Config,
    person: Person,
    board: BoardId,
    *,
    number: int,
    ground: str,
    reason: str,
    sitting: Sitting,
) -> None:
    """Open the envelope of one number for the custodian who asks, and set its submission aside for good.

    Raises what the child's verb `open-one` raises; then nothing has changed, but attempts and a refusal in the log.
    """
    if not person.may(Role.CUSTODIAN, board):
        raise Missing
    with database.reading() as db:
        hold(db, board, *UNOPENED)
    why = {"number": str(number), "ground": ground, "reason": reason}
    ask_child(database, config, Request.by(person, "open-one", Role.CUSTODIAN, board, **why, sitting=sitting.to_json()))
