"""Gathering one board's record from every room, up to the last signed head of its log."""

from pathlib import Path

from sqlalchemy.orm import Session

from panel.audit import queries as audit
from panel.blind.merit.marks_root import leaves
from panel.blind.merit.queries import locked
from panel.blind.submissions.record_queries import texts
from panel.board.lifecycle import Stage
from panel.board.queries import board as read_board
from panel.kernel.ids import BoardId
from panel.named.oversight.record import Record
from panel.named.unsealing import record_queries as unsealing


def record(db: Session, keys: Path, board: BoardId, *, names: bool) -> Record:
    """The record of a locked board as the tables have it, sound or not: to judge it is for the verifier.

    Raises NotClosed, and with names NamesUnreadable.
    """
    held, heads = read_board(db, board), audit.signed_heads(db, board)
    size = heads[-1].size if heads else 0
    return Record(
        board=board,
        policy=held.policy.to_json(),
        log=tuple(stored.body for stored in audit.stored_entries(db, board)[:size]),
        heads=heads,
        locked=leaves(locked(db, board)),
        texts=texts(db, board, destroyed=held.stage is Stage.ARCHIVED),
        sealed=unsealing.envelopes(db, board),
        names=unsealing.names(db, keys, board) if names else None,
    )
