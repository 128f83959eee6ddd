"""A whole board through the services, on both databases; and the proof at its end notices what is wrong."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from panel import installation
from panel.board.lifecycle import Stage
from panel.board.queries import board as board_of
from panel.config import Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.named.unsealing.process import in_this_process
from panel.playing.proof import faults
from panel.playing.season import Season
from panel.playing.stopwatch import Stopwatch


@pytest.fixture
def season(config: Config, database: Database) -> Iterator[Season]:
    installation.prepare(config)
    begun = Season(config, database, Stopwatch(), clock.now())
    with in_this_process(config), clock.set_to(begun.moment):
        yield begun


def test_a_whole_board_from_rules_to_names(season: Season) -> None:
    season.play(candidates=6, markers=4, criteria=3)
    assert faults(season) == ()
    with season.database.reading() as db:
        assert board_of(db, season.board).stage is Stage.PUBLISHED


def test_three_candidates_go_on_when_the_weak_blindness_is_acknowledged(season: Season) -> None:
    season.play(candidates=3, markers=4, criteria=2)
    assert faults(season) == ()


def test_the_proof_notices_answers_that_were_swapped(season: Season) -> None:
    season.play(candidates=5, markers=4, criteria=1)
    first, second, *_ = season.written
    season.written[first], season.written[second] = season.written[second], season.written[first]
    assert faults(season) == ("2 names stand beside somebody else's answers.",)


def test_the_proof_notices_a_changed_log(season: Season) -> None:
    season.play(candidates=5, markers=4, criteria=1)
    if not season.database.is_sqlite:
        pytest.skip("rows of the log cannot be changed at all as the named role")
    with season.database.writing() as db:
        db.execute(text("DROP TRIGGER IF EXISTS log_entry_no_update"))
        for (name,) in db.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            db.execute(text(f'DROP TRIGGER "{name}"'))
        changed = "CAST(replace(body, 'hr', 'xx') AS BLOB)"
        db.execute(text(f"UPDATE log_entry SET body = {changed} WHERE seq = 1 AND log <> zeroblob(16)"))
    assert faults(season)
