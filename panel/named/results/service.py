"""HR decides what feedback goes out, takes the list as a file, and publishes."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.roles import Role
from panel.audit.heads import Signer, sign_head
from panel.audit.service import append
from panel.blind.merit import queries as merit
from panel.board import service as board_service
from panel.board.lifecycle import Stage
from panel.kernel import clock
from panel.kernel.encoding import Json, digest_of
from panel.kernel.errors import Invalid, Missing
from panel.kernel.ids import BoardId, Number
from panel.named.results import queries
from panel.named.results.exports import FORMATS
from panel.named.results.feedback import Note
from panel.named.results.models import ApprovedNote
from panel.named.setup.facts import readiness
from panel.named.unsealing import queries as unsealing


class NamesSomebody(Invalid):
    """A note that names a candidate or a member of the panel cannot be approved."""

    sentence = "Withhold the notes that name somebody"


def approve(db: Session, keys: Path, board: BoardId, number: Number, chosen: Collection[tuple[str, bytes]]) -> None:
    """Let exactly the chosen notes, as (criterion key, digest), go to the candidate behind a number.

    Raises WrongStage, Missing (no such number or note) and NamesSomebody.
    """
    board_service.hold(db, board, Stage.UNSEALED)
    judged = queries.candidate(db, keys, board, number).judged
    known = {(each.criterion.key, note.digest): note for each in judged for note in each.notes}
    if set(chosen) - set(known):
        raise Missing
    if any(not known[key].may_go for key in chosen):
        raise NamesSomebody
    db.execute(delete(ApprovedNote).where(ApprovedNote.board == board, ApprovedNote.number == number))
    _keep(db, board, ((number, criterion, known[criterion, digest]) for criterion, digest in chosen))


def approve_all(db: Session, keys: Path, board: BoardId) -> int:
    """Approve every note of the board that names nobody. Returns how many were withheld because they do."""
    board_service.hold(db, board, Stage.UNSEALED)
    found = queries.all_notes(db, keys, board)
    listed = [(number, criterion, note) for (number, criterion), notes in found.items() for note in notes]
    db.execute(delete(ApprovedNote).where(ApprovedNote.board == board))
    _keep(db, board, (each for each in listed if each[2].may_go))
    return sum(not note.may_go for _, _, note in listed)


def withhold_all(db: Session, board: BoardId) -> None:
    """Take every approval back."""
    board_service.hold(db, board, Stage.UNSEALED)
    db.execute(delete(ApprovedNote).where(ApprovedNote.board == board))


def export(db: Session, keys: Path, actor: Person, board: BoardId, kind: str) -> bytes:
    """The named list as a file; that it was taken is logged. Raises Missing and KeyError on an unknown format."""
    make, _ = FORMATS[kind]
    board_service.hold(db, board, *queries.OPENED)
    sheet = queries.named_list(db, keys, board)
    append(db, board, "export.made", actor.id, Role.HR, {"format": kind, "rows": len(sheet.lines)})
    return make(sheet)


def publish(db: Session, keys: Path, actor: Person, board: BoardId) -> None:
    """unsealed → published: candidates see their results; the daily look at the roll tells them by letter.

    Raises WrongStage, NotReady, NotLogged and NamesUnreadable.
    """
    board_service.take(db, board, Stage.UNSEALED)
    unsealing.proved(db, keys, board)  # nobody is told another's result
    merit.amendments(db, board)  # nothing goes out that nobody decided
    ready = readiness(db, board, Stage.PUBLISHED, *queries.publishing_facts(db, keys, board))
    facts = _approved_facts(queries.approved_digests(db, board))
    board_service.advance(db, board, Stage.PUBLISHED, ready, actor.id, Role.HR, facts, published_on=clock.today())
    sign_head(db, board, Signer.of(keys))


def _approved_facts(approved: Mapping[tuple[Number, str], frozenset[bytes]]) -> dict[str, Json]:
    """How many notes go out, and a digest over which: the log can show later that they were these."""
    listed: list[Json] = [
        [n, key, tuple(sorted(each.hex() for each in notes))] for (n, key), notes in sorted(approved.items())
    ]
    return {"feedback": digest_of(listed).hex(), "notes": sum(map(len, approved.values()))}


def _keep(db: Session, board: BoardId, notes: Iterable[tuple[Number, str, Note]]) -> None:
    rows = [
        {"board": board, "number": number, "criterion": criterion, "digest": note.digest, "text": note.text}
        for number, criterion, note in notes
    ]
    if rows:
        db.execute(insert(ApprovedNote), rows)
