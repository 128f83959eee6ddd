"""Backups that somebody made with the public key alone, and what is emptied in our own."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
)
from sqlalchemy.orm import Session

from migrations import current
from panel.backup import restoring, rows
from panel.backup.box import Header, Kind, Spoilt, sealed
from panel.backup.keys import PrivateKey
from panel.backup.restoring import restore
from panel.board.service import create
from panel.config import Config
from panel.installation import furnish
from panel.kernel import clock, keyfiles
from panel.named.accounts.factors.models import AuthenticatorRow
from tests.named.accounts.signing import add_niamh
from tests.servers import cheap

KEY = PrivateKey.new()


@pytest.fixture
def machine(tmp_path: Path) -> Config:
    return cheap(tmp_path / "machine")


def crafted(file: Path, kind: Kind, *lines: object) -> Path:
    """As anybody can who has the public key."""
    header = Header(kind, clock.today(), max(current.newest()), KEY.public.id)
    file.write_bytes(b"".join(sealed(header, KEY.public, (json.dumps(line).encode() + b"\n" for line in lines))))
    return file


@pytest.mark.vault("V27")
@pytest.mark.parametrize(
    "name", [f"drafts/{'a' * 32}.key", f"results/{'a' * 32}.key", "../pepper", "results/../pepper", "/etc/passwd", 7]
)
def test_a_crafted_backup_of_secrets_plants_no_key_of_drafts_and_leaves_its_folder_nowhere(
    name: object, machine: Config, tmp_path: Path
) -> None:
    with pytest.raises(Spoilt):
        restore(machine, crafted(tmp_path / "crafted", Kind.SECRETS, ["pepper", "00" * 32], [name, "00" * 32]), KEY)
    assert not machine.keys.exists()


@pytest.mark.vault("V27")
@pytest.mark.parametrize("table", ["draft", "sign_in_session", "invitation", "half_sign_in"])
def test_a_crafted_backup_plants_no_sign_in_link_or_draft(table: str, db: Session) -> None:
    lines = [{"table": table, "columns": []}, {"rows": {table: 0}}]
    with pytest.raises(rows.OtherTables):
        rows.load(db.connection(), (json.dumps(line).encode() for line in lines))


@pytest.mark.vault("V27")
def test_a_line_without_an_end_is_not_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoring, "_LONGEST", 10)
    assert list(restoring._lines([b"on", b"e\ntwo\n", b"", b"\nthree", b"\n"])) == [b"one", b"two", b"", b"three"]
    chunks = iter([b"short\n", b"12345678", b"12345678", b"\n"])
    with pytest.raises(Spoilt):
        list(restoring._lines(chunks))
    assert list(chunks) == [b"\n"]


@pytest.mark.leak("L47")
def test_no_backup_says_when_a_code_was_used(db: Session) -> None:
    account = add_niamh(db)
    db.add(AuthenticatorRow(account=account, state="held", sealed=bytes(48), last_counter=59_844_960))
    db.flush()
    told = b"".join(rows.written(db.connection()))
    assert b'"authenticator"' in told
    assert b"59844960" not in told


#: What a value, a row or a line may have become.
_ODD: tuple[object, ...] = (
    *(None, True, 7, 2**70, "x", "\x00", [], ["x"], {}, {"bytes": 7}, {"bytes": "!"}, {"time": "x"}, {"date": 1}),
    *({"table": []}, {"table": "board"}, {"table": "board", "columns": 7}, {"table": "board", "columns": [[]]}),
    *({"rows": 7}, {"bytes": ""}, {"time": "2026-11-22"}),
)


@pytest.fixture
def plain() -> Iterator[Connection]:
    """Two tables with a column of every kind that ours have."""
    engine, tables = create_engine("sqlite://"), MetaData()
    Table("person", tables, Column("id", LargeBinary, primary_key=True), Column("name", String(9)))
    kinds = (Column("words", Text), Column("count", BigInteger), Column("held", Boolean))
    days = (Column("day", Date), Column("moment", DateTime))
    Table("thing", tables, Column("id", LargeBinary, primary_key=True), *kinds, *days)
    tables.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_whatever_a_made_up_backup_holds_is_taken_or_plainly_refused(plain: Connection) -> None:
    whole: list[Any] = [
        *({"table": "person", "columns": ["id", "name"]}, [{"bytes": "AA=="}, "Niamh"], [{"bytes": "AQ=="}, None]),
        {"table": "thing", "columns": ["id", "words", "count", "held", "day", "moment"]},
        [{"bytes": "AA=="}, "x", 7, True, {"date": "2026-11-22"}, {"time": "2026-11-22T12:00:00+00:00"}],
        {"rows": {"person": 2, "thing": 1}},
    ]
    assert outcome(plain, whole) == "taken"
    for at, line in enumerate(whole):
        inside = range(len(line)) if isinstance(line, list) else ()
        for odd in _ODD:
            said = Counter(
                outcome(plain, [*whole[:at], each, *whole[at + 1 :]])
                for each in (odd, *([*line[:place], odd, *line[place + 1 :]] for place in inside))
            )
            assert said["refused"], (line, odd)


def outcome(connection: Connection, lines: Iterable[object]) -> str:
    with connection.begin() as attempt:
        try:
            rows.load(connection, (json.dumps(line).encode() for line in lines))
        except rows.OtherTables:
            return "refused"
        finally:
            attempt.rollback()
    return "taken"


@pytest.mark.vault("V27")
@pytest.mark.parametrize("line", [b"", b"{", b"\xff", b"[" * 100_000, b'{"table":"board"', b"7", b'"table"'])
def test_a_line_that_is_no_line_of_ours_is_plainly_refused(line: bytes, plain: Connection) -> None:
    with pytest.raises(rows.OtherTables):
        rows.load(plain, [line])


@pytest.mark.vault("V27")
@pytest.mark.parametrize("engine_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("table", "column", "value"), [("board", "id", {"bytes": "AA=="}), ("framework", "body", '[["x"]]')]
)
def test_a_value_that_means_nothing_is_plainly_refused_before_it_is_in(
    machine: Config, db: Session, tmp_path: Path, table: str, column: str, value: object
) -> None:
    furnish(db)
    create(db, "A board")
    db.flush()
    lines = [json.loads(line) for line in rows.written(db.connection())]
    at = next(at for at, line in enumerate(lines) if isinstance(line, dict) and line.get("table") == table)
    good = lines[at + 1][lines[at]["columns"].index(column)]
    keyfiles.ensure(machine.keys, keyfiles.PEPPER)
    keyfiles.ensure(machine.keys, keyfiles.LOG)
    lines[at + 1][lines[at]["columns"].index(column)] = value
    with pytest.raises(rows.OtherTables):
        restore(machine, crafted(tmp_path / "crafted", Kind.DATABASE, *lines), KEY)
    lines[at + 1][lines[at]["columns"].index(column)] = good
    restore(machine, crafted(tmp_path / "good", Kind.DATABASE, *lines), KEY)
