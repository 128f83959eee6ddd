"""Archiving a board: when it may be, what is gone afterwards, and what stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from panel.audit.queries import entries
from panel.blind.allocation import queries as allocation
from panel.blind.marking.models import MarkDraftRow
from panel.blind.merit.queries import merit_list
from panel.blind.merit.sheet import merit_sheet
from panel.board.lifecycle import NotReady, Stage
from panel.board.queries import board as board_of
from panel.board.retention import DESTROYED, ends
from panel.config import Config
from panel.kernel import clock, keyfiles
from panel.kernel.database import Database
from panel.named.accounts import posting
from panel.named.intake.queries import states
from panel.named.monitoring.queries import tables
from panel.named.results import archiving, service
from panel.playing.company import acting
from panel.playing.season import Season
from tests.named.accounts.signing import fill, sign_in
from tests.named.results.conftest import PASSWORD, PLAIN, Opened, play
from tests.tables import contents
from tests.unguarded import unguarded

LATER = timedelta(days=3 * 366)
TYPED = "Typed after signing and never saved."
GONE = ("roll", "revealed", "approved_note", "envelope", "equality_envelope", "seat", "release")


@contextmanager
def years_later() -> Iterator[None]:
    with clock.set_to(clock.now() + LATER):
        yield


def publish(season: Season) -> None:
    with season.database.writing("named") as db:
        service.approve_all(db, season.config.keys, season.board)
        service.publish(db, season.config.keys, acting(db, season.people.hr), season.board)


def autosave(season: Season) -> None:
    """A marker's half-typed second thoughts on a mark of hers."""
    with season.database.writing("blind") as db:
        code = allocation.tasks(db, season.board, season.people.markers[0].marker)[0].code
        db.add(MarkDraftRow(code=code, score=None, evidence=TYPED, version=9))


def holding(tables: dict[str, list[str]], words: str) -> set[str]:
    """The tables in which a text stands."""
    return {name for name, rows in tables.items() if any(words in row for row in rows)}


@pytest.mark.leak("L106")
def test_archiving_leaves_scores_counts_and_log_and_nothing_of_anybody(config: Config, database: Database) -> None:
    season = play(config, database)
    board, keys = season.board, config.keys
    answer = next(iter(next(iter(season.written.values())).values())).split(".")[0]
    with clock.set_to(season.moment):
        publish(season)
        with database.writing("named") as db:
            posting.tell_changes(db, states(db))
        autosave(season)
        with database.reading() as db:
            before, listed, counted = contents(db), merit_list(db, board), tables(db, board)
            hr = acting(db, season.people.hr)
        with database.writing("named") as db, pytest.raises(NotReady):
            archiving.archive(db, keys, hr, board)
        with years_later():
            with database.writing("named") as db:
                archiving.archive(db, keys, hr, board)
            assert archiving.finish(database, keys, board)
    with database.reading() as db:
        after, held = contents(db), board_of(db, board)
        assert (merit_list(db, board), tables(db, board)) == (listed, counted)
        chair = acting(db, season.people.chair)
        assert merit_sheet(db, chair, board).unchanged
        assert [each.kind for each in entries(db, board)][-2:] == ["board.archived", "texts.destroyed"]
    assert held.stage is Stage.ARCHIVED
    for written in (answer, PLAIN):
        assert holding(before, written) > holding(after, written)
        assert holding(after, written) <= {"practice_script"}, "practice scripts are the force's own"
    assert holding(before, TYPED) == {"mark_draft"}
    assert holding(after, TYPED) == set()
    for table in (*GONE, "told", "exclusion"):
        assert after[table] == []
    for member in season.people.candidates:
        assert {"roll", "told"} <= holding(before, repr(member.account))
        # a letter that waits says neither which board nor what
        assert holding(after, repr(member.account)) == {"account", "person", "outgoing"}
    assert len(after["mark"]) == len(before["mark"])
    assert all(DESTROYED in row for row in after["mark"])
    assert not keyfiles.exists(keys, keyfiles.results(board))


@pytest.fixture
def hr(opened: Opened) -> FlaskClient:
    with opened.database.writing("named") as db:
        service.approve_all(db, opened.keys, opened.board)
        service.publish(db, opened.keys, acting(db, opened.company.hr), opened.board)
    client = opened.client()
    sign_in(client, opened.company.hr.email, PASSWORD)
    return client


@pytest.mark.leak("L106")
def test_hr_archives_by_page_and_the_databases_files_hold_no_text(opened: Opened, hr: FlaskClient) -> None:
    page, path = f"/results/{opened.board}/archive", opened.config.sqlite_path
    assert path is not None
    assert "Texts and names are kept until" in hr.get(page).text
    early = fill(hr, f"/boards/{opened.board}", to=page, sure="y")
    assert early.status_code == 422
    assert "There is a problem" in early.text
    assert PLAIN.encode() in b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    with years_later():
        sign_in(hr, opened.company.hr.email, PASSWORD)
        unsure = fill(hr, page)
        assert "Confirm that you want to destroy" in unsure.text
        assert fill(hr, page, sure="y").status_code == 303
        assert "This board is archived." in hr.get(f"/boards/{opened.board}").text
        assert hr.get(page).status_code == 409
        assert hr.get(f"/results/{opened.board}/list").status_code == 404
    assert PLAIN.encode() not in b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


@pytest.mark.leak("L102")
def test_a_list_changed_behind_the_lock_is_told_before_anything_is_destroyed(opened: Opened, hr: FlaskClient) -> None:
    def spoil(statement: str) -> None:
        with unguarded(opened.config) as connection:
            connection.execute(text(statement))

    page = f"/results/{opened.board}/archive"
    spoil("UPDATE merit_entry SET rank = rank + 1")
    with opened.database.reading() as db:
        before = contents(db)
    with years_later():
        sign_in(hr, opened.company.hr.email, PASSWORD)
        refused = fill(hr, page, sure="y")
        assert refused.status_code == 409
        assert "The marks are not the ones that were locked. Nothing was destroyed. Tell the auditor." in refused.text
        with opened.database.reading() as db:
            after = contents(db)
            assert board_of(db, opened.board).stage is Stage.PUBLISHED
        for table in ("mark", "submission", "revealed", "roll", "merit_entry", "log_entry"):
            assert after[table] == before[table]
        spoil("UPDATE merit_entry SET rank = rank - 1")
        assert fill(hr, page, sure="y").status_code == 303


def test_key_that_outlived_an_archiving_cut_short_goes_with_the_next_scrub(opened: Opened, hr: FlaskClient) -> None:
    with years_later(), opened.database.writing("named") as db:
        archiving.archive(db, opened.keys, acting(db, opened.company.hr), opened.board)
    assert keyfiles.exists(opened.keys, keyfiles.results(opened.board))
    archiving.finish_all(opened.database, opened.keys)
    assert not keyfiles.exists(opened.keys, keyfiles.results(opened.board))


@pytest.mark.parametrize(
    ("published", "months", "end"),
    [
        (date(2026, 1, 15), 24, date(2028, 1, 15)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
    ],
)
def test_retention_ends_on_the_day_of_the_month_or_its_last(published: date, months: int, end: date) -> None:
    assert ends(published, months) == end
