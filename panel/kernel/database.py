"""Two engines over one database: `named` with all rights, `blind` with none on the named and sealed rooms."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.orm import Session

from panel.kernel.authorizer import authorize_blind
from panel.kernel.errors import Misconfigured
from panel.kernel.tables import ROOMS

Side = Literal["named", "blind"]

#: Sessions that will write say so when they begin, because SQLite cannot upgrade a reader safely.
_WRITES: Final = "panel_writes"
_PRAGMAS: Final = ("journal_mode=WAL", "secure_delete=ON", "foreign_keys=ON", "busy_timeout=30000")


class Database:
    """The two engines of one installation. A process of one side holds only that side's engine."""

    def __init__(self, named: str | URL | None, blind: str | URL | None, *, durable: bool = True) -> None:
        """Addresses as SQLAlchemy URLs; either may be None in a process of the other side.

        `durable`: whether SQLite waits until the disk holds a transaction, so that it survives a loss of power.
        """
        self._urls = {"named": named and make_url(named), "blind": blind and make_url(blind)}
        self._engines = {side: _engine(url, side, durable=durable) for side, url in self._urls.items() if url}

    @classmethod
    def sqlite(cls, path: Path, *, durable: bool = True) -> "Database":
        """One SQLite file for both sides."""
        url = f"sqlite:///{path}"
        return cls(url, url, durable=durable)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the one-file, one-machine kind."""
        return any(engine.dialect.name == "sqlite" for engine in self._engines.values())

    @property
    def default_side(self) -> Side:
        """The side for what belongs to neither: named, or blind in a process that has only that."""
        return "named" if "named" in self._engines else "blind"

    def engine(self, side: Side) -> Engine:
        """Raises Misconfigured in a process that has no credentials for that side."""
        if side not in self._engines:
            raise Misconfigured(f"This process has no database address for the {side} side.")
        return self._engines[side]

    def session(self, side: Side, *, writes: bool) -> Session:
        """A session the caller closes. With `writes` an SQLite transaction begins IMMEDIATE."""
        return Session(self.engine(side).execution_options(**{_WRITES: writes}), expire_on_commit=False)

    @contextmanager
    def reading(self, side: Side = "named") -> Iterator[Session]:
        """A session that is rolled back at the end."""
        with self.session(side, writes=False) as session:
            yield session

    @contextmanager
    def writing(self, side: Side = "named") -> Iterator[Session]:
        """A session that commits at the end of the block, or rolls back if it raises."""
        with self.session(side, writes=True) as session, session.begin():
            yield session

    def dispose(self) -> None:
        """Close every pooled connection."""
        for engine in self._engines.values():
            engine.dispose()


def _engine(url: URL, side: str, *, durable: bool) -> Engine:
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, side, durable=durable)
    return create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=5, max_overflow=10)


def _sqlite_engine(url: URL, side: str, *, durable: bool) -> Engine:
    pragmas = (*_PRAGMAS, f"synchronous={'FULL' if durable else 'OFF'}")
    engine = create_engine(
        url,
        hide_parameters=True,
        execution_options={"schema_translate_map": dict.fromkeys(ROOMS)},
        connect_args={"isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").fetchall()
        if side == "blind":
            connection.set_authorizer(authorize_blind)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
