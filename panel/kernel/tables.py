"""One declarative base per room, the column types all rooms share, and what the blind role may do with a table."""

from typing import Any, Final

from sqlalchemy import Integer, LargeBinary, MetaData, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from panel.kernel.ids import Code, Id, Number

ROOMS: Final = ("open", "named", "sealed", "blind")

#: How constraints and indexes are called when a model does not say.
NAMING: Final = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class OpenBase(DeclarativeBase):
    """Tables of board, audit and access. The blind role reads them; more only where `blind_may` says so."""

    metadata = MetaData(schema="open", naming_convention=NAMING)


class NamedBase(DeclarativeBase):
    """Tables that know who. The blind role has no right on any of them."""

    metadata = MetaData(schema="named", naming_convention=NAMING)


class SealedBase(DeclarativeBase):
    """Tables that hold who, locked. The blind role has no right on any of them."""

    metadata = MetaData(schema="sealed", naming_convention=NAMING)


class BlindBase(DeclarativeBase):
    """Tables that never know who."""

    metadata = MetaData(schema="blind", naming_convention=NAMING)


BASES: Final[tuple[type[DeclarativeBase], ...]] = (OpenBase, NamedBase, SealedBase, BlindBase)

#: Last in `__table_args__` of every table that people or answers live in: no rowid to tell the order of arrival.
UNORDERED: Final[dict[str, Any]] = {"sqlite_with_rowid": False}


def blind_may(*rights: str, columns: tuple[str, ...] = ()) -> dict[str, Any]:
    """Table `info`: what the blind role may do beside SELECT: "insert", "update" (of `columns` only), "delete"."""
    return {"blind_rights": frozenset(rights), "blind_columns": frozenset(columns)}


def hidden_from_blind() -> dict[str, Any]:
    """Table `info`: an open table that the blind role may not even read."""
    return {"blind_hidden": True}


class IdType(TypeDecorator[Id]):
    """A typed identifier, stored as its 16 bytes."""

    impl = LargeBinary(16)
    cache_ok = True

    def __init__(self, kind: type[Id] = Id) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Id | None, dialect: Dialect) -> bytes | None:
        return None if value is None else bytes(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Id | None:
        return None if value is None else self.kind(bytes(value))


class CodeType(TypeDecorator[Code]):
    """A random code, stored without its hyphens."""

    impl = String(20)
    cache_ok = True

    def __init__(self, kind: type[Code]) -> None:
        super().__init__(kind.LENGTH)
        self.kind = kind

    def process_bind_param(self, value: Code | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Code | None:
        # what was checked when it was written is not parsed again: a marker's queue holds hundreds
        return None if value is None else str.__new__(self.kind, value)


class NumberType(TypeDecorator[Number]):
    """A six-digit number."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Number | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Number | None:
        return None if value is None else Number(value)


class Bytes(LargeBinary):
    """Raw bytes: digests, keys, sealed things."""

    inherit_cache = True
