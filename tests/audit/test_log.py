"""The log in a database: appended in order, read back, and found out when somebody writes into it."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Insert, delete, insert, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from panel.audit import queries, service
from panel.audit.merkle import Frontier, leaf, root
from panel.audit.models import LogEntry, LogHead, SignedHead
from panel.audit.service import LogMoved, append
from panel.kernel.clock import set_to
from panel.kernel.database import Database
from panel.kernel.ids import SYSTEM, BoardId, MarkerId
from panel.kernel.tables import OpenBase

LOG = BoardId(bytes(15) + b"\x01")
ACTOR = MarkerId(bytes(15) + b"\x02")


@pytest.fixture
def log_database(tmp_path: Path) -> Iterator[Database]:
    database = Database.sqlite(tmp_path / "log.sqlite3")
    with database.engine("named").begin() as connection:
        OpenBase.metadata.create_all(
            connection,
            tables=[model.__table__ for model in (LogHead, LogEntry, SignedHead)],  # type: ignore[misc]
        )
    yield database
    database.dispose()


@pytest.fixture
def log_db(log_database: Database) -> Iterator[Session]:
    with log_database.session("named", writes=True) as session:
        yield session


def fill(db: Session, count: int = 5) -> None:
    for n in range(count):
        append(db, LOG, "board.opened", ACTOR, "hr", {"count": n})


def test_append_writes_the_canonical_body(log_db: Session) -> None:
    with set_to(datetime(2026, 11, 22, 10, tzinfo=UTC)):
        append(log_db, LOG, "sheet.signed", ACTOR, "marker", {"count": 3})
    (stored,) = queries.stored_entries(log_db, LOG)
    expected = {
        "actor": str(ACTOR), "facts": {"count": 3}, "kind": "sheet.signed", "log": str(LOG),
        "on": "2026-11-22", "role": "marker", "seq": 0,
    }  # fmt: skip
    assert stored.body == json.dumps(expected, separators=(",", ":")).encode()
    assert stored.leaf == leaf(stored.body)


def test_append_moves_the_head_with_the_tree(log_db: Session) -> None:
    fill(log_db, 7)
    assert queries.head(log_db, LOG).size == 7
    assert queries.head(log_db, LOG).root() == root(queries.leaves(log_db, LOG))
    assert queries.rebuild(log_db, LOG).sound


def test_append_keeps_logs_apart(log_db: Session) -> None:
    fill(log_db)
    append(log_db, SYSTEM, "account.made", None, "administrator", {})
    assert [entry.kind for entry in queries.entries(log_db, SYSTEM)] == ["account.made"]
    assert queries.head(log_db, LOG).size == 5


def test_append_works_on_the_blind_side(log_database: Database) -> None:
    with log_database.writing("blind") as db:
        append(db, LOG, "redaction.decided", ACTOR, "chair", {"number": 123456})
    with log_database.reading() as db:
        assert queries.rebuild(db, LOG).sound


def test_append_refuses_a_float(log_db: Session) -> None:
    with pytest.raises(TypeError):
        append(log_db, LOG, "board.opened", ACTOR, "hr", {"share": 0.5})  # type: ignore[dict-item]


def test_entries_reads_one_kind(log_db: Session) -> None:
    fill(log_db)
    append(log_db, LOG, "board.closed", None, "hr", {"count": 24})
    (closed,) = queries.entries(log_db, LOG, "board.closed")
    assert (closed.written_seq, closed.actor, closed.facts) == (5, None, {"count": 24})


def test_entries_are_read_from_one_on(log_db: Session) -> None:
    fill(log_db)
    append(log_db, SYSTEM, "account.made", None, "administrator", {})
    assert [entry.seq for entry in queries.stored_entries(log_db, LOG)] == [0, 1, 2, 3, 4]
    assert [entry.seq for entry in queries.stored_entries(log_db, LOG, 3)] == [3, 4]
    assert queries.stored_entries(log_db, LOG, 5) == ()


def test_an_entry_reads_as_it_was_written(log_db: Session) -> None:
    with set_to(datetime(2026, 11, 22, 10, tzinfo=UTC)):
        append(log_db, LOG, "sheet.signed", ACTOR, "marker", {"count": 3})
    (entry,) = queries.entries(log_db, LOG)
    told = (entry.written_seq, entry.log, entry.kind, entry.actor, entry.role, entry.on, entry.facts)
    assert told == (0, LOG, "sheet.signed", ACTOR, "marker", date(2026, 11, 22), {"count": 3})
    assert entry.stored.seq == 0


def test_a_log_is_one_that_has_an_entry(log_db: Session) -> None:
    for log in (LOG, SYSTEM):
        append(log_db, log, "account.made", None, "administrator", {})
    log_db.execute(insert(LogHead).values(log=BoardId(b"\x09" * 16), size=0, frontier=b""))
    assert queries.logs(log_db) == tuple(sorted([LOG, SYSTEM]))
    assert queries.head(log_db, BoardId(b"\x08" * 16)) == Frontier()


@pytest.mark.vault("V09")
@pytest.mark.parametrize(
    "stale",
    [Frontier(), Frontier().append(leaf(b"1")), Frontier(5, (leaf(b"1"), leaf(b"2")))],
    ids=["of the start", "of another size", "of another tree"],
)
def test_append_from_a_head_that_has_moved_is_refused(
    log_db: Session, stale: Frontier, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(log_db)
    append(log_db, SYSTEM, "account.made", None, "administrator", {})
    before = queries.head(log_db, LOG)
    monkeypatch.setattr(service, "_head", lambda *_: stale)
    # the number is free, so that the head alone refuses
    log_db.execute(delete(LogEntry).where(LogEntry.seq == stale.size, LogEntry.log == LOG))
    with pytest.raises(LogMoved):
        append(log_db, LOG, "board.opened", ACTOR, "hr", {})
    assert queries.head(log_db, LOG) == before
    assert queries.head(log_db, SYSTEM).size == 1


def test_two_first_entries_at_once_are_both_kept(log_db: Session) -> None:
    service._begin(log_db, LOG)
    service._begin(log_db, LOG)
    fill(log_db, 2)
    assert queries.rebuild(log_db, LOG).sound


@pytest.mark.vault("V18")
def test_blind_side_cannot_change_an_entry_nor_sign_a_head(log_database: Database) -> None:
    with log_database.writing() as db:
        fill(db)
    for statement in (update(LogEntry).values(body=b""), delete(LogEntry), delete(LogHead), _signature(5, bytes(32))):
        with pytest.raises(DatabaseError), log_database.writing("blind") as db:
            db.execute(statement)


def test_rebuild_names_a_changed_entry(log_db: Session) -> None:
    fill(log_db)
    body = queries.stored_entries(log_db, LOG)[2].body.replace(b'"count":2', b'"count":9')
    log_db.execute(update(LogEntry).where(LogEntry.seq == 2).values(body=body))
    assert "Entry 2 is not what was written." in queries.rebuild(log_db, LOG).faults


def test_rebuild_notices_an_entry_rewritten_with_its_leaf(log_db: Session) -> None:
    fill(log_db)
    body = queries.stored_entries(log_db, LOG)[2].body.replace(b'"count":2', b'"count":9')
    log_db.execute(update(LogEntry).where(LogEntry.seq == 2).values(body=body, leaf=leaf(body)))
    assert queries.rebuild(log_db, LOG).faults == ("The log has 5 entries that do not lead to its head of size 5.",)


def test_rebuild_notices_a_missing_entry(log_db: Session) -> None:
    fill(log_db)
    log_db.execute(delete(LogEntry).where(LogEntry.seq == 4))
    assert not queries.rebuild(log_db, LOG).sound


def test_rebuild_names_an_entry_out_of_place(log_db: Session) -> None:
    fill(log_db)
    log_db.execute(delete(LogEntry).where(LogEntry.seq == 1))
    assert "Entry 2 is not where it was written." in queries.rebuild(log_db, LOG).faults


@pytest.mark.parametrize("moved", [b'"seq":2', b'"log":"%s"' % str(LOG).encode()], ids=["number", "log"])
def test_rebuild_names_an_entry_written_for_another_place(log_db: Session, moved: bytes) -> None:
    fill(log_db)
    body = queries.stored_entries(log_db, LOG)[2].body
    other = {b'"seq":2': b'"seq":3'}.get(moved, b'"log":"%s"' % str(SYSTEM).encode())
    log_db.execute(update(LogEntry).where(LogEntry.seq == 2).values(body=body.replace(moved, other)))
    assert "Entry 2 is not where it was written." in queries.rebuild(log_db, LOG).faults


def test_rebuild_says_that_a_head_cannot_be_read(log_db: Session) -> None:
    fill(log_db)
    log_db.execute(update(LogHead).values(frontier=b"short"))
    found = queries.rebuild(log_db, LOG)
    assert (found.sound, found.faults) == (False, ("The log’s head cannot be read.",))
    assert (found.size, found.root) == (5, root(queries.leaves(log_db, LOG)))


def test_signed_heads_are_those_of_the_log(log_db: Session) -> None:
    assert not queries.any_signed(log_db)
    fill(log_db)
    log_db.execute(_signature(5, root(queries.leaves(log_db, LOG))))
    assert queries.any_signed(log_db)
    assert queries.signed_heads(log_db, SYSTEM) == ()
    (signed,) = queries.signed_heads(log_db, LOG)
    assert signed.to_json() == {
        "size": 5, "on": "2026-11-22", "root": signed.root.hex(), "key_id": "00" * 8, "signature": "00" * 64,
    }  # fmt: skip


def test_rebuild_survives_an_unreadable_entry(log_db: Session) -> None:
    fill(log_db)
    log_db.execute(update(LogEntry).where(LogEntry.seq == 3).values(body=b"not an entry"))
    assert "Entry 3 cannot be read." in queries.rebuild(log_db, LOG).faults


def test_rebuild_compares_signed_roots(log_db: Session) -> None:
    fill(log_db)
    hashes = queries.leaves(log_db, LOG)
    log_db.execute(_signature(3, root(hashes[:3])))
    assert queries.rebuild(log_db, LOG).sound
    log_db.execute(_signature(5, bytes(32)))
    log_db.execute(_signature(9, root(hashes)))
    assert len(queries.rebuild(log_db, LOG).faults) == 2


def _signature(size: int, signed_root: bytes) -> Insert:
    return insert(SignedHead).values(
        log=LOG, size=size, root=signed_root, on=date(2026, 11, 22), key_id=bytes(8), signature=bytes(64)
    )
