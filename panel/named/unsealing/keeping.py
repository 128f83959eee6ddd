"""Opened names on their way into the tables, each under the results key. Called by the child alone."""

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from panel.kernel.ids import BoardId
from panel.named.unsealing import early, results_key, reveal
from panel.named.unsealing.models import RevealedRow
from panel.sealed.vault.opening import Opened


def keep(db: Session, keys: Path, board: BoardId, revealed: Iterable[Opened], everyone: Iterable[Opened]) -> int:
    """Keep the names that are revealed in the place of whatever lies there; and anew what was opened early.

    Returns how many names opened early could not be read any more, and can again.
    """
    key = results_key.current(db, keys, board)
    db.execute(delete(RevealedRow).where(RevealedRow.board == board).execution_options(synchronize_session=False))
    rows = [{"board": board, **vars(reveal.keep(key, board, one))} for one in revealed]
    if rows:
        db.execute(insert(RevealedRow), rows)
    return early.keep_again(db, key, board, everyone)
