"""A page asks the database the same number of questions whatever the size of its board."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from panel import installation
from panel.board.lifecycle import Stage
from panel.kernel import clock
from panel.kernel.database import Database
from panel.named.unsealing.process import in_this_process
from panel.playing.season import Season
from panel.playing.stopwatch import Stopwatch
from tests.servers import cheap
from tests.walking import doors
from tests.world import Visit, World

STAGES = (Stage.CLOSED, Stage.MODERATION, Stage.PUBLISHED)
#: Candidates and markers: twice as many as in the small world, which the other tests look around in.
LARGE = (10, 7)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that both engines execute meanwhile."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    engines = [database.engine("named"), database.engine("blind")]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> World:
    config = cheap(tmp_path_factory.mktemp("large"))
    installation.prepare(config)
    database, boards = config.database(), {}
    with in_this_process(config):
        for stage in STAGES:
            season = Season(config, database, Stopwatch(), clock.now(), label=stage.value.title())
            with clock.set_to(season.moment):
                season.play(candidates=LARGE[0], markers=LARGE[1], criteria=2, until=stage)
            boards[stage] = season
    database.dispose()
    return World(config, boards)


@pytest.mark.parametrize("stage", STAGES)
def test_no_page_asks_more_of_a_larger_board(world: World, large: World, stage: Stage, tmp_path: Path) -> None:
    few, many = (_counts(each, stage, tmp_path / str(n)) for n, each in enumerate((world, large)))
    assert few.keys() == many.keys()
    assert {door: (count, many[door]) for door, count in few.items() if many[door] > count} == {}
    assert max(few.values()) > 3


def _counts(world: World, stage: Stage, folder: Path) -> dict[tuple[str, str], int]:
    with world.copied(folder) as visit:
        return {
            (part, door): count
            for part, member in visit.cast(stage).items()
            if part in {"candidate", "marker", "chair", "custodian", "HR", "auditor"}
            for door, count in _asked(visit, stage, member)
        }


def _asked(visit: Visit, stage: Stage, member: Any) -> Iterator[tuple[str, int]]:
    client = visit.client(member)
    for door in doors(visit, stage, "GET"):
        with counted(visit.database) as said:
            response = client.get(door.path)
        if response.status_code == 200:
            yield door.endpoint, len(said)
