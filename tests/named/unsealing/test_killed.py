"""The process is killed in the middle of a verb: before or after, never between; and a second run completes it."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest

from panel.board.lifecycle import Stage as At
from panel.kernel import keyfiles
from panel.kernel.ids import ReceiptCode
from panel.kernel.tables import BASES
from panel.named.intake import closing
from panel.named.intake import queries as intake
from panel.named.intake import service as intake_service
from panel.named.unsealing.occasion import OPENED_AGAIN
from panel.named.unsealing.process import in_this_process
from panel.named.unsealing.results_key import NamesUnreadable
from panel.playing import applying, company
from panel.playing.applying import Application
from panel.playing.season import Season
from panel.playing.wording import answer_text
from panel.sealed.vault import queries as vault
from tests.named.unsealing import promises
from tests.named.unsealing.again import AGAIN, LOST
from tests.named.unsealing.ground import Ground, clone, leave_child
from tests.named.unsealing.killing import count_points, killed
from tests.named.unsealing.stage import CANDIDATES, Stage, play

#: How many times each engine's process is killed, shared among the verbs.
KILLS = int(os.environ.get("PANEL_KILLS", "20"))
#: What an attempt at a passphrase changes, whatever comes of it.
_ATTEMPTS = {"keyholder", "slot"}


@dataclass
class Act:
    """A verb: on which board, what it does, whether it is done, and how to go on after it was cut short."""

    point: str
    run: Callable[[Stage], object]
    done: Callable[[Stage], bool]
    again: Callable[[Stage], object]


@dataclass
class Prepared:
    """Boards at the points at which the verbs begin, and the place in which they are put for every kill."""

    ground: Ground
    seasons: dict[str, Season] = field(default_factory=dict)

    def keep(self, season: Season, point: str) -> None:
        """The installation as it is now."""
        season.database.dispose()
        leave_child()
        folder = season.config.instance.with_name(point)
        shutil.copytree(season.config.instance, folder)
        config = replace(season.config, instance=folder)
        if self.ground.server is not None:
            clone(self.ground.server, f"panel_kill_{point}", season.config)
            config = self.ground.server.config(config, f"panel_kill_{point}")
        self.seasons[point] = replace(season, config=config)


@pytest.fixture(scope="module")
def grounds() -> dict[str, Prepared]:
    """Each engine's."""
    return {}


@pytest.fixture
def prepared(
    engine_kind: str,
    grounds: dict[str, Prepared],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    played: dict[tuple[str, str], Season],
) -> Iterator[Prepared]:
    """Played once for each engine."""
    server = request.getfixturevalue("postgres_server") if engine_kind == "postgres" else None
    if engine_kind not in grounds:
        folder = tmp_path_factory.mktemp("killing")
        if (engine_kind, "drafted") not in played:
            played[engine_kind, "drafted"] = play(tmp_path_factory.mktemp("played-drafted"), server, "drafted")
        grounds[engine_kind] = Prepared(Ground(folder / "instance", server, "panel_kill"))
        with in_this_process(grounds[engine_kind].ground.config):
            play_on(grounds[engine_kind], played[engine_kind, "drafted"])
    with in_this_process(grounds[engine_kind].ground.config):
        yield grounds[engine_kind]


def play_on(found: Prepared, drafted: Season) -> None:
    """One board, kept whenever one of the verbs comes next."""
    with found.ground.put(drafted) as stage:
        season = stage.season
        season.open()
        applied_but_for_one(season)
        found.keep(season, "written")
        lodge(stage)
        found.keep(season, "applied")
        for step in (season.close, season.train, season.start_marking, season.mark, season.start_moderation):
            step()
        season.settle()
        found.keep(season, "settled")
        season.lock()
        stage.begin()
        found.keep(season, "begun")
        stage.release(stage.people.chair)
        stage.release(stage.people.custodians[0])
        found.keep(season, "almost")
        stage.finish()
        keyfiles.destroy(stage.config.keys, keyfiles.results(stage.board))
        stage.almost(LOST)
        found.keep(season, "lost")


def applied_but_for_one(season: Season) -> None:
    *others, _ = season.people.candidates
    for n, member in enumerate(season.people.candidates):
        answers = {each.key: answer_text(each.key, n) for each in season.policy.questions}
        verb = applying.apply if member in others else applying.write
        with season.database.writing() as db:
            verb(db, season.config.keys, season.board, season.policy, Application(member, answers))
        season.written[member.account] = answers


def lodge(stage: Stage) -> None:
    *_, member = stage.people.candidates
    with stage.database.writing() as db:
        draft = intake.draft(db, stage.config.keys, stage.board, member.account)
        code, edition = (draft.code, draft.edition) if draft and draft.code else (ReceiptCode.new(), "")
        person = company.acting(db, member)
        intake_service.submit(db, stage.config.keys, person, stage.board, edition, code)


def lodged(stage: Stage) -> bool:
    with stage.database.reading() as db:
        return intake.applied(db, stage.board) == CANDIDATES


def close(stage: Stage) -> None:
    stage.season.close()


def close_again(stage: Stage) -> None:
    """As `panel scrub` does after a close cut short."""
    if not reached(stage, At.CLOSED):
        stage.season.close()
    closing.scrub_closed(stage.database, stage.config.keys, stage.board)
    assert not keyfiles.exists(stage.config.keys, keyfiles.drafts(stage.board))
    with stage.database.reading() as db:
        assert promises.board_of(db, stage.board).scrubbed_on


def reached(stage: Stage, at: At) -> bool:
    with stage.database.reading() as db:
        return promises.board_of(db, stage.board).stage.reached(at)


def released(stage: Stage) -> bool:
    ceremony = stage.progress().ceremony
    assert ceremony is not None
    with stage.database.reading() as db:
        rows = vault.releases(db, ceremony.id)
    assert len(rows) in {0, 3}
    assert len(stage.log("ceremony.released")) == len(rows) // 3
    return bool(rows)


def unless(done: Callable[[Stage], bool], run: Callable[[Stage], object]) -> Callable[[Stage], object]:
    return lambda stage: done(stage) or run(stage)


def locked(stage: Stage) -> bool:
    return reached(stage, At.LOCKED)


def unsealed(stage: Stage) -> bool:
    assert len(stage.revealed()) == (CANDIDATES if reached(stage, At.UNSEALED) else 0)
    return reached(stage, At.UNSEALED)


def readable(stage: Stage) -> bool:
    """The names that a lost key had shut away, by a later ceremony."""
    if not stage.log(OPENED_AGAIN):
        with pytest.raises(NamesUnreadable):
            stage.revealed()
        return False
    assert len(stage.revealed()) == CANDIDATES
    return True


def lock(stage: Stage) -> None:
    stage.season.lock()


def release(stage: Stage) -> None:
    stage.release(stage.people.chair)


def finish(stage: Stage) -> None:
    stage.finish()


def finish_again(stage: Stage) -> None:
    stage.finish(**AGAIN)


ACTS = {
    "lodge": Act("written", lodge, lodged, unless(lodged, lodge)),
    "close": Act("applied", close, lambda stage: reached(stage, At.CLOSED), close_again),
    "lock": Act("settled", lock, locked, unless(locked, lock)),
    "release": Act("begun", release, released, unless(released, release)),
    "finish": Act("almost", finish, unsealed, unless(unsealed, finish)),
    "again": Act("lost", finish_again, readable, unless(readable, finish_again)),
}


@pytest.mark.whole
@pytest.mark.vault("V08")
@pytest.mark.leak("L101")
@pytest.mark.parametrize("verb", ACTS)
def test_a_kill_leaves_a_board_before_or_after_and_a_second_run_completes(prepared: Prepared, verb: str) -> None:
    act = ACTS[verb]
    with prepared.ground.put(prepared.seasons[act.point]) as stage:
        before = rows(stage)
        points = count_points(lambda: act.run(stage))
        changes = changed(before, rows(stage))
        assert act.done(stage)
    kills = max(KILLS // len(ACTS), 1)
    # one in each stretch of the way, so that also a few kills meet the beginning, the commits and the end
    for n in range(kills):
        start, end = points * n // kills, points * (n + 1) // kills
        kill(prepared, act, 1 + start + secrets.randbelow(max(end - start, 1)), before, changes)


def kill(prepared: Prepared, act: Act, point: int, before: dict[str, list[str]], changes: set[str]) -> None:
    with prepared.ground.put(prepared.seasons[act.point]) as stage:
        stage.database.dispose()
        killed(lambda: act.run(stage), point)
        assert changed(before, rows(stage)) == (changes if act.done(stage) else set()), point
        promises.hold(stage)
        act.again(stage)
        assert act.done(stage)
        assert changed(before, rows(stage)) == changes
        promises.hold(stage)


def rows(stage: Stage) -> dict[str, list[str]]:
    with stage.database.reading() as db:
        found = {name: each for name, each in promises.contents(db, *BASES).items() if name not in _ATTEMPTS}
    stage.database.dispose()
    leave_child()  # a forked process has its own connections: nobody may be connected when it begins
    return found


def changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> set[str]:
    return {name for name, each in after.items() if each != before[name]}
