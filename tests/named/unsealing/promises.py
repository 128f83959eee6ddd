"""What holds of a board at every moment, whatever has been done to it."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase, Session

from panel.audit import heads
from panel.audit import queries as audit
from panel.audit.entry import Entry
from panel.audit.heads import Signer
from panel.blind.submissions.models import SubmissionRow
from panel.board.lifecycle import Stage as At
from panel.board.queries import Board
from panel.board.queries import board as board_of
from panel.kernel.tables import BlindBase
from panel.named.intake.models import RollRow, RollState
from panel.named.unsealing.models import CeremonyRow, RevealedRow
from panel.named.unsealing.occasion import OPENED_AGAIN, Occasion
from panel.sealed.equality.models import EqualityEnvelopeRow
from panel.sealed.vault.models import EnvelopeRow, ReleaseRow
from tests.named.unsealing.stage import Stage

OVERTAKING = {"amendment.confirmed", "seat.handed_over", "envelope.opened_early"}
ENDED = {"ceremony.aborted", "ceremony.expired", "ceremony.overtaken"}


def hold(stage: Stage) -> None:
    """All of them; read at one moment."""
    with stage.database.reading() as db:
        board, entries = board_of(db, stage.board), audit.entries(db, stage.board)
        released_in_turn(db, board)
        named_rightly(db, board, entries)
        names_stay_out(db, stage)
        log_stands(db, stage)
        sides_agree(db, board)


def released_in_turn(db: Session, board: Board) -> None:
    """No release but of a ceremony that is open and that this stage is for: before the lock there is none."""
    released = set(db.scalars(select(ReleaseRow.ceremony).where(ReleaseRow.board == board.id)))
    columns = CeremonyRow.id, CeremonyRow.occasion
    running = dict(db.execute(select(*columns).where(CeremonyRow.board == board.id, CeremonyRow.state == "open")).all())
    assert released <= running.keys()
    assert all(board.stage in Occasion(occasion).stages for occasion in running.values())


def named_rightly(db: Session, board: Board, entries: tuple[Entry, ...]) -> None:
    """No name is revealed unless the board was locked and the panel and k custodians released."""
    revealed = _count(db, board, RevealedRow)
    unsealed = [each for each in entries if each.kind == "board.unsealed"]
    assert len(unsealed) == board.stage.reached(At.UNSEALED)
    if not unsealed:
        assert revealed == 0
        return
    assert revealed == (0 if board.stage is At.ARCHIVED else unsealed[0].facts["revealed"])
    again = [each for each in entries if each.kind == OPENED_AGAIN]
    assert {each.facts["names_root"] for each in again} <= {unsealed[0].facts["names_root"]}
    for opening in (unsealed[0], *again):
        _rightly_opened(board, entries, opening)


def _rightly_opened(board: Board, entries: tuple[Entry, ...], unsealed: Entry) -> None:
    """From the log alone: for these locked marks a panel release, k custodians, and nothing that overtook them."""
    (locked,) = (each for each in entries if each.kind == "board.locked")
    ceremony, k = unsealed.facts["ceremony"], board.policy.custody.k
    (opened,) = (e for e in entries if e.kind == "ceremony.opened" and e.facts["ceremony"] == ceremony)
    assert opened.facts["marks_root"] == locked.facts["marks_root"]
    during = [each for each in entries if opened.stored.seq < each.stored.seq < unsealed.stored.seq]
    sides = [e.facts["side"] for e in during if e.kind == "ceremony.released" and e.facts["ceremony"] == ceremony]
    # the custodian who finishes releases by finishing
    assert sides.count("panel") == 1
    assert sides.count("hr") == k - 1
    assert len({seat for seat in unsealed.facts["seats"] if seat.startswith("hr ")}) == k
    assert not (OVERTAKING | ENDED) & {each.kind for each in during}


def contents(db: Session, *bases: type[DeclarativeBase]) -> dict[str, list[str]]:
    """Every row of every table of some rooms, as text. Not by the ORM, which would learn each table anew every time."""
    connection, tables = db.connection(), [table for base in bases for table in base.metadata.sorted_tables]
    room = "" if connection.dialect.name == "sqlite" else '"{}".'
    names = {table.name: f'{room.format(table.schema)}"{table.name}"' for table in tables}
    return {name: sorted(map(repr, connection.exec_driver_sql(f"SELECT * FROM {at}"))) for name, at in names.items()}


def names_stay_out(db: Session, stage: Stage) -> None:
    """No table of the blind side holds anything of a person."""
    text = repr(contents(db, BlindBase))
    for member in stage.people.candidates:
        assert not [each for each in (member.name, member.email, member.staff_no) if each in text]


def log_stands(db: Session, stage: Stage) -> None:
    """The log rebuilds, and every signed head is ours."""
    assert audit.rebuild(db, stage.board).faults == ()
    public = Signer.of(stage.config.keys).public
    assert heads.faulty(stage.board, audit.signed_heads(db, stage.board), public, public) == ()


def sides_agree(db: Session, board: Board) -> None:
    """As many on the roll as submissions, envelopes and equality envelopes."""
    sealed = {_count(db, board, EnvelopeRow), _count(db, board, EqualityEnvelopeRow)}
    if board.stage in {At.CANCELLED, At.ARCHIVED}:
        assert sealed == {0}
        return
    lodged = _count(db, board, SubmissionRow)
    assert sealed == {lodged}
    assert _count(db, board, RollRow, RollRow.state != RollState.WITHDRAWN.value) == lodged
    assert board.submissions in {None, lodged}


def _count(db: Session, board: Board, table: Any, *where: Any) -> int:
    return db.scalar(select(func.count()).select_from(table).where(table.board == board.id, *where)) or 0
