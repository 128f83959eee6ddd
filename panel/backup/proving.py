"""A restored service proves itself: every board is held against its signed log, and the guards are counted.

Anybody who has the public key of backups can make one, so what only rows say is believed for nothing. Who may manage
everybody's accounts is held against the log as well, as far as it is signed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

from sqlalchemy.orm import Session

from migrations import triggers
from migrations.refusal import Tables, found
from panel import health
from panel.access.queries import holders
from panel.access.roles import Role
from panel.audit import queries as audit
from panel.audit.entry import Entry, Stored, UnreadableEntry
from panel.audit.heads import Signer, faulty
from panel.backup.rows import MADE_UP
from panel.blind.merit.queries import as_locked
from panel.board.lifecycle import Stage
from panel.board.queries import Board, boards
from panel.config import Config
from panel.kernel.database import Database
from panel.kernel.errors import PanelError
from panel.kernel.ids import SYSTEM
from panel.named.oversight.queries import Verdict, verdict
from panel.named.unsealing import proof_of_close
from panel.settings import Finding

#: The stages in which a board still has everything that its close committed to.
_CLOSED: Final = (Stage.CLOSED, Stage.MARKING, Stage.MODERATION, Stage.LOCKED, Stage.UNSEALED, Stage.PUBLISHED)
_LOCKED: Final = (Stage.LOCKED, Stage.UNSEALED, Stage.PUBLISHED)


def prove(config: Config) -> tuple[Finding, ...]:
    """A finding for the system's log, for each board, for the triggers, and what `panel check` finds."""
    database = config.database()
    try:
        with database.reading() as db:
            public = Signer.of(config.keys).public
            service = verdict(db, SYSTEM, public)
            told = [_finding("The service", service, ())]
            told += [_finding(each.title, verdict(db, each.id, public), _faults(db, each)) for each in boards(db)]
            told += roles(db, public)
        return (*told, _guards(database), *health.check(config))
    finally:
        database.dispose()


def roles(db: Session, public: bytes) -> Iterator[Finding]:
    """Roles on the whole service of which the log does not tell, and those that it tells of only since it was signed.

    `public`: the half of the signing key that everybody may know.
    """
    heads, entries = audit.signed_heads(db, SYSTEM), audit.stored_entries(db, SYSTEM)
    forged = faulty(SYSTEM, heads, public)
    signed = max((head.size for head in heads if head.size not in forged), default=0)
    having = {(str(each.marker), each.role.value) for each in holders(db, SYSTEM)}
    untold, unsigned = having - _given(entries), (having & _given(entries)) - _given(entries[:signed])
    yield Finding(
        not untold,
        f"Roles on the whole service that the log says nobody was given: {_counted(untold)}. Take them away."
        if untold
        else "The log tells of every role on the whole service.",
    )
    if unsigned:
        told = f"Roles on the whole service that were given since the log was last signed: {_counted(unsigned)}."
        yield Finding(good=False, sentence=f"{told} Make sure of each.", advice=True)


def _given(entries: Iterable[Stored]) -> set[tuple[str, str]]:
    """Who was given which role, and had none of it taken away since."""
    given: set[tuple[str, str]] = set()
    for entry in _read(entries):
        change = {"role.granted": given.add, "role.revoked": given.discard}.get(entry.kind)
        if change:
            change((str(entry.facts.get("person")), str(entry.facts.get("role"))))
    return given


def _read(entries: Iterable[Stored]) -> Iterator[Entry]:
    for each in entries:
        with suppress(UnreadableEntry):  # which the log's own verdict tells
            yield Entry.read(each)


def _counted(roles: set[tuple[str, str]]) -> str:
    found = Counter(role for _, role in roles)
    return ", ".join(f"{Role(role).label} ({count})" for role, count in sorted(found.items()))


def _finding(title: str, log: Verdict, faults: tuple[str, ...]) -> Finding:
    wrong = (*log.faults, *faults)
    size = f"{log.size} log entries, {log.heads} signed heads"
    return Finding(not wrong, f"{title}: {' '.join(wrong)}" if wrong else f"{title}: {size}, all agree.")


def _faults(db: Session, board: Board) -> tuple[str, ...]:
    try:
        return tuple(_found(db, board))
    except PanelError as error:
        return (error.message,)
    except MADE_UP:
        return ("Something in its rows cannot be read.",)


def _found(db: Session, board: Board) -> Iterator[str]:
    if board.stage in (Stage.OPEN, *_CLOSED):
        yield from proof_of_close.faults(db, board.id, closed=board.stage is not Stage.OPEN)
    if board.stage in _LOCKED and not as_locked(db, board.id):
        yield "The marks are not those that were locked."


def _guards(database: Database) -> Finding:
    with database.engine("named").connect() as connection:
        wanted = {each.name for each in triggers.wanted(Tables(connection))}
        lacking = sorted(wanted - set(found(connection)))
    if lacking:
        return Finding(good=False, sentence=f"Triggers are missing: {', '.join(lacking)}. Run: panel migrate")
    return Finding(good=True, sentence=f"All {len(wanted)} triggers are in place.")
