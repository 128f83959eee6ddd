"""Eight processes serve one board while everybody presses at once: no lost update, nothing twice, nothing too late.

`PANEL_LOAD=20` has everybody press that many times as often, and with `-s` it says how fast it went. In an ordinary run
PostgreSQL is left to the tests of the verbs, which have processes and threads of their own on both databases.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

import pytest
from sqlalchemy import select

from panel import installation
from panel.blind.marking import own_queries
from panel.blind.marking import queries as marking
from panel.blind.marking.models import MarkRevisionRow, SheetRow
from panel.blind.marking.scorecard import sheet_digest
from panel.blind.merit import queries as merit
from panel.blind.moderation import queries as moderation
from panel.blind.moderation.answers import Standing
from panel.board.lifecycle import Stage
from panel.board.queries import board as board_of
from panel.config import Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import MarkerId, Number, TaskCode
from panel.named.intake import closing
from panel.named.intake import queries as intake
from panel.named.unsealing.process import in_this_process
from panel.playing import applying, panel
from panel.playing.applying import Application
from panel.playing.company import Member
from panel.playing.season import Season, judge
from panel.playing.stopwatch import Stopwatch
from panel.playing.wording import answer_text
from panel.sealed.equality import queries as equality
from panel.sealed.vault import queries as vault
from tests.load.serving import House, Tab, served, to_submit, value_of

TIMES: Final = int(os.environ.get("PANEL_LOAD", "1"))
CANDIDATES, MARKERS, PROCESSES = 7, 4, 8


@pytest.fixture
def season(config: Config, database: Database) -> Iterator[Season]:
    """A board that has just opened, and everybody on it."""
    installation.prepare(config)
    season = Season(config, database, Stopwatch(), clock.now())
    with clock.set_to(season.moment), in_this_process(config):
        season.play(0, MARKERS, 2, until=Stage.DRAFT)
        season.open()
        yield season


@pytest.mark.thorough
@pytest.mark.leak("L81")
@pytest.mark.leak("L112")
@pytest.mark.vault("V09")
def test_a_board_whose_people_all_press_at_once_at_eight_processes(
    season: Season, config: Config, database: Database
) -> None:
    applicants = [season.applicant(n) for n in range(CANDIDATES)]
    season.company = replace(season.people, candidates=tuple(applicants))
    with served(config, database, season.moment, PROCESSES) as house:
        write_in_every_tab(season, house)
        submit_in_every_tab(season, house)
        print(f"\nwriting and submitting: {house.tally}")
    close_while_submitting(season, config, database)
    season.train()
    season.start_marking()
    with served(config, database, season.moment, PROCESSES) as house:
        mark_twice(season, house)
        sign_while_marking(season, house)
        print(f"marking and signing: {house.tally}")
    season.start_moderation()
    season.further = panel.ask_further_markers(database, season.people, season.board, judge)
    with served(config, database, season.moment, PROCESSES) as house:
        settle_together(season, house)
        lock_while_settling(season, house)
        print(f"moderating and locking: {house.tally}")


def write_in_every_tab(season: Season, house: House) -> None:
    """Every save that was accepted is one version, and the last of them is what is there."""
    key = season.policy.questions[0].key
    path = house.path("intake.answer", board=season.board, key=key)

    def write(n: int, tab: Tab) -> dict[int, str]:
        kept: dict[int, str] = {}
        seen = 0
        while len(kept) < TIMES:
            text = f"Tab {n} writes for the {len(kept)}th time."
            answer = tab.post(f"{path}/keep", version=seen, answer=text)
            assert answer.status in {200, 409}, answer
            if answer.status == 200:
                seen = int(re.findall(r'"version":\s*(\d+)', answer.text)[0])
                kept[seen] = text
            else:
                seen = int(value_of(tab.get(path).text, "version"))
        return kept

    tabs = house.tabs(season.applicant(99))
    accepted = house.at_once(*(partial(write, n, tab) for n, tab in enumerate(tabs)))
    every = {version: text for kept in accepted for version, text in kept.items()}
    assert sorted(every) == list(range(1, TIMES * PROCESSES + 1))
    assert every[max(every)] in tabs[0].get(path).text


def submit_in_every_tab(season: Season, house: House) -> None:
    """Each candidate presses in several tabs: one submission and one receipt."""
    *most, _, _ = season.people.candidates
    for member in most:
        write_whole(season, member)
    path = house.path("intake.check", board=season.board)
    for n, member in enumerate(most):
        # in an ordinary run one presses in every tab, and the others in one
        tabs = house.tabs(member)[: PROCESSES if n < TIMES else 1]
        typed = to_submit(tabs[0], path)
        answers = house.at_once(*(partial(tab.post, path, **typed) for tab in tabs))
        assert {answer.status for answer in answers} == {200}
        assert all(typed["code"][:4] in answer.text for answer in answers)
    counted(season, house.database, len(most))


def counted(season: Season, database: Database, count: int) -> None:
    with database.reading() as db:
        lodged = len(intake.lodged_leaves(db, season.board))
        assert (lodged, vault.count(db, season.board), equality.count(db, season.board)) == (count, count, count)
        assert intake.applied(db, season.board) == count


def write_whole(season: Season, member: Member) -> None:
    """All that an application needs, in one go."""
    answers = {each.key: answer_text(each.key, member.account[0]) for each in season.policy.questions}
    with season.database.writing() as db:
        applying.write(db, season.config.keys, season.board, season.policy, Application(member, answers))


def close_while_submitting(season: Season, config: Config, database: Database) -> None:
    """In the second of the deadline the last two press submit and HR presses close: each is told what is true."""
    *_, one, other = season.people.candidates
    write_whole(season, one)
    write_whole(season, other)
    with database.reading() as db:
        deadline = board_of(db, season.board).deadline
    assert deadline is not None
    with served(config, database, lambda: deadline, 4) as house:
        late = house.tabs(one, other)
        hr, shut = house.tabs(season.people.hr)[:2], house.path("intake.close", board=season.board)
        path = house.path("intake.check", board=season.board)
        typed = [to_submit(tab, path) for tab in late[:2]]
        *lodged, first, second = house.at_once(
            *(partial(tab.post, path, **form) for tab, form in zip(late, typed * 2, strict=True)),
            *(partial(tab.post, shut) for tab in hr),
        )
        assert 200 in {first.status, second.status}, (first.status, second.status)
        assert {first.status, second.status} | {answer.status for answer in lodged} <= {200, 302, 404, 409}
        receipts = [answer.status == 200 for answer in lodged]
        inside = len({n % 2 for n, receipt in enumerate(receipts) if receipt})
        print(f"closing: {house.tally}; {inside} of the last two were in time")
    with database.reading() as db:
        assert (
            board_of(db, season.board).submissions
            == len(intake.lodged_leaves(db, season.board))
            == CANDIDATES - 2 + inside
        )
    season.ahead = deadline - season.started
    # as `panel scrub` does where the page said that it could not be done while others were reading
    closing.scrub_closed(database, config.keys, season.board)


def mark_twice(season: Season, house: House) -> None:
    """Every marker marks every task in two processes at once: one mark is kept, and the other tab is told."""
    markers = season.people.markers
    tabs = house.tabs(*markers)  # marker n at process n and n + 4

    def both(n: int) -> int:
        marker, first, second = markers[n].marker, tabs[n], tabs[n + MARKERS]
        codes = panel._tasks(house.database, season.board, marker)
        for code in codes[: 2 * TIMES]:
            with house.database.reading("blind") as db:
                page = own_queries.page(db, board_of(db, season.board), marker, code)
            verdict = judge(marker, page.card.criterion.key, tuple(text.answer for text in page.texts))
            path, seen = house.path("marking.task", board=season.board, code=code), page.saved.version
            # the very same mark would be no conflict: each tab has words of its own
            typed = [{"score": verdict.score, "evidence": f"{verdict.evidence} {each}."} for each in ("One", "Two")]
            for turn in range(TIMES):
                said = house.at_once(
                    partial(first.post, path, version=seen + turn, **typed[0]),
                    partial(second.post, path, version=seen + turn, **typed[1]),
                )
                assert sorted(answer.status for answer in said) == [303, 409], [each.status for each in said]
        return min(len(codes), 2 * TIMES)

    marked = house.at_once(*(partial(both, n) for n in range(MARKERS)))
    with house.database.reading() as db:
        kept = len(marking.marks(db, season.board))
        revisions: dict[tuple[object, ...], list[int]] = {}
        for row in db.scalars(select(MarkRevisionRow).order_by(MarkRevisionRow.version)):
            revisions.setdefault((row.ref, row.criterion, row.marker), []).append(row.version)
    assert kept == len(revisions) > 0
    assert kept <= sum(marked)  # some of what was marked were stand-ins, which are kept apart
    assert all(found == list(range(1, TIMES + 1)) for found in revisions.values())
    for member in markers:
        panel.mark_all(house.database, season.board, member.marker, judge)


def sign_while_marking(season: Season, house: House) -> None:
    """Each marker changes a mark in one tab as she signs in another: what is signed is what is there, and stays so."""
    markers = season.people.markers
    tabs = house.tabs(*markers)
    acts = []
    for n, member in enumerate(markers):
        code, version = last_mark(season, house, member.marker)
        mark, sign = (
            house.path("marking.task", board=season.board, code=code),
            house.path("marking.sheet", board=season.board),
        )
        typed = {"score": 1 + n % 5, "evidence": "Read again: it names the risk and acts on it.", "version": version}
        acts += [partial(tabs[n].post, mark, **typed), partial(tabs[n + MARKERS].post, sign)]
    statuses = [answer.status for answer in house.at_once(*acts)]
    assert set(statuses[::2]) <= {303, 409}
    assert set(statuses[1::2]) <= {303}
    for n, member in enumerate(markers):
        code, version = last_mark(season, house, member.marker)
        typed = {"score": 1 + n % 5, "evidence": "Read once more, after she had signed.", "version": version}
        late = tabs[n].post(house.path("marking.task", board=season.board, code=code), **typed)
        assert late.status == 409
    with house.database.reading() as db:
        for member in markers:
            signed = db.get_one(SheetRow, (season.board, member.marker))
            assert signed.digest == sheet_digest(own_queries.sheet(db, season.board, member.marker))


def last_mark(season: Season, house: House, marker: MarkerId) -> tuple[TaskCode, int]:
    with house.database.reading("blind") as db:
        held = board_of(db, season.board)
        own = own_queries.own_marks(db, held, marker)
        code = own[-1].code
        return code, own_queries.page(db, held, marker, code).saved.version


def settle_together(season: Season, house: House) -> None:
    """Chair and deputy settle the same answer in four tabs each: one wins, and the others are told."""
    open_answers = to_settle(season, house.database)
    assert open_answers
    tabs = house.tabs(season.people.chair, season.people.deputy)
    for number, criterion, version in open_answers[:TIMES]:
        path = house.path("moderation.settle", board=season.board, number=number, criterion=criterion)
        for turn in range(TIMES + 1):  # the second time there is something to lose
            typed = [{"score": 1 + n % 5, "reason": f"Tab {n} has read it again."} for n in range(PROCESSES)]
            acts = [partial(tab.post, path, version=version + turn, **typed[n]) for n, tab in enumerate(tabs)]
            said = [answer.status for answer in house.at_once(*acts)]
            assert sorted(said) == [303] + [409] * (PROCESSES - 1), said
            with house.database.reading() as db:
                found = moderation.answer(db, board_of(db, season.board), number, criterion)
            assert found.version == version + turn + 1
            assert found.agreed
            assert found.agreed.reason == f"Tab {said.index(303)} has read it again."
    panel.settle_all(house.database, season.people, season.board, lambda _answer: "Both markers read again.")


def lock_while_settling(season: Season, house: House) -> None:
    """The chair locks as the deputy changes what was settled: the lock binds what is there, whoever was first."""
    chair, deputy, *_ = house.tabs(season.people.chair, season.people.deputy)
    (number, criterion, version), *_ = settled(season, house.database)
    path = house.path("moderation.settle", board=season.board, number=number, criterion=criterion)
    again = partial(deputy.post, path, version=version, score=3, reason="Read once more before the lock.")
    lock = partial(chair.post, house.path("unsealing.lock", board=season.board), sure="y")
    said, locked = house.at_once(again, lock)
    assert (said.status in {303, 409}, locked.status) == (True, 303), (said.status, locked.status, locked.text)
    with house.database.reading() as db:
        assert board_of(db, season.board).stage is Stage.LOCKED
        assert merit.as_locked(db, season.board)
        found = moderation.answer(db, board_of(db, season.board), number, criterion)
    assert found.version == version + (said.status == 303)


def settled(season: Season, database: Database) -> list[tuple[Number, str, int]]:
    return [at for standing, at in answers(season, database) if standing is Standing.SETTLED]


def to_settle(season: Season, database: Database) -> list[tuple[Number, str, int]]:
    return [at for standing, at in answers(season, database) if standing is Standing.TO_SETTLE]


def answers(season: Season, database: Database) -> list[tuple[Standing, tuple[Number, str, int]]]:
    with database.reading("blind") as db:
        found = moderation.answers(db, board_of(db, season.board))
    return [(one.standing, (one.number, one.criterion, one.version)) for one in found]
