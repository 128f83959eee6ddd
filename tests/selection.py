"""What an ordinary run leaves to the thorough one, `PANEL_TESTS=all`: it has ten minutes on two cores.

An ordinary run drives every test on SQLite. On PostgreSQL it leaves out what another test asks of that database anyway:

- pages, whose verbs have tests of their own on both, and which the blindness check walks on PostgreSQL too;
- all values but the first of a test with many;
- tests marked `thorough`, which are long, and say why they may be left out.

Of a test marked `whole` no value is left out: each asks the database something else.
"""

import os
from collections.abc import Iterator

import pytest

THOROUGH = os.environ.get("PANEL_TESTS") == "all"


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what the thorough run alone takes."""
    if THOROUGH:
        return
    left = set(_left_out(items))
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    items[:] = [item for item in items if item not in left]


def _left_out(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    elsewhere = {_test(item) for item in items if _engine(item) == "sqlite"}
    met: set[str] = set()
    for item in items:
        if _engine(item) != "postgres" or _test(item) not in elsewhere or item.get_closest_marker("whole"):
            continue
        if "page" in item.path.stem or item.get_closest_marker("thorough") or _test(item) in met:
            yield item
        met.add(_test(item))


def _engine(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    return str(callspec.params.get("engine_kind", "")) if callspec else ""


def _test(item: pytest.Item) -> str:
    """The test function, whatever its values."""
    return item.nodeid.partition("[")[0]
