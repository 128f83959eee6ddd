"""Every table of every room, gathered: what the migrated database must look like."""

import pkgutil
from importlib import import_module

from sqlalchemy import MetaData

import panel
from panel.kernel.tables import BASES


def load_models() -> None:
    """Import every `models` module, so that each room's metadata is complete."""
    for module in pkgutil.walk_packages(panel.__path__, "panel."):
        if module.name.endswith(".models"):
            import_module(module.name)


def combined(*, schemas: bool) -> MetaData:
    """One metadata of all rooms; without `schemas`, as SQLite has it."""
    load_models()
    every = MetaData()
    for base in BASES:
        for table in base.metadata.sorted_tables:
            table.to_metadata(every, schema=table.schema if schemas else None)
    return every
