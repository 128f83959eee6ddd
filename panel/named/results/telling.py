"""A published result that was amended: its candidate sees it at once, and gets the letter that something has changed.

Amendments are made on the blind side, which can post nothing. So the daily round looks for new ones.
"""

from pathlib import Path

from sqlalchemy.orm import Session

from panel.blind.merit import queries as merit
from panel.board.lifecycle import Stage
from panel.board.queries import boards
from panel.kernel.ids import BoardId
from panel.named.accounts.letters import Letter
from panel.named.accounts.posting import post
from panel.named.results.models import AmendmentTold
from panel.named.unsealing import queries as unsealing
from panel.named.unsealing.results_key import NamesUnreadable


def tell_amended(db: Session, keys: Path) -> int:
    """Post a letter to each candidate of a published board whose score was amended since the last look; how many.

    A board whose amendments are not those in its log is left out, as its pages are: nobody is told of those. One whose
    names cannot be read waits until they can.
    """
    published = [board.id for board in boards(db) if board.stage is Stage.PUBLISHED and merit.faithful(db, board.id)]
    return sum(_tell(db, keys, board) for board in published)


def _tell(db: Session, keys: Path, board: BoardId) -> int:
    told = db.get(AmendmentTold, board) or AmendmentTold(board=board, seq=0)
    new = [each for each in merit.amendments(db, board) if each.seq > told.seq]
    if not new:
        return 0
    try:
        people = {each.number: each.account for each in unsealing.revealed(db, keys, board)}
    except NamesUnreadable:
        return 0  # told once they can be read again; the daily round goes on
    recipients = {people[each.number] for each in new if each.number in people}
    post(db, recipients, Letter.CHANGED)
    told.seq = new[-1].seq
    db.add(told)
    db.flush()
    return len(recipients)
