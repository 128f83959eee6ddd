"""A backup restored to an empty machine: it starts, every board of it verifies, and a locked one still opens."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from panel import installation
from panel.audit import queries as audit
from panel.audit import verifier
from panel.audit.heads import Signer, faulty
from panel.board.lifecycle import Stage
from panel.kernel import clock, keyfiles
from panel.named.oversight.service import NAMED, RECORDED, take_record
from panel.named.unsealing import queries
from panel.named.unsealing.process import in_this_process
from panel.playing import custody
from tests.applications import application
from tests.servers import cheap
from tests.world import Visit, World

pytestmark = pytest.mark.vault("V27")


def back_up(world: World, to: Path) -> None:
    """What the README says: the database while it is in use; apart from it the keys, and of drafts none."""
    source = world.config.sqlite_path
    assert source is not None
    (to / "database").mkdir(parents=True)
    with sqlite3.connect(source) as live, sqlite3.connect(to / "database" / source.name) as copy:
        live.backup(copy)
    live.close()
    copy.close()
    shutil.copytree(world.config.keys, to / "keys", ignore=shutil.ignore_patterns("drafts"))


@pytest.fixture
def restored(world: World, tmp_path: Path) -> Iterator[Visit]:
    """An empty machine that got the two parts of a backup and was started."""
    back_up(world, tmp_path / "backup")
    instance = tmp_path / "machine"
    shutil.copytree(tmp_path / "backup" / "database", instance)
    instance.chmod(0o700)
    shutil.copytree(tmp_path / "backup" / "keys", instance / "keys")
    config = cheap(instance)
    installation.prepare(config)
    database = config.database()
    yield Visit(config, database, application(config, database), world.boards)
    database.dispose()


def test_it_starts_and_people_meet_their_boards(restored: Visit) -> None:
    assert restored.app.test_client().get("/sign-in").status_code == 200
    for stage, season in restored.boards.items():
        page = restored.client(season.people.hr).get(f"/boards/{season.board}")
        assert page.status_code == 200, stage


def test_every_log_leads_to_its_head_and_every_head_is_signed(restored: Visit, world: World) -> None:
    public = Signer.of(restored.config.keys).public
    assert public == Signer.of(world.config.keys).public
    with restored.database.reading() as db:
        logs = audit.logs(db)
        assert {season.board for season in restored.boards.values()} <= {*logs, restored.boards[Stage.DRAFT].board}
        for log in logs:
            assert audit.rebuild(db, log).faults == ()
            assert faulty(log, audit.signed_heads(db, log), public) == ()


@pytest.mark.parametrize("stage", RECORDED)
def test_every_record_verifies_and_the_heads_kept_elsewhere_belong_to_it(
    restored: Visit, world: World, stage: Stage, tmp_path: Path
) -> None:
    board = restored.boards[stage].board
    database = world.config.database()
    with database.reading() as db:
        kept = [f"{head.size}:{head.root.hex()}" for head in audit.signed_heads(db, board)]
    database.dispose()
    with restored.database.writing() as db:
        record = take_record(db, restored.config.keys, board, None, "system", names=stage in NAMED)
    file = tmp_path / "record.zip"
    file.write_bytes(record.to_zip())
    told = list(verifier.verify(file, kept, (), ()))
    assert [sentence for holds, sentence in told if not holds] == []
    assert len(kept) > 1


def test_a_locked_board_opens_there(restored: Visit) -> None:
    season = restored.boards[Stage.LOCKED]
    with clock.set_to(season.moment), in_this_process(restored.config):
        known = season.passphrases
        custody.unseal(restored.database, restored.config, season.people, season.board, known)
    with restored.database.reading() as db:
        names = {each.name for each in queries.revealed(db, restored.config.keys, season.board)}
    assert names == {member.name for member in season.people.candidates}


def test_no_draft_key_was_in_the_backup(restored: Visit, world: World) -> None:
    board = world.boards[Stage.OPEN].board
    assert keyfiles.exists(world.config.keys, keyfiles.drafts(board))
    assert not keyfiles.exists(restored.config.keys, keyfiles.drafts(board))
