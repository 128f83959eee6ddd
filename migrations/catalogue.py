"""Every table of every room, gathered: what the migrated database must look like."""

import pkgutil
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.sql.schema import SchemaConst

import panel
from panel.kernel.tables import BASES, NAMING


def load_models() -> None:
    """Import every `models` module, so that each room's metadata is complete."""
    for module in pkgutil.walk_packages(panel.__path__, "panel."):
        if module.name.endswith(".models"):
            import_module(module.name)


@cache
def combined(*, schemas: bool) -> MetaData:
    """One metadata of all rooms, made once, to be read; without `schemas`, as SQLite has it."""
    load_models()
    every = MetaData(naming_convention=NAMING)
    for base in BASES:
        for table in base.metadata.sorted_tables:
            if schemas:
                table.to_metadata(every)
            else:
                # without the second argument a foreign key would still name the schema of the table it points to
                table.to_metadata(every, schema=None, referred_schema_fn=_blank)  # type: ignore[arg-type] # stub: no None
    return every


def _blank(*_all: object) -> Any:
    return SchemaConst.BLANK_SCHEMA
