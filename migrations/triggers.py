"""Triggers of both databases, made anew after every migration: they stop mistakes, as the log catches administrators.

The log only grows; an envelope is never altered, nor a leaf that the close kept; from the close on roll and envelopes
lose and gain no row; no release exists before the lock, and no ceremony at another stage than its own, nor does what it
is for ever change; what somebody took back does not come back, for then her name would be opened with the others; and
from the lock on nothing that the marks root binds can change. An amendment stands beside it, and is never changed or
taken away.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from migrations.refusal import Refusal, Tables, found, make
from panel.board.lifecycle import RUNNING, UNOPENED, Stage

_LOCKED: Final = (Stage.LOCKED, Stage.UNSEALED, Stage.PUBLISHED)
_OPENED: Final = (Stage.UNSEALED, Stage.PUBLISHED)
_EVER_AFTER: Final = (*_LOCKED, Stage.ARCHIVED)
_CLOSED: Final = RUNNING[RUNNING.index(Stage.CLOSED) :]
_ENDED: Final = (Stage.ARCHIVED, Stage.CANCELLED)

#: What the marks root binds: by table, the columns that stay free, and the texts that archiving may destroy.
_BOUND: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "submission": (("state",), ("answers",)),
    "redaction": ((), ("answers", "reason")),
    "mark": ((), ("evidence",)),
    "mark_revision": ((), ("evidence",)),
    "sheet": ((), ()),
    "agreed_score": ((), ("reason",)),
    "merit_entry": ((), ()),
}
#: The key of each table whose rows are never replaced.
_KEYS: Final = {
    "log_head": ("log",),
    "log_entry": ("log", "seq"),
    "signed_head": ("log", "size"),
    "envelope": ("ref",),
    "equality_envelope": ("ref",),
    "amendment": ("board", "seq"),
    "lodged_leaf": ("board", "ref"),
}


def create(connection: Connection) -> None:
    """Drop and make every trigger."""
    drop(connection)
    tables = Tables(connection)
    for refusal in wanted(tables):
        make(tables, refusal)


def drop(connection: Connection) -> None:
    """Drop every trigger. Before a migration too: SQLite cannot rename a table that a trigger speaks of."""
    for name, table in found(connection).items():
        on = "" if connection.dialect.name == "sqlite" else f" ON {table}"
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"{on}')


def wanted(tables: Tables) -> tuple[Refusal, ...]:
    """Every trigger for the tables that the database has; while it migrates some may be missing."""
    parts = (_log, _envelopes, _leaves, _lodged, _roll, _taken_back, _ceremonies, _releases, _locked, _amendments)
    every = (refusal for part in parts for refusal in part(tables))
    # SQLite cannot truncate; and on PostgreSQL nothing replaces a row without asking
    other = "_truncate" if tables.sqlite else "_twice"
    return tuple(refusal for refusal in every if not refusal.name.endswith(other))


def _log(tables: Tables) -> Iterator[Refusal]:
    sentence = "the log only grows"
    for table in ("log_head", "log_entry", "signed_head"):
        if table in tables.by_name:
            yield from _never(table, ("DELETE", "TRUNCATE"), sentence)
            yield _not_twice(tables, table, sentence)
    for table in ("log_entry", "signed_head"):
        if table in tables.by_name:
            yield from _never(table, ("UPDATE",), sentence)
    if "log_head" in tables.by_name:
        skips = "NEW.log <> OLD.log OR NEW.size <> OLD.size + 1"
        yield Refusal("log_head_update", "log_head", "UPDATE", skips, "the log grows by one entry at a time")


def _envelopes(tables: Tables) -> Iterator[Refusal]:
    for table in ("envelope", "equality_envelope"):
        if table in tables.by_name:
            yield from _never(table, ("UPDATE",), "an envelope is never altered")
            yield _not_twice(tables, table, "an envelope is never altered")


def _leaves(tables: Tables) -> Iterator[Refusal]:
    """Written once, while the board is closed; let go of when it is cancelled or archived, and not before."""
    sentence = "what the close kept stays as it is"
    if "lodged_leaf" in tables.by_name:
        yield from _never("lodged_leaf", ("UPDATE", "TRUNCATE"), sentence)
        yield _not_twice(tables, "lodged_leaf", sentence)
        late = f"NOT {_stands(tables, 'NEW.board', (Stage.OPEN,))}"
        yield Refusal("lodged_leaf_insert", "lodged_leaf", "INSERT", late, sentence)
        kept = f"NOT {_stands(tables, 'OLD.board', _ENDED)}"
        yield Refusal("lodged_leaf_delete", "lodged_leaf", "DELETE", kept, sentence)


def _lodged(tables: Tables) -> Iterator[Refusal]:
    """The close counts these rows and binds them: none goes before the board is archived or cancelled, none comes."""
    sentence = "what was lodged stays from the close on"
    for table in ("roll", "envelope", "equality_envelope"):
        if table in tables.by_name:
            late, kept = _stands(tables, "NEW.board", (*_CLOSED, *_ENDED)), _stands(tables, "OLD.board", _CLOSED)
            yield Refusal(f"{table}_insert", table, "INSERT", late, sentence)
            yield Refusal(f"{table}_delete", table, "DELETE", kept, sentence)
            yield Refusal(f"{table}_truncate", table, "TRUNCATE", _any(tables, _CLOSED), sentence)


def _roll(tables: Tables) -> Iterator[Refusal]:
    """An entry is one person's for good; from the close on all that becomes of it is that she stands down, in time."""
    if "roll" in tables.by_name:
        yield from _never("roll", (_update_of(("id", "board", "account")),), "an entry of the roll stays whose it is")
        closed, in_time = (_stands(tables, "NEW.board", stages) for stages in ((*_CLOSED, *_ENDED), UNOPENED))
        lawful = f"OLD.state = 'applied' AND NEW.state = 'stood_down' AND {in_time}"
        other = f"NEW.state <> OLD.state AND {closed} AND NOT ({lawful})"
        sentence = "after the close one can only stand down"
        yield Refusal("roll_update_state", "roll", _update_of(("state",)), other, sentence)


def _taken_back(tables: Tables) -> Iterator[Refusal]:
    """What was withdrawn is named to nobody: it never comes back, nor does what was set aside."""
    if "submission" in tables.by_name:
        back = "NEW.state <> OLD.state AND (NEW.state = 'lodged' OR OLD.state = 'set_aside')"
        sentence = "what was taken back or set aside stays so"
        yield Refusal("submission_update_state", "submission", _update_of(("state",)), back, sentence)


def _ceremonies(tables: Tables) -> Iterator[Refusal]:
    """Opening is for a locked board; opening again, for one whose names are open and whose envelopes are there."""
    if "ceremony" in tables.by_name:
        first, later = (_stands(tables, "NEW.board", stages) for stages in ((Stage.LOCKED,), _OPENED))
        wrong = f"(NEW.occasion = 'opening' AND NOT {first}) OR (NEW.occasion <> 'opening' AND NOT {later})"
        yield Refusal("ceremony_insert", "ceremony", "INSERT", wrong, "the board is not at the stage of this ceremony")
        columns = [column.name for column in tables.by_name["ceremony"].columns if column.name != "state"]
        yield from _never("ceremony", (_update_of(columns),), "a ceremony is never about anything else")


def _releases(tables: Tables) -> Iterator[Refusal]:
    if "release" in tables.by_name:
        early = f"NOT {_stands(tables, 'NEW.board', _EVER_AFTER)}"
        yield Refusal("release_insert", "release", "INSERT", early, "no release before the lock")


def _locked(tables: Tables) -> Iterator[Refusal]:
    for table, (free, texts) in _BOUND.items():
        if {table, "submission"} <= tables.by_name.keys():
            bound = [c.name for c in tables.by_name[table].columns if c.name not in {*free, *texts}]
            for event in ("INSERT", "DELETE", _update_of(bound)):
                yield _frozen(tables, table, event, _EVER_AFTER)
            if texts:
                yield _frozen(tables, table, _update_of(texts), _LOCKED, suffix="_texts")
            yield Refusal(f"{table}_truncate", table, "TRUNCATE", _any(tables, _EVER_AFTER), "a board is locked")


def _amendments(tables: Tables) -> Iterator[Refusal]:
    if "amendment" in tables.by_name:
        sentence = "an amendment is never changed"
        columns = [column.name for column in tables.by_name["amendment"].columns if column.name != "reason"]
        yield from _never("amendment", ("DELETE", "TRUNCATE", _update_of(columns)), sentence)
        yield _not_twice(tables, "amendment", sentence)
        early = f"NOT {_stands(tables, 'NEW.board', _LOCKED)}"
        yield Refusal("amendment_insert", "amendment", "INSERT", early, "the board is not locked")
        kept = f"NOT {_stands(tables, 'OLD.board', (Stage.ARCHIVED,))}"
        yield Refusal("amendment_update_texts", "amendment", _update_of(("reason",)), kept, sentence)


def _frozen(tables: Tables, table: str, event: str, stages: tuple[Stage, ...], suffix: str = "") -> Refusal:
    kind = event.split(maxsplit=1)[0]
    rows = {"INSERT": ("NEW",), "DELETE": ("OLD",)}.get(kind, ("OLD", "NEW"))
    when = " OR ".join(_stands(tables, _board_of(tables, table, row), stages) for row in rows)
    return Refusal(f"{table}_{kind.lower()}{suffix}", table, event, when, "the board is locked")


def _never(table: str, events: tuple[str, ...], sentence: str) -> Iterator[Refusal]:
    for event in events:
        yield Refusal(f"{table}_{event.split(maxsplit=1)[0].lower()}", table, event, "1 = 1", sentence)


def _not_twice(tables: Tables, table: str, sentence: str) -> Refusal:
    """SQLite's REPLACE deletes the old row without asking its triggers; asked before the insert, it is found out."""
    same = " AND ".join(f"there.{column} = NEW.{column}" for column in _KEYS[table])
    when = f"EXISTS (SELECT 1 FROM {tables.sql(table)} there WHERE {same})"
    return Refusal(f"{table}_twice", table, "INSERT", when, sentence)


def _stands(tables: Tables, board: str, stages: tuple[Stage, ...]) -> str:
    return f"EXISTS (SELECT 1 FROM {tables.sql('board')} b WHERE b.id = {board} AND b.stage IN ({_listed(stages)}))"


def _any(tables: Tables, stages: tuple[Stage, ...]) -> str:
    return f"EXISTS (SELECT 1 FROM {tables.sql('board')} b WHERE b.stage IN ({_listed(stages)}))"


def _board_of(tables: Tables, table: str, row: str) -> str:
    if "board" in tables.by_name[table].columns:
        return f"{row}.board"
    return f"(SELECT s.board FROM {tables.sql('submission')} s WHERE s.ref = {row}.ref)"


def _listed(stages: tuple[Stage, ...]) -> str:
    return ", ".join(f"'{stage.value}'" for stage in stages)


def _update_of(columns: list[str] | tuple[str, ...]) -> str:
    return "UPDATE OF " + ", ".join(f'"{column}"' for column in columns)
