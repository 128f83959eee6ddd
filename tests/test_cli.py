"""The command line says plainly what it does and what to do when it cannot."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from panel import health
from panel.board.lifecycle import Stage
from panel.cli import cli
from panel.config import from_environment
from panel.demo import build as demonstration
from tests.world import Visit


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setenv("PANEL_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.delenv("PANEL_DATABASE_URL", raising=False)
    return lambda *words: CliRunner().invoke(cli, list(words))


def call(run: object, *words: str) -> Result:
    assert callable(run)
    result = run(*words)
    assert isinstance(result, Result)
    return result


def test_check_before_the_first_start_changes_nothing(run: object, tmp_path: Path) -> None:
    result = call(run, "check")
    assert result.exit_code == 1
    assert "Start the service once" in result.output
    assert not (tmp_path / "instance" / "panel.sqlite3").exists()


def test_first_account_makes_the_installation_and_prints_its_link(run: object, tmp_path: Path) -> None:
    words = (
        "account",
        "add",
        "hr@force.example",
        "--name",
        "First Person",
        "--staff-no",
        "1",
        "--administrator",
        "--hr",
    )
    result = call(run, *words)
    assert result.exit_code == 0, result.output
    assert "http://127.0.0.1:8000/invitation/" in result.output
    keys = tmp_path / "instance" / "keys"
    assert keys.stat().st_mode & 0o777 == 0o700
    assert all(file.stat().st_mode & 0o777 == 0o400 for file in keys.iterdir())
    again = call(run, *words)
    assert again.exit_code == 1
    assert "already an account" in again.output
    assert "Traceback" not in again.output


def test_check_notices_a_secret_that_others_can_read(run: object, tmp_path: Path) -> None:
    call(run, "account", "add", "hr@force.example", "--name", "First Person", "--staff-no", "1")
    (tmp_path / "instance" / "keys" / "pepper").chmod(0o644)
    result = call(run, "check")
    assert "Others can reach 1 file under" in result.output


def test_migrate_is_repeatable_and_scrub_and_mail_have_nothing_to_do(run: object) -> None:
    for words in (("migrate",), ("migrate",), ("scrub",), ("send-mail",)):
        result = call(run, *words)
        assert result.exit_code == 0, (words, result.output)


def test_a_wrong_board_is_a_plain_error(run: object) -> None:
    result = call(run, "scrub", "no-such-board")
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_links_lead_where_the_service_listens_unless_told_otherwise() -> None:
    def port(command: str) -> object:
        return next(each.default for each in cli.commands[command].params if each.name == "port")

    assert from_environment({}).base_url == f"http://127.0.0.1:{port('serve')}"
    assert demonstration.settings().base_url == f"http://127.0.0.1:{port('demo')}"


def test_roles_are_printed_only_when_it_is_known_who_gets_them(run: object) -> None:
    result = call(run, "migrate", "--roles", "--print")
    assert result.exit_code == 1
    assert "set PANEL_DATABASE_URL" in result.output


def test_check_takes_no_file_without_tables_for_blind(run: object, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "panel.sqlite3").touch()
    result = call(run, "check")
    assert result.exit_code == 1
    assert "is refused every name" not in result.output


def test_check_says_that_a_spoilt_file_does_not_answer(run: object, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "panel.sqlite3").write_text("This is no database. " * 50)
    result = call(run, "check")
    assert result.exit_code == 1
    assert "PROBLEM  The database does not answer the named side." in result.output
    assert "The database answers" not in result.output


def test_a_folder_of_another_login_is_said_plainly(run: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_config: object) -> None:
        raise PermissionError(13, "Permission denied", "/var/lib/panel/keys")

    monkeypatch.setattr(health, "check", refused)
    result = call(run, "check")
    assert result.exit_code == 1
    assert result.output.startswith("This login may not reach /var/lib/panel/keys.")


def test_check_finds_a_sound_installation_blind(run: object) -> None:
    call(run, "scrub")
    result = call(run, "check")
    assert "The database answers on both sides (SQLite)." in result.output
    assert "ok       The blind database role is refused every name." in result.output


def test_a_small_rehearsal_comes_out_right(run: object) -> None:
    result = call(run, "rehearse", "--candidates", "4", "--markers", "4", "--criteria", "1")
    assert result.exit_code == 0, result.output
    assert "belongs together" in result.output


def test_a_record_is_written_once_and_verified(visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANEL_INSTANCE", str(visit.config.instance))
    monkeypatch.setenv("PANEL_PROFILE", "rehearsal")
    monkeypatch.delenv("PANEL_DATABASE_URL", raising=False)
    board, file = str(visit.boards[Stage.PUBLISHED].board), tmp_path / "record.zip"

    def panel(*words: str) -> Result:
        return CliRunner().invoke(cli, list(words))

    assert panel("record", board, str(file), "--names").exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    again = panel("record", board, str(file))
    assert (again.exit_code, "File exists" in again.output) == (1, True)
    assert panel("record", board, str(tmp_path / "other.zip"), "--names").exit_code == 0
    assert (tmp_path / "other.zip").read_bytes() == file.read_bytes()
    checked = panel("verify", str(file), "--recount")
    assert checked.exit_code == 0, checked.output
    assert "the marks, the agreed scores and the rules give" in checked.output
    wrong = panel("verify", str(file), "--head", "1:" + "0" * 64)
    assert (wrong.exit_code, "FAILS" in wrong.output) == (1, True)
    early = panel("record", str(visit.boards[Stage.MARKING].board), str(tmp_path / "early.zip"))
    assert (early.exit_code, "its marks are not locked" in early.output) == (1, True)
    assert not (tmp_path / "early.zip").exists()
    absent = panel("verify", str(tmp_path / "absent.zip"))
    assert (absent.exit_code, "Traceback" in absent.output) == (1, False)
