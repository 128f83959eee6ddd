"""What the tables themselves promise: no order of arrival, no clock, no path between the sides."""

import subprocess
import sys

import pytest
from sqlalchemy import CheckConstraint, Date, DateTime, Integer, LargeBinary, Sequence, Table, Time
from sqlalchemy.orm import DeclarativeBase

from migrations.catalogue import load_models
from panel.config import ROOT
from panel.kernel.ids import AccountId, MarkerId
from panel.kernel.tables import BASES, BlindBase, IdType, NamedBase, OpenBase, SealedBase

load_models()

TABLES = [table for base in BASES for table in base.metadata.sorted_tables]
#: Named tables that live outside any board: nothing in them is written while a candidate lodges.
PERSONAL_WORDS = ("name", "email", "staff", "phone", "station", "unit", "gender", "ethnic", "adjust", "length")


def of(*bases: type[DeclarativeBase]) -> list[Table]:
    return [table for base in bases for table in base.metadata.sorted_tables]


def test_there_are_tables_in_every_room() -> None:
    assert all(base.metadata.tables for base in BASES)


def test_table_names_are_unique_across_rooms() -> None:
    names = [table.name for table in TABLES]
    assert len(names) == len(set(names))


@pytest.mark.leak("L18")
@pytest.mark.leak("L82")
def test_no_table_keeps_the_order_of_arrival() -> None:
    for table in of(NamedBase, SealedBase, BlindBase):
        assert table.dialect_options["sqlite"]["with_rowid"] is False, table.name
        keys = [
            column for column in table.primary_key if isinstance(column.type, Integer) and len(table.primary_key) == 1
        ]
        assert not keys, table.name
        assert not any(isinstance(column.default, Sequence) or column.identity for column in table.columns), table.name


@pytest.mark.leak("L43")
@pytest.mark.leak("L44")
def test_blind_and_sealed_tables_hold_no_time_finer_than_a_date() -> None:
    for table in [*of(SealedBase, BlindBase), NamedBase.metadata.tables["named.roll"]]:
        clocks = [column.name for column in table.columns if isinstance(column.type, DateTime | Time)]
        assert not clocks, table.name
        assert not any(column.server_default for column in table.columns if isinstance(column.type, Date)), table.name


@pytest.mark.leak("L08")
@pytest.mark.leak("L61")
def test_the_only_people_in_blind_tables_are_marker_ids() -> None:
    for table in of(BlindBase):
        people = {
            column.name: column.type.kind
            for column in table.columns
            if isinstance(column.type, IdType) and column.type.kind in {AccountId, MarkerId}
        }
        assert AccountId not in people.values(), table.name


@pytest.mark.leak("L38")
@pytest.mark.leak("L57")
@pytest.mark.leak("L76")
def test_blind_tables_describe_no_person() -> None:
    for table in of(BlindBase):
        told = [column.name for column in table.columns if column.name in PERSONAL_WORDS]
        assert not told, (table.name, told)


@pytest.mark.leak("L92")
def test_foreign_keys_stay_inside_their_room() -> None:
    for table in TABLES:
        for key in table.foreign_keys:
            assert key.column.table.schema == table.schema, (table.name, key.target_fullname)


_WANDERER = """
from sqlalchemy import LargeBinary
from sqlalchemy.orm import configure_mappers, mapped_column, relationship
from migrations.catalogue import load_models
from panel.kernel.tables import BlindBase
load_models()
class Wanderer(BlindBase):
    __tablename__ = "wanderer"
    id = mapped_column(LargeBinary(16), primary_key=True)
    account = relationship("Account")
configure_mappers()
"""


@pytest.mark.leak("L75")
def test_a_relationship_across_rooms_fails() -> None:
    # in a process of its own: a mapper that failed spoils every later one
    command = [sys.executable, "-c", _WANDERER]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "expression 'Account' failed to locate a name" in ended.stderr


def test_every_check_has_a_name() -> None:
    for table in TABLES:
        for rule in table.constraints:
            if isinstance(rule, CheckConstraint):
                assert rule.name, table.name


@pytest.mark.leak("L93")
def test_envelopes_have_one_length_by_check() -> None:
    for name in ("envelope", "equality_envelope"):
        rules = SealedBase.metadata.tables[f"sealed.{name}"].constraints
        checks = [str(rule.sqltext) for rule in rules if isinstance(rule, CheckConstraint)]
        assert any("2160" in check for check in checks), name


def test_ids_are_stored_as_their_bytes() -> None:
    assert all(isinstance(IdType(kind).impl_instance, LargeBinary) for kind in (AccountId, MarkerId))


def test_open_room_hides_who_a_marker_is() -> None:
    assert OpenBase.metadata.tables["open.person"].info["blind_hidden"]
