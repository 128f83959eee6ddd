"""A backup restored to an empty machine: it starts, every board of it verifies, and a locked one still opens."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError, ProgrammingError

from panel import health, installation
from panel.audit import queries as audit
from panel.audit import verifier
from panel.audit.heads import Signer, faulty
from panel.audit.models import LogEntry
from panel.backup.box import Kind
from panel.backup.keys import PrivateKey
from panel.backup.proving import prove
from panel.backup.restoring import restore as put_back
from panel.backup.taking import take_database, take_keys
from panel.board.lifecycle import Stage
from panel.config import Config
from panel.kernel import clock, keyfiles
from panel.kernel.ids import SYSTEM, BoardId
from panel.named.oversight.service import NAMED, RECORDED, take_record
from panel.named.unsealing import queries
from panel.named.unsealing.process import in_this_process
from panel.playing import custody
from tests.applications import application
from tests.servers import PostgresServer, cheap
from tests.world import Visit, World, make_world

pytestmark = pytest.mark.vault("V27")


#: On PostgreSQL, where a board takes longer to play: one of every kind that a restored machine has work with.
SOME = (Stage.DRAFT, Stage.OPEN, Stage.LOCKED, Stage.PUBLISHED, Stage.ARCHIVED)
_COPY = "boards_restored"


@dataclass(frozen=True)
class Backup:
    """In three files: the database, as it was while in use; the secrets; and the keys of the opened names."""

    world: World
    folder: Path
    key: PrivateKey

    def file(self, kind: Kind) -> Path:
        return self.folder / kind.value


def back_up(world: World, folder: Path) -> Backup:
    """What the README says."""
    made = Backup(world, folder, PrivateKey.new())
    take_database(world.config, made.file(Kind.DATABASE), made.key.public)
    for kind in (Kind.SECRETS, Kind.RESULTS):
        take_keys(world.config, made.file(kind), made.key.public, kind)
    return made


def restore(backup: Backup, instance: Path, server: PostgresServer | None) -> Config:
    """On a machine that has nothing yet, as the README says."""
    config = cheap(instance)
    if server is not None:
        config = server.config(config, _COPY)
        administer(server, *installation.role_statements(config), f"CREATE DATABASE {_COPY}")
    for kind in (Kind.SECRETS, Kind.RESULTS, Kind.DATABASE):
        put_back(config, backup.file(kind), backup.key)
    return config if server is None else replace(config, owner_database_url=None)  # the service itself never has it


def administer(server: PostgresServer, *statements: str) -> None:
    with server.admin.connect().execution_options(no_parameters=True) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Backup]]:
    """The backup of each engine, made once."""
    return {}


@pytest.fixture
def backup(
    engine_kind: str,
    machines: dict[str, Backup],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Backup:
    """A backup of boards at many stages."""
    if engine_kind not in machines:
        folder = tmp_path_factory.mktemp("backup")
        if engine_kind == "sqlite":
            world: World = request.getfixturevalue("world")
        else:
            server: PostgresServer = request.getfixturevalue("postgres_server")
            administer(server, "CREATE DATABASE boards TEMPLATE panel_template")
            config = server.config(cheap(tmp_path_factory.mktemp("boards") / "instance"), "boards")
            world = make_world(config, SOME)
        machines[engine_kind] = back_up(world, folder)
    return machines[engine_kind]


@pytest.fixture(scope="module")
def empty_server() -> Iterator[PostgresServer]:
    """A server that has neither role nor database of ours."""
    server = PostgresServer.bare()
    yield server
    server.stop()


@pytest.fixture
def restored(engine_kind: str, backup: Backup, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """An empty machine that got the two parts of a backup and was started."""
    server = request.getfixturevalue("empty_server") if engine_kind == "postgres" else None
    config = restore(backup, tmp_path / "machine", server)
    installation.prepare(config)
    database = config.database()
    yield Visit(config, database, application(config, database), backup.world.boards)
    database.dispose()
    if server is not None:
        administer(server, f"DROP DATABASE {_COPY} WITH (FORCE)")


def test_it_starts_and_people_meet_their_boards(restored: Visit) -> None:
    assert restored.app.test_client().get("/sign-in").status_code == 200
    for stage, season in restored.boards.items():
        page = restored.client(season.people.hr).get(f"/boards/{season.board}")
        assert page.status_code == 200, stage


def test_every_log_leads_to_its_head_and_every_head_is_signed(restored: Visit, backup: Backup) -> None:
    public = Signer.of(restored.config.keys).public
    assert public == Signer.of(backup.world.config.keys).public
    with restored.database.reading() as db:
        logs = audit.logs(db)
        assert {season.board for season in restored.boards.values()} <= {*logs, restored.boards[Stage.DRAFT].board}
        for log in logs:
            assert audit.rebuild(db, log).faults == ()
            assert faulty(log, audit.signed_heads(db, log), public) == ()


def test_every_record_verifies_and_the_heads_kept_elsewhere_belong_to_it(
    restored: Visit, backup: Backup, tmp_path: Path
) -> None:
    stages = [stage for stage in RECORDED if stage in restored.boards]
    assert {Stage.LOCKED, Stage.PUBLISHED, Stage.ARCHIVED} <= set(stages)
    for stage in stages:
        board = restored.boards[stage].board
        kept = heads_kept_elsewhere(backup, board)
        with restored.database.writing() as db:
            record = take_record(db, restored.config.keys, board, None, "system", names=stage in NAMED)
        file = tmp_path / f"{stage}.zip"
        file.write_bytes(record.to_zip())
        told = list(verifier.verify(file, kept, (), ()))
        assert [sentence for holds, sentence in told if not holds] == [], stage
        assert len(kept) > 1


def heads_kept_elsewhere(backup: Backup, board: BoardId) -> list[str]:
    """As they stand in letters that were sent before the machine was lost."""
    database = backup.world.config.database()
    with database.reading() as db:
        kept = [f"{head.size}:{head.root.hex()}" for head in audit.signed_heads(db, board)]
    database.dispose()
    return kept


def test_a_locked_board_opens_there(restored: Visit) -> None:
    season = restored.boards[Stage.LOCKED]
    with clock.set_to(season.moment), in_this_process(restored.config):
        known = season.passphrases
        custody.unseal(restored.database, restored.config, season.people, season.board, known)
    with restored.database.reading() as db:
        for stage in (Stage.LOCKED, Stage.PUBLISHED):
            board, people = restored.boards[stage].board, restored.company(stage)
            names = {each.name for each in queries.revealed(db, restored.config.keys, board)}
            assert names == {member.name for member in people.candidates}, stage


def test_the_guards_of_the_database_are_there_as_well(restored: Visit) -> None:
    holds = {each.sentence for each in health.check(restored.config) if each.good}
    assert {"The blind database role is refused every name.", "No secret is missing."} <= holds
    with restored.database.writing() as db, pytest.raises(DBAPIError):
        db.execute(update(LogEntry).values(body=b"{}"))
    if not restored.database.is_sqlite:
        with restored.database.reading("blind") as db, pytest.raises(ProgrammingError, match="permission denied"):
            db.execute(text("CREATE TEMPORARY TABLE kept (name text)"))


def test_no_draft_key_was_in_the_backup(restored: Visit, backup: Backup) -> None:
    board, keys = restored.boards[Stage.OPEN].board, keyfiles.drafts(restored.boards[Stage.OPEN].board)
    assert keyfiles.read(restored.config.keys, keys) != keyfiles.read(backup.world.config.keys, keys)
    # and candidates can begin anew under the fresh one
    candidate = restored.client(restored.hire("Latecomer"))
    assert candidate.get(f"/applications/{board}/details").status_code == 200


def test_it_proves_itself(restored: Visit) -> None:
    told = {each.sentence.split(":")[0]: each for each in prove(restored.config)}
    for stage in restored.boards:
        assert told[stage.value.title()].good, told[stage.value.title()].sentence
    assert any(each.good and "triggers are in place" in each.sentence for each in told.values())
    with restored.database.reading() as db:
        assert audit.entries(db, SYSTEM)[-1].kind == "backup.restored"
