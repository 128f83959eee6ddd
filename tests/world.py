"""One installation with a small board at every stage, made once and copied for each test that looks around in it."""

import fcntl
import pickle
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from panel import installation
from panel.access import service as access
from panel.access.roles import Role
from panel.backup.keys import PrivateKey
from panel.backup.restoring import restore
from panel.backup.taking import take_database
from panel.blindcheck.planting import Planted
from panel.board.conduct import Conduct
from panel.board.lifecycle import Stage
from panel.config import Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import SYSTEM, BoardId
from panel.named.unsealing.process import in_this_process
from panel.playing import company
from panel.playing.company import Company, Member
from panel.playing.stopwatch import Stopwatch
from panel.playing.wording import password
from tests.applications import application
from tests.servers import PostgresServer, cheap

STAGES = tuple(stage for stage in Stage if stage is not Stage.CANCELLED)


@dataclass(frozen=True)
class World:
    """The installation, and its boards by stage."""

    config: Config
    boards: dict[Stage, Planted]

    @contextmanager
    def copied(self, folder: Path) -> Iterator["Visit"]:
        """A copy of one's own, with an application over it."""
        shutil.copytree(self.config.instance, folder)
        config = replace(self.config, instance=folder)
        database = config.database()
        try:
            yield Visit(config, database, application(config, database), self.boards)
        finally:
            database.dispose()

    @contextmanager
    def on_postgres(self, folder: Path, server: PostgresServer) -> Iterator["Visit"]:
        """The same on PostgreSQL: this world's backup, put back there."""
        folder.mkdir()
        file, key = folder / "boards.backup", PrivateKey.new()
        take_database(self.config, file, key.public)
        shutil.copytree(self.config.keys, folder / "instance" / "keys")
        config = replace(self.config, instance=folder / "instance")
        with server.fresh(config, template="template0") as there:
            restore(there, file, key)
            database = there.database()
            try:
                yield Visit(there, database, application(there, database), self.boards)
            finally:
                database.dispose()


@dataclass(frozen=True)
class Visit:
    """A copy of the world that a test may change."""

    config: Config
    database: Database
    app: Flask
    boards: dict[Stage, Planted]

    def company(self, stage: Stage) -> Company:
        """Who is on the board at that stage."""
        return self.boards[stage].people

    def client(self, member: Member | None) -> FlaskClient:
        """A browser without JavaScript, signed in as that person, who has just confirmed the password."""
        client = self.app.test_client()
        if member is not None:
            with self.database.writing() as db:
                client.set_cookie("panel", access.start_session(db, member.account, stepped_up=True))
        return client

    def cast(self, stage: Stage) -> dict[str, Member | None]:
        """One person of each part of a board, and nobody."""
        people = self.company(stage)
        return {
            "nobody": None,
            "candidate": people.candidates[0],
            "another candidate": people.candidates[1],
            "marker": people.markers[0],
            "chair": people.chair,
            "deputy": people.deputy,
            "custodian": people.custodians[0],
            "HR": people.hr,
            "auditor": people.auditor,
        }

    def strangers(self, stage: Stage) -> dict[str, Member]:
        """People with a part elsewhere or none yet, and one who waits for a seat on this board."""
        elsewhere = next(each for each in self.boards if each is not stage)
        board = self.boards[stage].board
        return {
            "newcomer": self.hire("Newcomer"),
            "marker of another board": self.company(elsewhere).markers[0],
            "chair of another board": self.company(elsewhere).chair,
            "administrator": self.hire("Administrator", (SYSTEM, Role.ADMINISTRATOR)),
            "auditor of the system": self.hire("Auditor", (SYSTEM, Role.AUDITOR)),
            "successor": self.hire("Successor", (board, Role.NEXT_CUSTODIAN)),
        }

    def hire(self, name: str, *parts: tuple[BoardId, Role]) -> Member:
        """Somebody new, with these parts; there may be others of that name."""
        email, number = f"{name}.{secrets.token_hex(4)}@world.example".lower(), f"W{secrets.token_hex(4)}"
        with self.database.writing() as db:
            member = company.hire(
                db, name=name, email=email, staff_no=number, password=password(), profile=self.config.profile
            )
            for board, role in parts:
                access.grant(db, board, member.account, role)
        return member


def make_world(config: Config, stages: tuple[Stage, ...] = STAGES) -> World:
    """A board of five candidates and four markers at each of these stages, in a fresh installation."""
    boards: dict[Stage, Planted] = {}
    installation.prepare(config)
    database = config.database()
    with in_this_process(config):
        for stage in stages:
            conduct = Conduct(seed_every=5) if stage is Stage.OPEN else Conduct()
            season = Planted(config, database, Stopwatch(), clock.now(), label=stage.value.title(), conduct=conduct)
            with clock.set_to(season.moment):
                season.play(candidates=5, markers=4, criteria=2, until=stage)
            boards[stage] = season
    database.dispose()
    return World(config, boards)


def shared_world(among_all: Path, own: Path) -> World:
    """The world, made by whichever process of a run comes first; every process looks around in a copy of its own."""
    among_all.mkdir(exist_ok=True)
    kept = among_all / "seasons"
    with (among_all / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            made = make_world(cheap(among_all / "instance"))
            kept.write_bytes(pickle.dumps({stage: _told(season) for stage, season in made.boards.items()}))
    shutil.copytree(among_all / "instance", own / "instance")
    config = cheap(own / "instance")
    told: dict[Stage, dict[str, Any]] = pickle.loads(kept.read_bytes())  # noqa: S301 - written by this very run
    database = config.database()
    return World(config, {stage: Planted(config=config, database=database, **each) for stage, each in told.items()})


def _told(season: Planted) -> dict[str, Any]:
    """All but what belongs to the process that played it."""
    return {name: value for name, value in vars(season).items() if name not in {"config", "database"}}
