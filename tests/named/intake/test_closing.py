"""After a close nothing in the database says which submission is whose."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text

from panel.access.models import SessionRow
from panel.access.roles import Role
from panel.access.service import start_session
from panel.audit.merkle import root
from panel.audit.models import LogEntry, SignedHead
from panel.blind.submissions import queries as submissions
from panel.blind.submissions.models import SubmissionRow, TextCheckRow
from panel.blind.submissions.service import rewrite
from panel.board.lifecycle import NotReady, Stage, WrongStage
from panel.board.queries import board
from panel.config import Config
from panel.kernel import keyfiles
from panel.kernel.database import Database
from panel.kernel.errors import Missing
from panel.named.accounts.factors import halfway
from panel.named.accounts.factors.models import HalfSignInRow
from panel.named.intake import closing, queries, scrubbing, service
from panel.named.intake.closing import Unequal
from panel.named.intake.models import DraftRow, RollRow, RollState
from panel.sealed.vault.models import EnvelopeRow
from tests.named.intake.scene import ANSWERS, Scene


def close(scene: Scene) -> None:
    scene.pass_deadline()
    closing.close(scene.db, scene.keys, scene.holder(Role.HR), scene.board)


@pytest.mark.vault("V11")
def test_closing_deals_numbers_and_commits_counts_and_roots_to_the_log(scene: Scene) -> None:
    for _ in range(4):
        scene.apply(scene.person())
    close(scene)
    closed = board(scene.db, scene.board)
    assert (closed.stage, closed.submissions) == (Stage.CLOSED, 4)
    assert closed.lodged_root == root(tuple(queries.lodged_leaves(scene.db, scene.board).values()))
    assert closed.roll_root == queries.roll_root(scene.db, scene.board)
    numbers = set(submissions.numbers(scene.db, scene.board).values())
    assert len(numbers) == 4
    entry = json.loads(scene.db.scalars(select(LogEntry.body)).one())
    assert entry["kind"] == "board.closed"
    assert entry["facts"] == {
        "submissions": 4,
        "lodged_root": closed.lodged_root.hex() if closed.lodged_root else "",
        "roll_root": closed.roll_root.hex() if closed.roll_root else "",
    }
    assert scene.db.scalar(select(func.count()).select_from(SignedHead)) == 1


def test_closing_waits_for_the_deadline(scene: Scene) -> None:
    with pytest.raises(NotReady):
        closing.close(scene.db, scene.keys, scene.holder(Role.HR), scene.board)


@pytest.mark.vault("V11")
@pytest.mark.leak("L94")
def test_closing_ends_drafts_and_sessions_and_finishing_destroys_their_key(scene: Scene, database: Database) -> None:
    scene.write(scene.person())
    person = scene.person()
    scene.apply(person)
    start_session(scene.db, person.account)
    halfway.begin(scene.db, person.account)
    close(scene)
    assert scene.db.scalar(select(func.count()).select_from(DraftRow)) == 0
    assert scene.db.scalar(select(func.count()).select_from(SessionRow)) == 0
    assert scene.db.scalar(select(func.count()).select_from(HalfSignInRow)) == 0
    scene.db.commit()
    assert closing.finish(database, scene.keys, scene.board)
    assert not keyfiles.exists(scene.keys, keyfiles.drafts(scene.board))


@pytest.mark.leak("L11")
def test_nothing_is_lodged_after_the_close(scene: Scene) -> None:
    person = scene.person()
    draft = scene.write(person)
    close(scene)
    with pytest.raises(WrongStage):
        scene.submit(person, draft)


def test_closing_keeps_text_digest_and_code_of_every_submission(scene: Scene) -> None:
    people = [scene.person() for _ in range(3)]
    lodgings = [scene.apply(person) for person in people]
    before = [
        service.view(scene.db, each, scene.board, lodging.code) for each, lodging in zip(people, lodgings, strict=True)
    ]
    close(scene)
    after = [
        service.view(scene.db, each, scene.board, lodging.code) for each, lodging in zip(people, lodgings, strict=True)
    ]
    assert [replace(each, number=None) for each in after] == before
    assert len({each.number for each in after}) == len(people)


def test_closing_refuses_a_submission_without_its_envelope(scene: Scene) -> None:
    lodging = scene.apply(scene.person())
    scene.db.execute(EnvelopeRow.__table__.delete().where(EnvelopeRow.ref == lodging.ref))  # type: ignore[attr-defined]
    with pytest.raises(Unequal):
        close(scene)


def test_closing_lists_the_texts_in_which_soft_rules_find_something(scene: Scene) -> None:
    scene.apply(scene.person())
    scene.apply(scene.person(), {**ANSWERS, "we-collaborate": "The operator said she would move the barriers."})
    close(scene)
    rows = scene.db.scalars(select(TextCheckRow)).all()
    assert [(row.criterion, row.found) for row in rows] == [("we-collaborate", "PRONOUN")]


@pytest.mark.leak("L48")
@pytest.mark.vault("V12")
def test_after_the_close_a_code_marks_the_submission_withdrawn_and_leaves_the_roll(scene: Scene) -> None:
    person = scene.person()
    lodging = scene.apply(person)
    close(scene)
    service.withdraw(scene.db, person, scene.board, lodging.code)
    assert queries.state_of(scene.db, scene.board, person.account) is RollState.APPLIED
    assert submissions.withdrawn(scene.db, scene.board) == {lodging.ref}
    assert submissions.refs(scene.db, scene.board) == (lodging.ref,)


@pytest.mark.leak("L82")
@pytest.mark.leak("L88")
@pytest.mark.leak("L90")
def test_the_scrub_is_recorded_only_when_it_happened(scene: Scene, database: Database, config: Config) -> None:
    scene.write(scene.person(), {**ANSWERS, "we-collaborate": "Never submitted."})
    scene.apply(scene.person())
    close(scene)
    scene.db.commit()
    if database.is_sqlite:
        with database.reading("blind") as reader:
            reader.execute(text("SELECT count(*) FROM submission"))
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(scrubbing, "_PATIENCE", 100)
                assert not closing.finish(database, scene.keys, scene.board)
    assert board(scene.db, scene.board).scrubbed_on is None
    scene.db.commit()
    assert closing.finish(database, scene.keys, scene.board)
    assert board(scene.db, scene.board).scrubbed_on is not None
    if database.is_sqlite:
        ahead = Path(f"{config.sqlite_path}-wal")
        assert not ahead.exists() or ahead.stat().st_size < 100_000


def test_a_scrub_that_is_refused_leaves_its_connection_as_patient_as_it_was(database: Database) -> None:
    database.dispose()  # then the scrub's connection is the one that is handed out next
    patience = text("PRAGMA busy_timeout" if database.is_sqlite else "SHOW lock_timeout")
    with database.writing() as db, pytest.MonkeyPatch.context() as patch:
        usual = db.scalar(patience)
        db.execute(delete(RollRow))
        patch.setattr(scrubbing, "_PATIENCE", 100)
        assert not scrubbing.scrub(database)
        with database.reading() as after:
            assert after.scalar(patience) == usual


def test_scrubbing_twice_is_harmless_and_one_board_can_be_named(scene: Scene, database: Database) -> None:
    scene.apply(scene.person())
    with pytest.raises(Missing):
        closing.scrub_closed(database, scene.keys, scene.board)
    scene.db.commit()
    close(scene)
    scene.db.commit()
    assert closing.scrub_closed(database, scene.keys, scene.board) == 1
    assert closing.scrub_closed(database, scene.keys) == 1
    assert scene.db.scalar(select(func.count()).select_from(LogEntry)) == 2


@pytest.mark.parametrize("engine_kind", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.leak("L84")
def test_on_postgres_every_rewritten_row_has_one_xmin(scene: Scene) -> None:
    for _ in range(12):
        scene.apply(scene.person())
        scene.db.commit()
    close(scene)
    for table in ("named.roll", "sealed.envelope", "sealed.equality_envelope", "blind.submission"):
        rows = scene.db.execute(text(f"SELECT xmin::text FROM {table}")).all()
        assert len(rows) == 12
        assert len({row[0] for row in rows}) == 1


@pytest.mark.parametrize("engine_kind", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.leak("L82")
def test_on_postgres_a_scrub_that_carries_dead_rows_over_does_not_count(scene: Scene, database: Database) -> None:
    scene.apply(scene.person())
    scene.db.commit()
    snapshot = database.engine("blind").connect().execution_options(isolation_level="REPEATABLE READ")
    with snapshot, pytest.MonkeyPatch.context() as patch:
        patch.setattr(scrubbing, "_PATIENCE", 100)
        snapshot.execute(text("SELECT 1"))
        close(scene)
        scene.db.commit()
        assert not closing.finish(database, scene.keys, scene.board)
        assert board(scene.db, scene.board).scrubbed_on is None
        scene.db.commit()
    assert closing.finish(database, scene.keys, scene.board)
    assert board(scene.db, scene.board).scrubbed_on is not None


@pytest.mark.parametrize("engine_kind", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_on_postgres_a_scrub_without_the_right_to_it_does_not_count(database: Database) -> None:
    powerless = Database(database.engine("blind").url, None)
    assert scrubbing.scrub(powerless) is False
    powerless.dispose()


@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)  # the draw is the same on both
@pytest.mark.vault("V11")
@pytest.mark.leak("L10")
def test_ranks_of_numbers_are_a_uniform_permutation_of_the_order_of_applying(scene: Scene) -> None:
    refs = [scene.apply(scene.person()).ref for _ in range(5)]
    scene.db.commit()
    counts = [[0] * 5 for _ in refs]
    runs = 200
    for _ in range(runs):
        rewrite(scene.db, scene.board)
        ranked = [card.ref for card in submissions.cards(scene.db, scene.board)]
        for position, ref in enumerate(refs):
            counts[position][ranked.index(ref)] += 1
        scene.db.rollback()
    expected = runs / 5
    chi = sum((seen - expected) ** 2 / expected for row in counts for seen in row)
    # 16 degrees of freedom: a fair draw passes 52 once in 100,000 runs
    assert chi < 52


@pytest.mark.vault("V12")
def test_standing_down_after_the_close_touches_the_roll_alone_and_the_roots_still_hold(scene: Scene) -> None:
    person = scene.person()
    scene.apply(person)
    close(scene)
    before = scene.db.execute(select(*SubmissionRow.__table__.c)).all()
    service.stand_down(scene.db, person, scene.board)
    assert scene.db.execute(select(*SubmissionRow.__table__.c)).all() == before
    held = board(scene.db, scene.board)
    assert queries.roll_root(scene.db, scene.board) == held.roll_root
    assert queries.stood_down(scene.db, scene.board) == {person.account}
