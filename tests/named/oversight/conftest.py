"""A board with redactions and a withdrawal, its names open, on both engines; played once an engine, then copied."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from panel import installation
from panel.access import queries as access
from panel.access.actor import Actor
from panel.blind.submissions import service as submissions
from panel.blind.submissions.models import SubmissionRow, TextCheckRow
from panel.blind.submissions.text_queries import FLAGGED
from panel.blind.submissions.texts import remove_words
from panel.board.lifecycle import Stage as Stages
from panel.kernel import clock
from panel.kernel.ids import SubmissionRef, TextCode
from panel.named.unsealing.process import in_this_process
from panel.playing.season import Season
from panel.playing.stopwatch import Stopwatch
from tests.named.unsealing.stage import Stage, copied
from tests.servers import PostgresServer, cheap

CANDIDATES = 5
#: Words of every answer.
WORDS = "control room"


class Eventful(Season):
    """A season in which two answers of one submission lose words, and another submission is withdrawn."""

    def train(self) -> None:
        """After the close, before anybody looks at the other texts."""
        redacted, withdrawn, *_ = _rows(self)
        for criterion in [each.key for each in self.policy.questions][:2]:
            with self.database.writing("blind") as db:
                code = _listed(db, redacted.ref, self, criterion)
                chair = Actor(self.people.chair.marker, access.roles(db, self.people.chair.marker))
                remove_words(db, chair, self.board, code, [WORDS], "It says where.")
        with self.database.writing() as db:
            submissions.withdraw(db, self.board, withdrawn.code_tag)
        super().train()


def _rows(season: Season) -> list[SubmissionRow]:
    with season.database.reading() as db:
        query = select(SubmissionRow).where(SubmissionRow.board == season.board).order_by(SubmissionRow.ref)
        return list(db.scalars(query))


def _listed(db: Session, ref: SubmissionRef, season: Season, criterion: str) -> TextCode:
    """The text check of an answer, made if nothing was found in it."""
    mine = (TextCheckRow.ref == ref) & (TextCheckRow.criterion == criterion)
    code = db.scalar(select(TextCheckRow.code).where(mine))
    if code is None:
        code = TextCode.new()
        row = {"code": code, "board": season.board, "ref": ref, "criterion": criterion, "found": FLAGGED}
        db.execute(insert(TextCheckRow).values(**row))
    return code


def play(folder: Path, server: PostgresServer | None) -> Season:
    """Play it in an installation of its own, which stays as the template of the copies."""
    config = cheap(folder)
    if server is not None:
        with server.admin.connect() as connection:
            connection.execute(text("CREATE DATABASE panel_eventful TEMPLATE panel_template"))
        config = server.config(config, "panel_eventful")
    installation.prepare(config)
    database = config.database()
    season = Eventful(config, database, Stopwatch(show=False), clock.now())
    with clock.set_to(season.moment), in_this_process(config):
        season.play(CANDIDATES, markers=4, criteria=2, until=Stages.UNSEALED)
    database.dispose()
    return season


@pytest.fixture(scope="session")
def eventful() -> dict[str, Season]:
    """What each engine's template was played as."""
    return {}


@pytest.fixture
def opened(
    engine_kind: str,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    eventful: dict[str, Season],
) -> Iterator[Stage]:
    """A copy of it, at the moment after the ceremony."""
    if engine_kind not in eventful:
        server = request.getfixturevalue("postgres_server") if engine_kind == "postgres" else None
        eventful[engine_kind] = play(tmp_path_factory.mktemp("eventful"), server)
    config = copied(eventful[engine_kind].config, tmp_path / "eventful", request, "eventful")
    database = config.database()
    season = replace(eventful[engine_kind], config=config, database=database)
    with clock.set_to(season.moment):
        yield Stage(config, database, season)
    database.dispose()
