"""A page asks the database the same number of questions whatever the size of its board."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from panel import installation
from panel.blindcheck.planting import Planted
from panel.board.lifecycle import Stage
from panel.kernel import clock
from panel.kernel.database import Database
from panel.named.unsealing.process import in_this_process
from panel.playing.stopwatch import Stopwatch
from tests.servers import cheap
from tests.walking import Door, doors
from tests.world import Visit, World

pytestmark = pytest.mark.long

STAGES = (Stage.CLOSED, Stage.MODERATION, Stage.PUBLISHED)
#: Candidates and markers: twice as many as in the small world, which the other tests look around in.
LARGE = (10, 7)
#: A part and the name of a route.
_Page: TypeAlias = tuple[str, str]


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
            season = Planted(config, database, Stopwatch(), clock.now(), label=stage.value.title())
            with clock.set_to(season.moment):
                season.play(candidates=LARGE[0], markers=LARGE[1], criteria=2, until=stage)
            boards[stage] = season
    database.dispose()
    return World(config, boards)


@pytest.mark.parametrize("stage", STAGES)
def test_no_page_asks_more_of_a_larger_board(world: World, large: World, stage: Stage, tmp_path: Path) -> None:
    few = _counts(world, stage, tmp_path / "few", lambda _page: True)
    many = _counts(large, stage, tmp_path / "many", few.__contains__)
    assert few.keys() == many.keys()
    assert {page: (count, many[page]) for page, count in few.items() if many[page] > count} == {}
    assert max(few.values()) > 3


def _counts(world: World, stage: Stage, folder: Path, wanted: Callable[[_Page], bool]) -> dict[_Page, int]:
    """Statements for each page that is there for a part, among those that are wanted."""
    with world.copied(folder) as visit:
        return {
            (part, door.endpoint): count
            for part, member in visit.cast(stage).items()
            if part in {"candidate", "marker", "chair", "custodian", "HR", "auditor"}
            for client in [visit.client(member)]
            for door in _distinct(visit, stage)
            if wanted((part, door.endpoint)) and (count := _asked(visit, client, door))
        }


def _distinct(visit: Visit, stage: Stage) -> Iterator[Door]:
    """Every page about the board; what is about none at one stage alone, since it cannot tell one from another."""
    board = str(visit.boards[stage].board)
    return (door for door in doors(visit, stage, "GET") if stage is Stage.MODERATION or board in door.path)


def _asked(visit: Visit, client: FlaskClient, door: Door) -> int:
    """How many statements the page took; none, if it is not there."""
    with counted(visit.database) as said:
        response = client.get(door.path)
    return len(said) if response.status_code == 200 else 0
