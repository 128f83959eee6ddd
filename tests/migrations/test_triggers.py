"""What the database itself refuses, to whoever asks: raw SQL, on both databases, on both sides."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import Insert, create_engine, delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import UpdateBase

from migrations.refusal import Tables, found
from migrations.triggers import create, wanted
from panel.audit.models import LogEntry, LogHead, SignedHead
from panel.audit.service import append
from panel.blind.marking.models import MarkRow
from panel.blind.merit.models import MeritEntryRow
from panel.blind.moderation.models import AgreedScoreRow
from panel.blind.submissions.models import RedactionRow, State, SubmissionRow
from panel.board.lifecycle import Stage
from panel.config import Config
from panel.kernel.database import Database, Side
from panel.kernel.ids import BoardId, CeremonyId, MarkerId, Number, SubmissionRef
from panel.sealed.equality.models import EqualityEnvelopeRow
from panel.sealed.vault.models import EnvelopeRow, ReleaseRow
from tests.blind.merit.locked import locked, settled
from tests.blind.moderation.moderated import redact
from tests.blind.scene import Scene

pytestmark = pytest.mark.vault("V18")

SIDES: tuple[Side, ...] = ("named", "blind")
SEALED = 2160


@pytest.fixture
def scene(database: Database) -> Iterator[Scene]:
    """A locked board with a redaction, committed."""
    with database.session("named", writes=True) as db:
        scene = Scene.marking(db, candidates=4)
        redact(scene, 1, scene.deputy)
        locked(scene)
        db.commit()
    with database.session("named", writes=False) as db:
        scene.db = db
        yield scene


def refused(database: Database, side: Side, statement: UpdateBase) -> bool:
    """Whether the database refuses; nothing is kept either way."""
    with database.session(side, writes=True) as db:
        try:
            db.execute(statement.execution_options(synchronize_session=False))
        except DatabaseError:
            return True
    return False


def copied(database: Database, model: type, **changed: object) -> Insert:
    """An insert of the first row of a table, changed enough to be another row."""
    columns = model.__table__.columns  # type: ignore[attr-defined]
    with database.reading() as db:
        row = db.execute(select(*columns).order_by(*model.__table__.primary_key).limit(1)).mappings().one()  # type: ignore[attr-defined]
    return insert(model).values({**row, **changed})


BOUND: dict[str, Callable[[], UpdateBase]] = {
    "score of a mark": lambda: update(MarkRow).values(score=0),
    "evidence of a mark": lambda: update(MarkRow).values(evidence="Another reading."),
    "marks": lambda: delete(MarkRow),
    "agreed score": lambda: update(AgreedScoreRow).values(score=0),
    "reason": lambda: update(AgreedScoreRow).values(reason="Another reason."),
    "agreed scores": lambda: delete(AgreedScoreRow),
    "outcome": lambda: update(MeritEntryRow).values(outcome="not_passed"),
    "rank": lambda: update(MeritEntryRow).values(rank=1),
    "merit list": lambda: delete(MeritEntryRow),
    "text of a redaction": lambda: update(RedactionRow).values(answers="{}"),
    "redactions": lambda: delete(RedactionRow),
    "answers": lambda: update(SubmissionRow).values(answers="{}"),
    "answers digest": lambda: update(SubmissionRow).values(answers_digest=bytes(32)),
    "number": lambda: update(SubmissionRow).values(number=None),
    "code tag": lambda: update(SubmissionRow).values(code_tag=bytes(32)),
    "another board": lambda: update(SubmissionRow).values(board=BoardId.new()),
    "submissions": lambda: delete(SubmissionRow),
}


@pytest.mark.leak("L102")
@pytest.mark.parametrize("side", SIDES)
def test_locked_rows_refuse_every_change(database: Database, scene: Scene, side: Side) -> None:
    held = {name for name, change in BOUND.items() if refused(database, side, change())}
    assert held == set(BOUND)


@pytest.mark.leak("L102")
@pytest.mark.parametrize("side", SIDES)
def test_locked_board_refuses_new_rows(database: Database, scene: Scene, side: Side) -> None:
    new = {
        "mark": copied(database, MarkRow, marker=MarkerId.new()),
        "agreed score": copied(database, AgreedScoreRow, criterion="courage"),
        "place": copied(database, MeritEntryRow, number=Number(100_000)),
        "redaction": copied(database, RedactionRow, version=2),
        "submission": copied(database, SubmissionRow, ref=SubmissionRef.new(), number=None, code_tag=b"\x07" * 32),
    }
    assert {name for name, row in new.items() if refused(database, side, row)} == set(new)


def test_row_cannot_be_moved_onto_a_locked_board(database: Database, scene: Scene) -> None:
    with database.session("named", writes=True) as db:
        other = settled(Scene.marking(db, candidates=1))
        moved = update(MarkRow).where(MarkRow.board == other.board_id).values(board=scene.board_id)
        with pytest.raises(DatabaseError):
            db.execute(moved.execution_options(synchronize_session=False))


@pytest.mark.parametrize("stage", [Stage.UNSEALED, Stage.PUBLISHED, Stage.ARCHIVED])
def test_scores_stay_refused_ever_after(database: Database, scene: Scene, stage: Stage) -> None:
    _move(database, scene, stage)
    assert refused(database, "named", update(MarkRow).values(score=0))
    assert refused(database, "named", delete(MeritEntryRow))
    assert refused(database, "named", delete(SubmissionRow))


def test_archive_may_destroy_texts_and_nothing_else(database: Database, scene: Scene) -> None:
    _move(database, scene, Stage.ARCHIVED)
    assert not refused(database, "named", update(SubmissionRow).values(answers="{}"))
    assert not refused(database, "named", update(MarkRow).values(evidence=""))
    assert refused(database, "named", update(SubmissionRow).values(answers_digest=bytes(32)))


@pytest.mark.parametrize("side", SIDES)
def test_state_of_a_submission_may_change_after_the_lock(database: Database, scene: Scene, side: Side) -> None:
    assert not refused(database, side, update(SubmissionRow).values(state=State.WITHDRAWN.value))


def test_nothing_is_frozen_before_the_lock(database: Database) -> None:
    with database.session("named", writes=True) as db:
        settled(Scene.marking(db, candidates=2))
        db.commit()
    assert not refused(database, "named", update(MarkRow).values(score=0))
    assert not refused(database, "blind", update(AgreedScoreRow).values(score=0))


@pytest.mark.parametrize("side", SIDES)
def test_log_only_grows(database: Database, side: Side) -> None:
    log = _logged(database)
    signed = {"root": bytes(32), "on": date(2026, 11, 22), "key_id": bytes(32), "signature": bytes(64)}
    with database.writing() as db:
        db.execute(insert(SignedHead).values(log=log, size=2, **signed))
    changes: tuple[UpdateBase, ...] = (
        update(LogEntry).values(body=b"{}"),
        delete(LogEntry),
        update(SignedHead).values(root=b"\x01" * 32),
        delete(SignedHead),
        delete(LogHead),
        update(LogHead).values(size=1),
        update(LogHead).values(size=4),
        update(LogHead).values(log=BoardId.new(), size=3),
    )
    assert all(refused(database, side, change) for change in changes)
    with database.writing(side) as db:
        append(db, log, "score.agreed", None, "chair", {"number": 123456})


def test_replacing_a_row_is_no_way_around(database: Database) -> None:
    """SQLite's REPLACE deletes without asking the triggers of deletion."""
    log = _logged(database)
    replace: list[UpdateBase] = [
        insert(LogEntry).values(log=log, seq=0, body=b"{}", leaf=bytes(32)),
        insert(LogHead).values(log=log, size=2, frontier=bytes(32)),
    ]
    if database.is_sqlite:
        replace = [statement.prefix_with("OR REPLACE") for statement in replace]  # type: ignore[attr-defined]
    assert all(refused(database, "named", statement) for statement in replace)


@pytest.mark.parametrize("model", [EnvelopeRow, EqualityEnvelopeRow])
def test_envelope_is_never_altered_and_may_be_taken_away(database: Database, model: type) -> None:
    ref = SubmissionRef.new()
    row = {"ref": ref, "board": BoardId.new(), "format": 1, "sealed": bytes(SEALED)}
    with database.writing() as db:
        db.execute(insert(model).values(row))
    assert refused(database, "named", update(model).values(sealed=b"\x01" * SEALED))
    assert refused(database, "named", update(model).values(board=BoardId.new()))
    again = insert(model).values(row)
    assert refused(database, "named", again.prefix_with("OR REPLACE") if database.is_sqlite else again)
    assert not refused(database, "named", delete(model))


@pytest.mark.vault("V05")
@pytest.mark.leak("L105")
@pytest.mark.parametrize("stage", [Stage.OPEN, Stage.MARKING, Stage.MODERATION, Stage.CANCELLED, Stage.LOCKED])
def test_no_release_exists_before_the_lock(database: Database, scene: Scene, stage: Stage) -> None:
    _move(database, scene, stage)
    release = insert(ReleaseRow).values(
        ceremony=CeremonyId.new(),
        from_side="hr",
        from_seat=1,
        to_seat=2,
        board=scene.board_id,
        envelope=bytes(SEALED),
    )
    assert refused(database, "named", release) == (stage is not Stage.LOCKED)


def test_release_for_an_unknown_board_is_refused(database: Database) -> None:
    release = insert(ReleaseRow).values(
        ceremony=CeremonyId.new(), from_side="hr", from_seat=1, to_seat=2, board=BoardId.new(), envelope=bytes(SEALED)
    )
    assert refused(database, "named", release)


def test_truncating_is_refused_to_whoever_owns_the_table(database: Database, scene: Scene) -> None:
    for table in ("open.log_entry", "open.signed_head", "open.log_head", "blind.submission", "blind.mark"):
        with database.session("named", writes=True) as db, pytest.raises(DatabaseError):
            db.execute(text(f"TRUNCATE {table}"))


def test_migrated_database_has_exactly_the_wanted_triggers(database: Database) -> None:
    with database.engine("named").connect() as connection:
        names = {refusal.name for refusal in wanted(Tables(connection))}
        assert found(connection).keys() == names


def test_making_them_again_changes_nothing(config: Config, database: Database) -> None:
    owner = create_engine(config.owner_url())
    with owner.begin() as connection:
        before = found(connection)
        create(connection)
        assert found(connection) == before
    owner.dispose()


def _logged(database: Database) -> BoardId:
    log = BoardId.new()
    with database.writing() as db:
        for count in range(2):
            append(db, log, "board.opened", None, "hr", {"count": count})
    return log


def _move(database: Database, scene: Scene, stage: Stage) -> None:
    with database.writing() as db:
        _at(db, scene, stage)


def _at(db: Session, scene: Scene, stage: Stage) -> None:
    scene.db = db
    scene.move(stage)
