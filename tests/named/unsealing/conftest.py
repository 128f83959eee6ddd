"""A board played up to a point once per engine, then copied for every test that opens or spoils it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from panel.kernel import clock, keyfiles
from panel.named.unsealing.process import in_this_process
from panel.playing.season import Season
from tests.named.unsealing.stage import Stage, copied, play


@pytest.fixture(scope="session")
def played() -> dict[tuple[str, str], Season]:
    """What each engine's template was played as."""
    return {}


@pytest.fixture
def stage_at(
    engine_kind: str,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    played: dict[tuple[str, str], Season],
) -> Iterator[Callable[[str], Stage]]:
    """A fresh installation whose board is "drafted" (keyholders proved), "moderated", "locked" or "opened"."""
    stages: list[Stage] = []

    def at(point: str) -> Stage:
        key = (engine_kind, point)
        if key not in played:
            server = request.getfixturevalue("postgres_server") if engine_kind == "postgres" else None
            played[key] = play(tmp_path_factory.mktemp(f"played-{point}"), server, point)
        config = copied(played[key].config, tmp_path / point, request, point)
        database = config.database()
        stages.append(Stage(config, database, replace(played[key], config=config, database=database)))
        return stages[-1]

    yield at
    for stage in stages:
        stage.database.dispose()


@pytest.fixture
def locked(stage_at: Callable[[str], Stage]) -> Iterator[Stage]:
    """A locked board; the child's verbs run in this process, which spares a process for each."""
    stage = stage_at("locked")
    with clock.set_to(stage.season.moment), in_this_process(stage.config):
        yield stage


@pytest.fixture
def moderated(stage_at: Callable[[str], Stage]) -> Iterator[Stage]:
    """Every score is settled; the lock is still to be signed."""
    stage = stage_at("moderated")
    with clock.set_to(stage.season.moment), in_this_process(stage.config):
        yield stage


@pytest.fixture
def drafted(stage_at: Callable[[str], Stage]) -> Iterator[Stage]:
    """A complete draft whose keyholders have proved their keys."""
    stage = stage_at("drafted")
    with clock.set_to(stage.season.moment), in_this_process(stage.config):
        yield stage


@pytest.fixture
def opened(stage_at: Callable[[str], Stage]) -> Iterator[Stage]:
    """The names are open, and can be read."""
    stage = stage_at("opened")
    with clock.set_to(stage.season.moment), in_this_process(stage.config):
        yield stage


@pytest.fixture
def lost(opened: Stage) -> Stage:
    """The names are open, and the key they lie under is gone."""
    keyfiles.destroy(opened.config.keys, keyfiles.results(opened.board))
    return opened
