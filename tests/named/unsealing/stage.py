"""A board played up to a point in an installation of its own, and what tests do with it."""

import shutil
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from panel import installation
from panel.access.actor import Person
from panel.audit import queries as audit
from panel.audit.entry import Entry
from panel.config import Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.encoding import words
from panel.kernel.ids import BoardId, Number
from panel.named.unsealing import convening, queries
from panel.named.unsealing.ceremony import Act
from panel.named.unsealing.occasion import Occasion
from panel.named.unsealing.process import in_this_process
from panel.named.unsealing.queries import Progress
from panel.named.unsealing.reveal import Revealed
from panel.playing import custody, panel
from panel.playing.applying import Application, apply
from panel.playing.company import Company, Member, acting
from panel.playing.season import Season
from panel.playing.stopwatch import Stopwatch
from panel.playing.wording import answer_text, evidence_text
from tests.applications import application
from tests.servers import PostgresServer, cheap
from tests.unguarded import unguarded

CANDIDATES = 4


@dataclass
class Stage:
    """One installation with a board in it, and everybody's passphrases."""

    config: Config
    database: Database
    season: Season

    @property
    def board(self) -> BoardId:
        return self.season.board

    @cached_property
    def app(self) -> Flask:
        return application(self.config, self.database)

    @property
    def people(self) -> Company:
        return self.season.people

    def acting(self, member: Member) -> Person:
        with self.database.reading() as db:
            return acting(db, member)

    def progress(self, member: Member | None = None) -> Progress:
        with self.database.reading() as db:
            return queries.progress(db, self.board, (member or self.people.hr).account)

    def passphrase(self, member: Member) -> str:
        return self.season.passphrases.of(member)

    @property
    def first_words(self) -> str:
        return " ".join(words(self.progress().marks_root or b"")[:2])

    def begin(
        self,
        member: Member | None = None,
        exceptions: tuple[Number, ...] = (),
        occasion: Occasion = Occasion.OPENING,
    ) -> None:
        custodian = member or self.people.custodians[0]
        typed: dict[str, Any] = {"passphrase": self.passphrase(custodian), "exceptions": exceptions}
        typed["occasion"] = occasion
        convening.open_ceremony(self.database, self.config, self.acting(custodian), self.board, **typed)

    def release(self, member: Member, **typed: str) -> Act:
        typed = {"words": self.first_words, "passphrase": self.passphrase(member)} | typed
        return convening.release(self.database, self.config, self.acting(member), self.board, **typed)

    def almost(self, occasion: Occasion = Occasion.OPENING) -> None:
        """Everything but the last custodian's act."""
        self.begin(occasion=occasion)
        self.release(self.people.chair, occasion=occasion.value)
        self.release(self.people.custodians[0], occasion=occasion.value)

    def finish(self, **typed: str) -> Act:
        return self.release(self.people.custodians[1], **typed)

    def revealed(self) -> tuple[Revealed, ...]:
        with self.database.reading() as db:
            return queries.revealed(db, self.config.keys, self.board)

    def log(self, kind: str | None = None) -> tuple[Entry, ...]:
        with self.database.reading() as db:
            return audit.entries(db, self.board, kind)

    def table(self, name: str, room: str) -> str:
        return name if self.database.is_sqlite else f'"{room}"."{name}"'

    def spoil(self, statement: str, **values: Any) -> None:
        """Do as an administrator could: without triggers, as the owner. `{room.table}` names a table."""
        rooms = {room: _Room(room, sqlite=self.database.is_sqlite) for room in ("open", "named", "sealed", "blind")}
        with unguarded(self.config) as connection:
            connection.execute(text(statement.format(**rooms)), values)


@dataclass
class _Room:
    name: str
    sqlite: bool

    def __getattr__(self, table: str) -> str:
        return f'"{table}"' if self.sqlite else f'"{self.name}"."{table}"'


def play(folder: Path, server: PostgresServer | None, point: str) -> Season:
    """Play a board in an installation of its own, which stays as the template of the copies."""
    config = cheap(folder)
    if server is not None:
        with server.admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE panel_{point} TEMPLATE panel_template"))
        config = server.config(config, f"panel_{point}")
    installation.prepare(config)
    database = config.database()
    season = Season(config, database, Stopwatch(show=False), clock.now())
    with clock.set_to(season.moment), in_this_process(config):
        if point == "failed":
            to_failed(season)
            database.dispose()
            return season
        season.hire(CANDIDATES, 4)
        season.draft(2)
        custody.become_keyholders(database, config, season.people.keyholders, season.passphrases)
        if point != "drafted":
            to_settled(season)
        if point in {"locked", "opened"}:
            season.lock()
        if point == "opened":
            stage = Stage(config, database, season)
            stage.almost()
            stage.finish()
    database.dispose()
    return season


def to_failed(season: Season) -> None:
    """Twenty candidates, women and men in turn; nobody passes, and the names are open."""
    season.hire(20, 4)
    season.draft(1)
    season.open()
    for n, member in enumerate(season.people.candidates):
        answers = {each.key: answer_text(each.key, n) for each in season.policy.questions}
        one = Application(member, answers, equality={"sex": ("female", "male")[n % 2]})
        with season.database.writing() as db:
            apply(db, season.config.keys, season.board, season.policy, one)
    for step in (season.close, season.train, season.start_marking):
        step()
    for member in season.people.markers:
        panel.mark_all(season.database, season.board, member.marker, lambda *_task: panel.Verdict(1, evidence_text(1)))
        panel.sign(season.database, season.board, member.marker)
    for step in (season.start_moderation, season.settle, season.lock, season.unseal):
        step()


def to_settled(season: Season) -> None:
    """From opening to the last agreed score."""
    for step in (
        season.open,
        season.apply,
        season.close,
        season.train,
        season.start_marking,
        season.mark,
        season.start_moderation,
        season.settle,
    ):
        step()


def copied(config: Config, instance: Path, request: pytest.FixtureRequest, point: str) -> Config:
    """The same installation elsewhere: key files and database copied, until the test ends."""
    shutil.copytree(config.instance, instance)
    if config.database_url is None:
        return replace(config, instance=instance)
    server: PostgresServer = request.getfixturevalue("postgres_server")
    stack = ExitStack()
    request.addfinalizer(stack.close)
    return stack.enter_context(server.fresh(replace(config, instance=instance), f"panel_{point}"))
