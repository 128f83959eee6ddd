"""Two hundred candidates and somebody who may read everything: she links them before the close, and not after it.

Some defences cover for one another: on SQLite a VACUUM puts rows in the order of their random refs whatever the close
wrote, and the rewrite leaves nothing in order for a VACUUM to hide. Such are switched off together.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from panel.config import Config
from panel.named.intake import closing
from panel.named.intake.draft import Draft
from tests.named.intake.adversary import strategies
from tests.named.intake.crowd import COUNT, Crowd, copied, empty_ahead, gather, prepared
from tests.named.intake.defences import (
    Switch,
    as_lodged,
    leave_deleted,
    no_rewrite,
    no_scrub,
    one_after_another,
    only_checkpoint,
    only_vacuum,
)
from tests.named.intake.linkage import Outcome
from tests.servers import PostgresServer

pytestmark = pytest.mark.long

ON_SQLITE = pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)
ON_POSTGRES = pytest.mark.parametrize(
    "engine_kind", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
Copies = Callable[[str], AbstractContextManager[Crowd]]
MANY = int(0.95 * COUNT)
#: Enough where a defence is off from the beginning, so that no crowd lodged before can be copied.
FEW = 60


@pytest.fixture(scope="module")
def gathered() -> dict[str, Crowd]:
    """Each engine's crowd: it takes seconds to lodge, and a moment to copy."""
    return {}


@pytest.fixture
def copies(
    engine_kind: str,
    gathered: dict[str, Crowd],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Copies:
    """Makes copies of the open board, each under a name of its own."""
    server: PostgresServer | None = None
    if engine_kind == "postgres":
        server = request.getfixturevalue("postgres_server")
    if engine_kind not in gathered:
        template = request.getfixturevalue("sqlite_template") if server is None else None
        gathered[engine_kind] = gather(prepared(tmp_path_factory.mktemp("crowd"), template, server))
    return lambda name: copied(gathered[engine_kind], tmp_path / name, server)


@pytest.fixture
def crowd(copies: Copies) -> Iterator[Crowd]:
    with copies("copy") as copy:
        yield copy


def outcomes(crowd: Crowd) -> dict[str, Outcome]:
    return {name: strategy.tried(crowd.wrote) for name, strategy in strategies(crowd).items()}


def closed(crowd: Crowd) -> Mapping[str, Outcome]:
    """What she makes of the board once it is closed and scrubbed."""
    crowd.close()
    assert closing.finish(crowd.database, crowd.scene.keys, crowd.scene.board)
    return outcomes(crowd)


def links(found: Mapping[str, Outcome]) -> set[str]:
    return {name for name, outcome in found.items() if outcome.links}


BEFORE = {
    "sqlite": (
        "watched, answers where drafts in a backup lay",
        "watched, answers in the write-ahead file",
    ),
    "postgres": (
        *(f"watched, xmin of {t}" for t in ("blind.submission", "sealed.envelope", "sealed.equality_envelope")),
        *(f"watched, ctid of {t}" for t in ("blind.submission", "sealed.envelope", "blind.exclusion")),
        *(f"watched, chunks of {t}" for t in ("blind.submission", "sealed.envelope", "sealed.equality_envelope")),
        *(f"{column} of roll and of {t}" for column in ("xmin", "ctid") for t in ("submissions", "envelopes")),
        "rows as read, roll and submissions",
        "watched, rows in the file",
        "roll in the file, rows in the file",
    ),
}


@pytest.mark.leak("L10")
@pytest.mark.leak("L82")
@pytest.mark.leak("L83")
@pytest.mark.leak("L84")
@pytest.mark.leak("L85")
@pytest.mark.leak("L86")
@pytest.mark.leak("L93")
@pytest.mark.vault("V01")
def test_what_is_readable_links_nearly_all_before_the_close_and_none_after_it(copies: Copies, engine_kind: str) -> None:
    with copies("before") as crowd:
        before = outcomes(crowd)
        if crowd.database.is_sqlite:
            empty_ahead(crowd.config)
            before |= {name: each for name, each in outcomes(crowd).items() if "write-ahead" not in name}
    assert len(before) >= 12
    assert {name: before[name].met for name in BEFORE[engine_kind] if before[name].met < MANY} == {}
    with copies("after") as crowd:
        suspects = links(closed(crowd))
    if suspects:  # chance passes the bounds once in thousands of runs, and never twice
        with copies("again") as crowd:
            suspects &= links(closed(crowd))
    assert suspects == set()


@ON_SQLITE
@pytest.mark.leak("L82")
@pytest.mark.vault("V01")
def test_while_the_board_is_open_rows_are_not_read_in_the_order_of_lodging(crowd: Crowd) -> None:
    found = outcomes(crowd)
    assert not found["rows as read, roll and submissions"].links
    assert not found["roll ids, refs"].links


def copies_left(crowd: Crowd) -> set[int]:
    """How often an answer is found in all files."""
    crowd.leave()
    files = [path.read_bytes() for path in crowd.config.instance.rglob("*") if path.is_file()]
    return {sum(data.count(mark) for data in files) for mark in crowd.marks}


@ON_SQLITE
@pytest.mark.leak("L88")
@pytest.mark.leak("L90")
@pytest.mark.vault("V01")
def test_after_the_close_each_answer_is_in_the_files_once(crowd: Crowd) -> None:
    closed(crowd)
    assert copies_left(crowd) == {1}


@ON_SQLITE
@pytest.mark.leak("L90")
@pytest.mark.vault("V01")
def test_without_secure_delete_and_vacuum_deleted_answers_would_be_left(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    for switch in (leave_deleted, only_checkpoint):
        switch(crowd, monkeypatch)
    closed(crowd)
    assert max(copies_left(crowd)) > 1


@ON_SQLITE
@pytest.mark.leak("L10")
@pytest.mark.leak("L83")
@pytest.mark.leak("L88")
@pytest.mark.leak("L90")
@pytest.mark.vault("V01")
@pytest.mark.parametrize(
    ("off", "strategy"),
    [
        pytest.param(
            (no_rewrite, only_checkpoint), "watched, answers where drafts in a backup lay", id="rewrite-and-vacuum"
        ),
        pytest.param((as_lodged, one_after_another), "watched, numbers", id="shuffle-and-deal"),
        pytest.param((no_scrub,), "watched, answers in the write-ahead file", id="scrub"),
        pytest.param((only_vacuum,), "watched, middle traces in the write-ahead file", id="checkpoint"),
    ],
)
def test_with_a_defence_of_sqlite_off_she_links(
    crowd: Crowd, off: tuple[Switch, ...], strategy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for switch in off:
        switch(crowd, monkeypatch)
    found = closed(crowd)
    assert found[strategy].links


@pytest.mark.leak("L94")
@pytest.mark.vault("V01")
def test_were_drafts_not_padded_their_lengths_in_a_backup_would_link(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    padded = Draft.plaintext
    monkeypatch.setattr(Draft, "plaintext", lambda draft, size: padded(draft, size).rstrip(b"\0"))
    crowd = gather(prepared(tmp_path, sqlite_template, None), FEW)
    found = outcomes(crowd)["drafts in a backup by length, answers by length"]
    crowd.leave()
    assert found.share >= 0.95


def with_rowids(config: Config, *tables: str) -> None:
    """The tables as SQLite makes them unless told otherwise."""
    connection = sqlite3.connect(config.sqlite_path or "")
    for table in tables:
        (made,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        assert "WITHOUT ROWID" in made
        connection.execute(f"DROP TABLE {table}")
        connection.execute(made.replace("WITHOUT ROWID", ""))
    connection.commit()
    connection.close()


@pytest.mark.leak("L82")
@pytest.mark.vault("V01")
def test_in_a_table_with_rowids_rows_would_be_read_in_the_order_of_lodging(
    sqlite_template: Path, tmp_path: Path
) -> None:
    config = prepared(tmp_path, sqlite_template, None)
    with_rowids(config, "submission", "roll")
    crowd = gather(config, FEW)
    found = outcomes(crowd)["rows as read, roll and submissions"]
    crowd.leave()
    assert found.share >= 0.95


@ON_POSTGRES
@pytest.mark.leak("L84")
@pytest.mark.vault("V01")
@pytest.mark.parametrize(
    ("off", "strategy"),
    [
        pytest.param((no_rewrite,), "xmin of roll and of submissions", id="rewrite"),
        pytest.param((as_lodged,), "ctid of roll and of submissions", id="shuffle"),
        pytest.param((as_lodged, one_after_another), "watched, numbers", id="shuffle-and-deal"),
        pytest.param((no_scrub,), "watched, rows in the file", id="scrub"),
    ],
)
def test_with_a_defence_of_postgres_off_she_links(
    crowd: Crowd, off: tuple[Switch, ...], strategy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for switch in off:
        switch(crowd, monkeypatch)
    assert closed(crowd)[strategy].links
