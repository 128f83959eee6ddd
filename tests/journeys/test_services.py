"""A whole board through the services, on both databases; and the proof at its end notices what is wrong."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from panel import installation
from panel.audit.queries import entries
from panel.blind.allocation.queries import tasks
from panel.board.conduct import Conduct, Settling
from panel.board.lifecycle import Stage
from panel.board.queries import board as board_of
from panel.config import Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.named.monitoring import guessing
from panel.named.unsealing.process import in_this_process
from panel.playing.company import acting
from panel.playing.proof import faults
from panel.playing.season import Season
from panel.playing.stopwatch import Stopwatch

#: Each rule is on: what it slips in or asks for besides must not show in the result.
CONDUCT = Conduct(seed_every=5, repeat_every=5, settling=Settling.FURTHER, load_cap=30)


@pytest.fixture
def season(config: Config, database: Database) -> Iterator[Season]:
    installation.prepare(config)
    begun = Season(config, database, Stopwatch(), clock.now(), conduct=CONDUCT)
    with in_this_process(config), clock.set_to(begun.moment):
        yield begun


def think(season: Season) -> None:
    """One panel member says whom she thought she recognised."""
    with season.database.writing() as db:
        marker = acting(db, season.people.markers[0])
        code = tasks(db, season.board, marker.id)[0].code
        guessing.answer(db, marker, season.board, [(code, season.people.candidates[0].name)])


def test_a_whole_board_from_rules_to_names(season: Season) -> None:
    season.play(candidates=6, markers=4, criteria=3, until=Stage.LOCKED)
    think(season)
    season.unseal()
    season.publish()
    assert faults(season) == ()
    with season.database.reading() as db:
        assert board_of(db, season.board).stage is Stage.PUBLISHED
        (dealt,) = entries(db, season.board, "seeds.dealt")
        assert dealt.facts["seeds"] == 4 * 3
        assert guessing.report(db, season.board).guessed.answered == 1


@pytest.mark.thorough
def test_three_candidates_go_on_when_the_weak_blindness_is_acknowledged(season: Season) -> None:
    season.play(candidates=3, markers=4, criteria=2)
    assert faults(season) == ()


@pytest.mark.thorough
def test_the_proof_notices_answers_that_were_swapped(season: Season) -> None:
    season.play(candidates=5, markers=4, criteria=1)
    first, second, *_ = season.written
    season.written[first], season.written[second] = season.written[second], season.written[first]
    assert faults(season) == ("2 names stand beside somebody else's answers.",)


@pytest.mark.thorough
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
