"""Every route of the application, with parameters of a board of the world filled in."""

from collections.abc import Iterator
from dataclasses import replace

from panel.blindcheck import routes
from panel.blindcheck.routes import Door
from panel.board.lifecycle import Stage
from tests.world import Visit

__all__ = ["Door", "doors"]


def doors(visit: Visit, stage: Stage, *methods: str) -> Iterator[Door]:
    """Every route with its parameters taken from the board at that stage, as it stands in this copy of the world."""
    return routes.doors(visit.app, replace(visit.boards[stage], database=visit.database), *methods)
