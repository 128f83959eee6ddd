"""Backups through the front door: what is in them, when they are refused, and that HR is told which to destroy."""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from migrations import current
from panel.backup import rows, taking
from panel.backup.box import Kind, Spoilt, opened
from panel.backup.keys import PrivateKey
from panel.backup.proving import prove
from panel.backup.restoring import FromLater, KeysThere, SecretsFirst, restore
from panel.backup.rows import NotEmpty
from panel.blind.submissions.models import SubmissionRow
from panel.board import backups
from panel.board.lifecycle import Stage
from panel.board.queries import boards
from panel.board.service import create
from panel.cli import cli
from panel.config import Config
from panel.installation import migrate
from panel.kernel import clock, keyfiles
from panel.kernel.database import Database
from panel.kernel.ids import AccountId, BoardId, RollId
from panel.named.intake.models import DraftRow, RollRow
from tests.servers import cheap
from tests.world import Visit

KEY = PrivateKey.new()


@pytest.fixture
def made(visit: Visit, tmp_path: Path) -> dict[Kind, Path]:
    """A backup of each kind, of boards at every stage."""
    files = {kind: tmp_path / kind.value for kind in Kind}
    taking.take_database(visit.config, files[Kind.DATABASE], KEY.public)
    for kind in (Kind.SECRETS, Kind.RESULTS):
        taking.take_keys(visit.config, files[kind], KEY.public, kind)
    return files


def content(file: Path) -> bytes:
    with file.open("rb") as source:
        return b"".join(opened(source, KEY))


@pytest.mark.leak("L94")
@pytest.mark.leak("L67")
def test_a_backup_holds_rows_and_no_draft_session_link_or_key(visit: Visit, made: dict[Kind, Path]) -> None:
    inside = content(made[Kind.DATABASE])
    name = visit.company(Stage.PUBLISHED).candidates[0].name
    assert json.dumps(name).encode() in inside  # an account's; so what is looked for would be found
    assert json.dumps(name).encode() not in made[Kind.DATABASE].read_bytes()
    told = {line.split(b'"')[3].decode() for line in inside.splitlines() if line.startswith(b'{"table"')}
    assert {"account", "submission", "envelope", "log_entry"} <= told
    assert not told & {"draft", "sign_in_session", "invitation", "attempt", "alembic_version"}
    for file in made.values():
        assert file.stat().st_mode & 0o777 == 0o600
    assert b"drafts/" not in content(made[Kind.SECRETS]) + content(made[Kind.RESULTS])
    kept = {line.split(b'"')[1] for line in content(made[Kind.SECRETS]).splitlines()}
    assert kept == {b"pepper", b"log.key", b"authenticators.key"}


@pytest.mark.leak("L67")
def test_rows_stand_in_the_order_of_their_random_keys_and_not_of_applying(db: Session) -> None:
    applied = [RollId.new() for _ in range(60)]
    for each in applied:
        db.add(RollRow(id=each, board=BoardId.new(), account=AccountId.new(), state="applied"))
        db.flush()
    found = [json.loads(line) for line in rows.written(db.connection())]
    start = next(at for at, line in enumerate(found) if isinstance(line, dict) and line.get("table") == "roll")
    place = found[start]["columns"].index("id")
    ids = [b64decode(line[place]["bytes"]) for line in found[start + 1 : start + 61]]
    assert ids == sorted(map(bytes, applied))
    assert ids != [bytes(each) for each in applied]


@pytest.mark.leak("L67")
def test_no_table_is_read_in_the_order_in_which_it_lies(db: Session) -> None:
    """Which SQLite hides, whose tables lie in the order of their keys."""
    asked: list[str] = []
    connection = db.connection()
    event.listen(connection, "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement))
    every = {table.name for table in rows.tables(connection)} - rows.LEFT_OUT
    asked.clear()
    list(rows.written(connection))
    ordered = {found[1] for each in asked if (found := re.search(r"FROM (?:\w+\.)?(\w+) ORDER BY \S", each))}
    assert ordered == every


def test_what_is_written_meanwhile_is_in_no_part_of_the_backup(database: Database) -> None:
    with database.writing() as db:
        create(db, "Before")
    with taking.snapshot(database) as connection:
        lines = rows.written(connection)
        first = next(lines)
        with database.writing() as db:
            create(db, "Meanwhile")
        told = b"".join((first, *lines))
    assert b"Before" in told
    assert b"Meanwhile" not in told


@pytest.mark.leak("L67")
def test_one_a_day_while_a_board_is_open_and_hr_is_told_which_to_destroy(visit: Visit, tmp_path: Path) -> None:
    season = visit.boards[Stage.OPEN]
    moment = season.moment()
    with clock.set_to(moment):
        first = taking.take_database(visit.config, tmp_path / "first", KEY.public)
        with pytest.raises(backups.TwiceADay):
            taking.take_database(visit.config, tmp_path / "second", KEY.public)
        with pytest.raises(backups.TwiceADay), visit.database.writing() as db:
            backups.note_begun(db)  # as one does that ran beside it
    assert sorted(path.name for path in tmp_path.iterdir() if "copy" not in path.name) == ["first"]
    with clock.set_to(moment + timedelta(days=1)):
        second = taking.take_database(visit.config, tmp_path / "second", KEY.public)
    with visit.database.reading() as db:
        assert backups.from_while_open(db, season.board) == (first, second)
        assert backups.from_while_open(db, visit.boards[Stage.CLOSED].board) == ()
        assert (first.number, second.number) == (1, 2)


def test_hr_reads_on_the_closed_board_which_backups_are_to_be_destroyed(visit: Visit) -> None:
    board = visit.boards[Stage.CLOSED].board
    with visit.database.writing() as db:
        backups.append(db, backups.SYSTEM, backups.TAKEN, None, "system", {"number": 1, "open": [str(board)]})
        db.execute(text("UPDATE board SET backups_destroyed_on = NULL WHERE id = :id"), {"id": bytes(board)})
    page = visit.client(visit.company(Stage.CLOSED).hr).get(f"/boards/{board}").get_data(as_text=True)
    assert "backup number 1, " in page


def test_a_file_is_never_replaced_and_a_failure_leaves_none(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "there"
    there.write_text("mine")
    with pytest.raises(taking.Malformed, match="exists"):
        taking.take_database(visit.config, there, KEY.public)
    assert there.read_text() == "mine"

    def breaks(_connection: object) -> Iterator[bytes]:
        yield b"x" * 200_000
        raise RuntimeError

    monkeypatch.setattr(rows, "written", breaks)
    with pytest.raises(RuntimeError):
        taking.take_database(visit.config, tmp_path / "half", KEY.public)
    assert not [path for path in tmp_path.iterdir() if "half" in path.name]
    with visit.database.reading() as db:
        assert backups.from_while_open(db, visit.boards[Stage.OPEN].board) == ()


@pytest.fixture
def machine(tmp_path: Path) -> Config:
    return cheap(tmp_path / "machine")


@pytest.mark.vault("V27")
def test_a_restore_writes_over_nothing_and_uses_no_file_that_is_not_whole(
    visit: Visit, made: dict[Kind, Path], machine: Config, tmp_path: Path
) -> None:
    with pytest.raises(SecretsFirst):
        restore(machine, made[Kind.DATABASE], KEY)
    restore(machine, made[Kind.SECRETS], KEY)
    keyfiles.renew(machine.keys, keyfiles.PEPPER)
    with pytest.raises(KeysThere):
        restore(machine, made[Kind.SECRETS], KEY)
    spoilt = tmp_path / "spoilt"
    spoilt.write_bytes(made[Kind.DATABASE].read_bytes()[:-1])
    with pytest.raises(Spoilt):
        restore(machine, spoilt, KEY)
    assert machine.sqlite_path is not None
    assert not machine.sqlite_path.exists()
    with pytest.raises(NotEmpty):
        restore(replace(machine, instance=visit.config.instance), made[Kind.DATABASE], KEY)


@pytest.mark.vault("V27")
def test_a_backup_of_later_tables_is_refused(
    visit: Visit, made: dict[Kind, Path], machine: Config, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(current, "migrated", lambda _connection: frozenset({"9999"}))
    with clock.set_to(clock.now() + timedelta(days=1)):
        taking.take_database(visit.config, tmp_path / "later", KEY.public)
    restore(machine, made[Kind.SECRETS], KEY)
    with pytest.raises(FromLater):
        restore(machine, tmp_path / "later", KEY)


@pytest.mark.vault("V27")
def test_a_change_behind_the_log_is_found_by_name_of_the_board(
    made: dict[Kind, Path], machine: Config, visit: Visit
) -> None:
    for kind in (Kind.SECRETS, Kind.RESULTS, Kind.DATABASE):
        restore(machine, made[kind], KEY)
    assert machine.instance.stat().st_mode & 0o777 == 0o700
    board, database = visit.boards[Stage.MARKING].board, machine.database()
    with database.writing() as db:
        ref = db.scalars(select(SubmissionRow.ref).where(SubmissionRow.board == board)).first()
        db.execute(text("DROP TRIGGER equality_envelope_delete"))
        db.execute(text("DELETE FROM equality_envelope WHERE ref = :ref"), {"ref": ref and bytes(ref)})
        db.execute(text("DROP TRIGGER log_entry_update"))
        assert db.scalars(select(DraftRow.account)).first() is None
    database.dispose()
    wrong = [each.sentence for each in prove(machine) if each.word == "PROBLEM"]
    assert any(each.startswith("Marking: The number of submissions or envelopes is not") for each in wrong)
    assert "Triggers are missing: equality_envelope_delete, log_entry_update. Run: panel migrate" in wrong
    assert not any(each.startswith("Moderation:") for each in wrong)


@pytest.mark.vault("V27")
def test_a_backup_of_either_engine_and_of_older_tables_is_restored_and_migrated(config: Config, tmp_path: Path) -> None:
    if config.sqlite_path:
        config.sqlite_path.unlink()
        migrate(config, to="0009")
    title = "Ünïcode & 'quotes'\n"
    for name in (keyfiles.LOG, keyfiles.PEPPER):
        keyfiles.ensure(config.keys, name)
    database = config.database()
    with database.writing() as db:
        board = create(db, title)
    database.dispose()
    taking.take_database(config, tmp_path / "dump", KEY.public)
    taking.take_keys(config, tmp_path / "secrets", KEY.public, Kind.SECRETS)
    machine = cheap(tmp_path / "machine")
    restore(machine, tmp_path / "secrets", KEY)
    restore(machine, tmp_path / "dump", KEY)
    there = machine.database()
    with there.reading() as db:
        assert [(each.id, each.title) for each in boards(db)] == [(board, title)]
        assert current.migrated(db.connection()) == current.newest()
    there.dispose()


def test_the_commands_say_what_they_did_and_what_is_gone(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANEL_INSTANCE", str(visit.config.instance))
    monkeypatch.setenv("PANEL_PROFILE", "rehearsal")
    private, public = str(tmp_path / "private"), str(tmp_path / "public")

    def panel(*words: str) -> Result:
        return CliRunner().invoke(cli, list(words))

    assert panel("backup-key", private, public).exit_code == 0
    for kind in Kind:
        result = panel("backup", str(tmp_path / kind), "--to", public, "--of", kind.value)
        assert result.exit_code == 0, result.output
    monkeypatch.setenv("PANEL_INSTANCE", str(tmp_path / "machine"))
    for kind in (Kind.SECRETS, Kind.RESULTS, Kind.DATABASE):
        result = panel("restore", str(tmp_path / kind), "--key", private)
    # the settings of a test are none for real boards, so it ends with 1 and says why
    assert result.exit_code == 1
    assert "Drafts and links for a new password were in no backup" in result.output
    assert "ok       Published: " in result.output
    assert "PROBLEM  PANEL_PROFILE is 'rehearsal'" in result.output
    assert panel("restore", str(tmp_path / "private"), "--key", private).output.startswith("That file is not a backup")
