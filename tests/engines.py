"""Every test has engines of its own; what they have learnt of a kind of database is learnt once a process."""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.util import LRUCache

from panel.kernel import database

_met: dict[str, Dialect] = {}
#: Statements that were put into words for a dialect: as many as the whole application says.
_worded: LRUCache[Any, Any] = LRUCache(5_000)
_make = database._engine


def word_statements_once() -> None:
    """An engine forgets with its test what it put into SQL; a sixth of each test goes into putting it so again."""
    database._engine = _sharing


def _sharing(url: URL, side: str, *, durable: bool) -> Engine:
    engine = _make(url, side, durable=durable)
    if engine.name not in _met:
        # a dialect asks the database about itself when it is first connected
        engine.connect().close()
        _met[engine.name] = engine.dialect
    engine.dialect = _met[engine.name]
    engine.update_execution_options(compiled_cache=_worded)
    return engine
