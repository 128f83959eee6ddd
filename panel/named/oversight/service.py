"""Handing out a board's record: who may have it, and that it was taken is logged."""

from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.roles import Role
from panel.audit import queries as audit
from panel.audit.entry import Entry, Stored, UnreadableEntry
from panel.audit.heads import Signer, sign_head
from panel.audit.service import append
from panel.blind.moderation.queries import leading
from panel.board import service as board_service
from panel.board.lifecycle import Stage
from panel.board.queries import board as read_board
from panel.kernel.errors import Missing, Refused
from panel.kernel.ids import BoardId, MarkerId
from panel.named.oversight import record_queries
from panel.named.oversight.record import Record

EXPORTED: Final = "record.exported"
#: How the log calls somebody at the command line.
COMMAND_LINE: Final = "system"
#: The stages in which a board has a record.
RECORDED: Final = (Stage.LOCKED, Stage.UNSEALED, Stage.PUBLISHED, Stage.ARCHIVED)
#: The stages in which its names are open.
NAMED: Final = (Stage.UNSEALED, Stage.PUBLISHED)


class NotLocked(Refused):
    """Before the lock a record would hold nothing that anybody could rely on; a cancelled board's texts are gone."""

    sentence = "This board has no record: its marks are not locked. A record can be made from the lock on."


class NoNames(Refused):
    """Names are sealed before the unsealing, and destroyed by archiving."""

    sentence = "The names of this board are not open, so they cannot be in its record."


def take_record(
    db: Session, keys: Path, board: BoardId, actor: MarkerId | None, role: str, *, names: bool = False
) -> Record:
    """The record of a locked board; that it was taken is logged after it, and so is not in it.

    The log's head is signed first, unless nothing but such an entry was added since it last was: two records of one
    unchanged board are the same bytes. Raises NotLocked, and with names NoNames.
    """
    held = board_service.take(db, board)
    if held.stage not in RECORDED:
        raise NotLocked
    if names and held.stage not in NAMED:
        raise NoNames
    _sign(db, keys, board)
    made = record_queries.record(db, keys, board, names=names)
    append(db, board, EXPORTED, actor, role, {"manifest": made.manifest_digest.hex(), "names": names})
    return made


def role_for_record(db: Session, person: Person, board: BoardId, *, names: bool = False) -> Role:
    """The part in which the person may have the record: the auditor from the lock, HR and leaders from the unsealing.

    It holds the answers with the words that were removed, which the panel must not read while it can still act on a
    sealed name. With the names, HR alone. Raises Missing: for anyone else, too early, and for a leader whom a candidate
    declared.
    """
    stage = read_board(db, board).stage
    if person.may(Role.HR, board) and stage in (NAMED if names else RECORDED[1:]):
        return Role.HR
    if names or stage not in RECORDED:
        raise Missing
    if person.may(Role.AUDITOR, board):
        return Role.AUDITOR
    if stage is Stage.LOCKED:
        raise Missing
    return leading(db, board, person)


def _sign(db: Session, keys: Path, board: BoardId) -> None:
    signed = audit.signed_heads(db, board)
    since = audit.stored_entries(db, board, signed[-1].size if signed else 0)
    if not all(_is_export(stored) for stored in since):
        sign_head(db, board, Signer.of(keys))


def _is_export(stored: Stored) -> bool:
    try:
        return Entry.read(stored).kind == EXPORTED
    except UnreadableEntry:
        return False
