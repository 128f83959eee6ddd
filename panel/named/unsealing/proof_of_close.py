"""Whether the tables still hold what was lodged: C6 and C9 without any key, for a service that was restored."""

from sqlalchemy.orm import Session

from panel.blind.submissions import queries as submissions
from panel.kernel.ids import BoardId
from panel.named.unsealing.ceremony_queries import exceptions
from panel.named.unsealing.child.lodged import Lodged
from panel.sealed.equality import queries as equality
from panel.sealed.vault import queries as vault
from panel.sealed.vault.opening import Unsound


def faults(db: Session, board: BoardId, *, closed: bool) -> tuple[str, ...]:
    """What is not as it was at the close, in sentences; while a board is open, what does not belong together.

    Numbers that a finished ceremony set aside may lack their envelopes.
    """
    if not closed:
        found = {frozenset(submissions.refs(db, board)), vault.refs(db, board), equality.refs(db, board)}
        return () if len(found) == 1 else ("Submissions and envelopes do not belong together one to one.",)
    lodged, aside = Lodged.of(db, board), exceptions(db, board)
    try:
        lodged.check_counts(db, aside)
        lodged.check_leaves(db, lodged.numbers(aside))
    except Unsound as error:
        numbers = f" Numbers: {', '.join(map(str, error.numbers))}." if error.numbers else ""
        return (f"{error.message}{numbers}",)
    return ()
