"""A board whose names have just been opened, played once and copied for each test."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from panel import installation
from panel.app import create_app
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

PASSWORD = "crane velvet pocket"
#: What the panel wrote, one note for each of three ways of reading an answer: plain, with a pronoun, naming a candidate
#: ("Candidate 1").
PLAIN = "A clear order of tasks, = and a result at the end."
PRONOUN = "She said what was known and what was not."
NAMING = "As Candidate showed, the team was asked first."


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
        return create_app(self.config, self.database)

    def client(self) -> FlaskClient:
        return self.app.test_client()


@dataclass(frozen=True)
class _Played:
    instance: Path
    board: BoardId
    company: Company
    moment: datetime


def noted(_marker: MarkerId, criterion: str, texts: tuple[str, ...]) -> Verdict:
    """A played marker whose notes are those above."""
    place = sum(map(ord, texts[0][:20] + criterion)) % 3
    return Verdict(3 + place % 2, (PLAIN, PRONOUN, NAMING)[place])


def play(config: Config, database: Database) -> Season:
    """Six candidates, four markers, two criteria, up to the opening of the names."""
    installation.prepare(config)
    season = Season(config, database, Stopwatch(), clock.now())
    with pytest.MonkeyPatch.context() as patch, in_this_process(config), clock.set_to(season.moment):
        patch.setattr(playing, "password", lambda: PASSWORD)
        patch.setattr(playing, "judge", noted)
        patch.setattr(season, "publish", lambda: None)
        season.play(candidates=6, markers=4, criteria=2)
    return season


@pytest.fixture(scope="session")
def played(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> _Played:
    """The board, played once."""
    instance = tmp_path_factory.mktemp("played") / "instance"
    instance.mkdir(mode=0o700)
    shutil.copy(sqlite_template, instance / "panel.sqlite3")
    config = Config(instance=instance, profile="rehearsal", secure_cookies=False)
    database = config.database()
    season = play(config, database)
    database.dispose()
    return _Played(instance, season.board, season.people, season.moment())


@pytest.fixture
def opened(played: _Played, tmp_path: Path) -> Iterator[Opened]:
    """A copy of it, with its pages, at the moment after the ceremony."""
    instance = tmp_path / "instance"
    shutil.copytree(played.instance, instance)
    config = replace(Config(instance=instance), profile="rehearsal", secure_cookies=False)
    database = config.database()
    with clock.set_to(played.moment):
        yield Opened(config, database, played.board, played.company)
    database.dispose()
