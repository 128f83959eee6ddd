"""Two hundred candidates: what the database keeps beside its rows links them before the close, and not after it."""

import secrets
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.roles import Role
from panel.blind.submissions import queries as submissions
from panel.blind.submissions import service as submission_service
from panel.blind.submissions.models import SubmissionRow
from panel.config import Config
from panel.kernel.database import Database
from panel.kernel.ids import AccountId, SubmissionRef
from panel.named.intake import closing
from panel.named.intake.models import RollRow
from panel.sealed.equality import service as equality
from panel.sealed.vault import service as vault
from panel.sealed.vault.models import EnvelopeRow
from tests.named.intake.linkage import met, unlinked
from tests.named.intake.scene import ANSWERS, Scene
from tests.servers import PostgresServer

COUNT = 200
ON_SQLITE = pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)
ON_POSTGRES = pytest.mark.parametrize(
    "engine_kind", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


def _word() -> str:
    """A word of 20 letters that occurs nowhere else, and does not shrink when it is compressed."""
    return "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(20))


class Crowd:
    """Two hundred who applied, in the order in which they did."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.accounts: list[AccountId] = []
        self.refs: list[SubmissionRef] = []
        self.marks: list[bytes] = []
        people = [scene.person(name="Tamsin Achterberg") for _ in range(COUNT)]
        secrets.SystemRandom().shuffle(people)
        scene.db.commit()
        for person in people:
            self._apply(person)

    def _apply(self, person: Person) -> None:
        # long answers, as in a real board: short ones share pages, long ones get pages of their own
        mark = f"canary{_word()}"
        body = " ".join([*(_word() for _ in range(290)), mark])
        self.refs.append(self.scene.apply(person, {**ANSWERS, "we-take-ownership": body}).ref)
        self.scene.db.commit()
        self.accounts.append(person.account)
        self.marks.append(mark.encode())

    def close(self) -> None:
        self.scene.pass_deadline()
        closing.close(self.scene.db, self.scene.keys, self.scene.holder(Role.HR), self.scene.board)
        self.scene.db.commit()


@pytest.fixture
def crowd(scene: Scene) -> Crowd:
    return Crowd(scene)


def in_file(path: Path, marks: list[bytes]) -> list[bytes]:
    """The marks by where they first stand in the file."""
    data = path.read_bytes()
    assert [mark for mark in marks if mark not in data] == []
    return sorted(marks, key=data.index)


@ON_SQLITE
@pytest.mark.leak("L10")
@pytest.mark.leak("L82")
@pytest.mark.leak("L83")
@pytest.mark.leak("L90")
@pytest.mark.vault("V01")
def test_sqlite_pages_link_before_the_close_and_neither_they_nor_numbers_after(
    crowd: Crowd, database: Database, config: Config
) -> None:
    path = config.sqlite_path
    assert path is not None
    database.engine("named").raw_connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
    assert met(crowd.marks, in_file(path, crowd.marks)) >= 190
    scanned = crowd.scene.db.scalars(select(RollRow.account)).all()
    assert unlinked(crowd.accounts, scanned)
    crowd.scene.db.commit()
    crowd.close()
    assert closing.finish(database, crowd.scene.keys, crowd.scene.board)
    assert unlinked(crowd.marks, in_file(path, crowd.marks))
    assert {path.read_bytes().count(mark) for mark in crowd.marks} == {1}
    rolled = dict(crowd.scene.db.execute(select(RollRow.account, RollRow.id)).all())
    rows = [bytes(rolled[account]) for account in crowd.accounts]
    assert unlinked(rows, in_file(path, rows))
    assert unlinked(crowd.refs, crowd.scene.db.scalars(select(SubmissionRow.ref)).all())
    numbers_follow_nothing(crowd)


def numbers_follow_nothing(crowd: Crowd) -> None:
    """Neither the order of applying nor that of refs, accounts or the roll shows in the numbers."""
    dealt = [card.ref for card in submissions.cards(crowd.scene.db, crowd.scene.board)]
    assert unlinked(crowd.refs, dealt)
    assert unlinked(sorted(crowd.refs), dealt)
    for order in (sorted(crowd.accounts), crowd.scene.db.scalars(select(RollRow.account)).all()):
        by_that_order = [crowd.refs[crowd.accounts.index(account)] for account in order]
        assert unlinked(by_that_order, dealt)


@pytest.fixture
def owner(config: Config, postgres_server: PostgresServer) -> Engine:
    """The database's owner, who sees every system column."""
    assert config.owner_database_url is not None
    return create_engine(config.owner_url())


def by_column(owner: Engine, table: str, column: str, key: str) -> list[bytes]:
    """The keys of a table in the order of a system column."""
    with owner.connect() as connection:
        rows = connection.execute(text(f"SELECT {key} FROM {table} ORDER BY {column}, {key}"))
        return [bytes(row[0]) for row in rows]


def by_toast(owner: Engine, crowd: Crowd) -> list[bytes]:
    """The refs of envelopes in the order of their TOAST chunks, matched by content."""
    with owner.connect() as connection:
        toast = connection.scalar(
            text("SELECT reltoastrelid::regclass::text FROM pg_class WHERE oid = 'sealed.envelope'::regclass")
        )
        chunks = connection.execute(text(f"SELECT chunk_id, chunk_data FROM {toast} WHERE chunk_seq = 0")).all()
    sealed = {row.sealed[:64]: bytes(row.ref) for row in crowd.scene.db.scalars(select(EnvelopeRow))}
    crowd.scene.db.commit()
    return [sealed[bytes(data)[:64]] for _, data in sorted(chunks, key=lambda chunk: chunk[0])]


XMIN, CTID = "xmin::text::bigint", "ctid"


@ON_POSTGRES
@pytest.mark.leak("L84")
@pytest.mark.leak("L85")
@pytest.mark.leak("L86")
@pytest.mark.vault("V01")
def test_postgres_system_columns_link_before_the_close_and_not_after(
    crowd: Crowd, owner: Engine, database: Database
) -> None:
    refs, accounts = list(map(bytes, crowd.refs)), list(map(bytes, crowd.accounts))
    sides = [("blind.submission", "ref", refs), ("sealed.envelope", "ref", refs), ("named.roll", "account", accounts)]
    for table, key, truth in sides:
        assert met(truth, by_column(owner, table, XMIN, key)) >= 190
    assert met(refs, by_toast(owner, crowd)) >= 190
    crowd.close()
    assert closing.finish(database, crowd.scene.keys, crowd.scene.board)
    for table, key, truth in sides:
        assert unlinked(truth, by_column(owner, table, XMIN, key))
        assert unlinked(truth, by_column(owner, table, CTID, key))
    assert unlinked(refs, by_toast(owner, crowd))
    owner.dispose()


@ON_POSTGRES
@pytest.mark.leak("L84")
@pytest.mark.vault("V01")
def test_without_the_rewrite_postgres_would_still_link(
    crowd: Crowd, owner: Engine, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leave(db: Session, board: object) -> int:
        return COUNT

    for module in (vault, equality, submission_service, closing.allocation):
        monkeypatch.setattr(module, "rewrite", leave)
    monkeypatch.setattr(closing, "_rewrite_roll", leave)
    crowd.close()
    assert closing.finish(database, crowd.scene.keys, crowd.scene.board)
    assert met(list(map(bytes, crowd.refs)), by_column(owner, "blind.submission", XMIN, "ref")) >= 190
    owner.dispose()
