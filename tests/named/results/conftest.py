"""A board whose names have just been opened, played once and copied for each test."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from panel import installation
from panel.board.lifecycle import Stage
from panel.config import Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import BoardId, MarkerId
from panel.named.unsealing.process import in_this_process
from panel.playing import season as playing
from panel.playing.company import Company
from panel.playing.panel import Verdict
from panel.playing.season import Season
from panel.playing.stopwatch import Stopwatch
from tests.applications import application
from tests.servers import cheap

PASSWORD = "crane velvet pocket"
#: What the panel wrote by turns: plainly, with a pronoun, and (see `naming`) with a candidate's name.
PLAIN = "A clear order of tasks, = and a result at the end."
PRONOUN = "She said what was known and what was not."


def naming(company: Company) -> str:
    """A note that names a candidate."""
    return f"As {company.candidates[0].name} showed, the team was asked first."


@dataclass
class Opened:
    """The installation, the board and its people."""

    config: Config
    database: Database
    board: BoardId
    company: Company

    @property
    def keys(self) -> Path:
        return self.config.keys

    @cached_property
    def app(self) -> Flask:
        return application(self.config, self.database)

    def client(self) -> FlaskClient:
        return self.app.test_client()


@dataclass(frozen=True)
class Played:
    instance: Path
    board: BoardId
    company: Company
    moment: datetime


def play(config: Config, database: Database, candidates: int = 6) -> Season:
    """Four markers, two criteria, up to the opening of the names."""
    installation.prepare(config)
    season = Season(config, database, Stopwatch(), clock.now())
    turns = count()

    def judge(_marker: MarkerId, _criterion: str, _texts: tuple[str, ...]) -> Verdict:
        turn = next(turns)
        return Verdict(3 + turn % 2, (PLAIN, PRONOUN, naming(season.people))[turn % 3])

    with pytest.MonkeyPatch.context() as patch, in_this_process(config), clock.set_to(season.moment):
        patch.setattr(playing, "password", lambda: PASSWORD)
        patch.setattr(playing, "judge", judge)
        season.play(candidates, markers=4, criteria=2, until=Stage.UNSEALED)
    return season


def played_on(template: Path, folder: Path, candidates: int = 6) -> Played:
    """A board played in a fresh SQLite installation."""
    instance = folder / "instance"
    instance.mkdir(mode=0o700)
    shutil.copy(template, instance / "panel.sqlite3")
    config = cheap(instance)
    database = config.database()
    season = play(config, database, candidates)
    database.dispose()
    return Played(instance, season.board, season.people, season.moment())


@contextmanager
def at_the_opening(played: Played) -> Iterator[Opened]:
    """The installation with its pages, at the moment after the ceremony."""
    config = cheap(played.instance)
    database = config.database()
    with clock.set_to(played.moment):
        yield Opened(config, database, played.board, played.company)
    database.dispose()


@pytest.fixture(scope="session")
def played(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The board, played once."""
    return played_on(sqlite_template, tmp_path_factory.mktemp("played"))


@pytest.fixture
def opened(played: Played, tmp_path: Path) -> Iterator[Opened]:
    """A copy of it."""
    instance = tmp_path / "instance"
    shutil.copytree(played.instance, instance)
    with at_the_opening(replace(played, instance=instance)) as copy:
        yield copy
