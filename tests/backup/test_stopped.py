"""A restore that is stopped, at whatever place, is run again; and there is never half of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from panel import installation
from panel.access.service import start_session
from panel.audit.queries import entries
from panel.audit.service import append
from panel.backup import rows, taking
from panel.backup.box import Kind
from panel.backup.keys import PrivateKey
from panel.backup.restoring import restore
from panel.board import backups
from panel.board.models import BoardRow
from panel.board.service import create
from panel.config import Config
from panel.installation import migrate
from panel.kernel import clock, keyfiles
from panel.kernel.errors import Malformed
from panel.kernel.ids import SYSTEM, BoardId, MarkerId
from panel.named.accounts.factors.models import AuthenticatorRow
from panel.named.unsealing import server_secrets
from tests.named.accounts.signing import add_niamh
from tests.servers import cheap

pytestmark = pytest.mark.vault("V27")
KEY = PrivateKey.new()
#: What a restore does, in this order, and where it can be stopped just before it is done.
_STEPS = {
    "rows": (rows, "load"),
    "log": (backups, "note_restored"),
    "secrets": (server_secrets, "make_anew"),
    "start": (installation, "prepare"),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[BoardId, dict[Kind, Path]]:
    """Secrets and database of a service with one open board."""
    folder = tmp_path_factory.mktemp("stopped")
    config = cheap(folder / "here")
    migrate(config)
    for name in (keyfiles.PEPPER, keyfiles.LOG, keyfiles.AUTHENTICATORS):
        keyfiles.ensure(config.keys, name)
    database = config.database()
    with database.writing() as db:
        board = create(db, "Open now")
        db.execute(update(BoardRow).values(stage="open"))
    database.dispose()
    made = {Kind.SECRETS: folder / "secrets", Kind.DATABASE: folder / "database"}
    taking.take_keys(config, made[Kind.SECRETS], KEY.public, Kind.SECRETS)
    taking.take_database(config, made[Kind.DATABASE], KEY.public)
    return board, made


class Killed(BaseException):
    """As when the power goes: nothing of ours catches it."""


def stopping(*_arguments: object, **_options: object) -> None:
    raise Killed


@pytest.mark.parametrize("step", _STEPS)
def test_a_restore_that_is_stopped_is_run_again(
    step: str, files: tuple[BoardId, dict[Kind, Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    board, made = files
    machine = cheap(tmp_path / "machine")
    restore(machine, made[Kind.SECRETS], KEY)
    with monkeypatch.context() as stopped:
        stopped.setattr(*_STEPS[step], stopping)
        with pytest.raises(Killed):
            restore(machine, made[Kind.DATABASE], KEY)
    restore(machine, made[Kind.DATABASE], KEY)
    assert keyfiles.exists(machine.keys, keyfiles.drafts(board))
    assert told(machine) == ["backup.restored"]
    database = machine.database()
    with database.writing() as db:
        append(db, SYSTEM, "role.granted", MarkerId.new(), "hr", {})  # once somebody has done something, it is in use
    database.dispose()
    with pytest.raises(rows.NotEmpty):
        restore(machine, made[Kind.DATABASE], KEY)


@pytest.fixture
def restored(files: tuple[BoardId, dict[Kind, Path]], tmp_path: Path) -> Config:
    """A machine on which secrets and database were put back."""
    _board, made = files
    machine = cheap(tmp_path / "machine")
    for kind in (Kind.SECRETS, Kind.DATABASE):
        restore(machine, made[kind], KEY)
    return machine


def test_a_secret_that_is_given_up_the_second_time_is_logged_too(
    files: tuple[BoardId, dict[Kind, Path]], restored: Config
) -> None:
    _board, made = files
    database = restored.database()
    with database.writing() as db:
        db.add(AuthenticatorRow(account=add_niamh(db), state="held", sealed=bytes(48)))
    (restored.keys / keyfiles.AUTHENTICATORS).unlink()
    restore(restored, made[Kind.DATABASE], KEY, without_secrets=True)
    with database.reading() as db:
        assert entries(db, SYSTEM, "secret.replaced")
    database.dispose()


def test_a_service_that_somebody_signed_in_to_since_is_not_called_restored_again(
    files: tuple[BoardId, dict[Kind, Path]], restored: Config
) -> None:
    _board, made = files
    database = restored.database()
    with database.writing() as db:
        start_session(db, add_niamh(db))
    database.dispose()
    with pytest.raises(rows.NotEmpty):
        restore(restored, made[Kind.DATABASE], KEY)


def test_a_backup_is_logged_as_failed_once_nothing_is_left_of_it(
    restored: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, left = tmp_path / "backups", ["not logged"]
    folder.mkdir()

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(taking, "_sync", full)
    monkeypatch.setattr(backups, "note_failed", lambda *_: left.__setitem__(slice(None), map(str, folder.iterdir())))
    with day(1), pytest.raises(Malformed):
        taking.take_database(restored, folder / "new", KEY.public)
    assert left == []


def told(machine: Config) -> list[str]:
    database = machine.database()
    with database.reading() as db:
        kinds = [each.kind for each in entries(db, SYSTEM) if each.kind == backups.RESTORED]
    database.dispose()
    return kinds


def test_secrets_that_were_half_put_back_are_put_back_whole(
    files: tuple[BoardId, dict[Kind, Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _board, made = files
    machine = cheap(tmp_path / "machine")
    create_one: Callable[..., bytes] = keyfiles.create

    def first_only(folder: Path, name: str, secret: bytes | None = None) -> bytes:
        if name != keyfiles.PEPPER:
            raise Killed
        return create_one(folder, name, secret)

    with monkeypatch.context() as stopped:
        stopped.setattr(keyfiles, "create", first_only)
        with pytest.raises(Killed):
            restore(machine, made[Kind.SECRETS], KEY)
    assert keyfiles.exists(machine.keys, keyfiles.PEPPER)
    restore(machine, made[Kind.SECRETS], KEY)
    assert keyfiles.exists(machine.keys, keyfiles.LOG)


@pytest.mark.leak("L67")
def test_a_backup_that_was_killed_stays_noticed_until_the_next_whole_one(
    files: tuple[BoardId, dict[Kind, Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    board, made = files
    machine = cheap(tmp_path / "machine")
    restore(machine, made[Kind.SECRETS], KEY)
    restore(machine, made[Kind.DATABASE], KEY)
    for place, (owner, name) in enumerate(_BACKUP):
        with day(place + 1), monkeypatch.context() as stopped:
            stopped.setattr(owner, name, stopping)
            with pytest.raises(Killed):
                taking.take_database(machine, tmp_path / name, KEY.public)
    with day(9):
        last = taking.take_database(machine, tmp_path / "last", KEY.public)
        with pytest.raises(backups.TwiceADay):
            taking.take_database(machine, tmp_path / "again", KEY.public)
    assert [each.number for each in taking.stopped_before(machine, last)] == [2, 3, 4]
    database = machine.database()
    with database.reading() as db:
        told = backups.from_while_open(db, board)
    database.dispose()
    assert [(each.number, each.whole) for each in told] == [(1, True), (2, False), (3, False), (4, False), (5, True)]


#: Where a backup can be killed: before its first byte, before its file has its name, and before the log says so.
_BACKUP = ((taking, "snapshot"), (taking, "_published"), (backups, "note_taken"))


def day(count: int) -> AbstractContextManager[None]:
    return clock.set_to(clock.now() + timedelta(days=count))
