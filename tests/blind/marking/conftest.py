"""The application with the blind pages alone, and people at them."""

from collections.abc import Callable

import pytest
from flask import Flask

from panel.kernel.database import Database
from panel.kernel.ids import MarkerId
from tests.blind.moderation.visitors import Visitor, visit
from tests.blind.scene import Scene

Enter = Callable[[MarkerId], Visitor]


@pytest.fixture
def enter(app: Flask, database: Database) -> Enter:
    """Sign a person of the scene in."""
    return lambda marker: visit(app, database, marker)


@pytest.fixture
def board(database: Database) -> Scene:
    """A board in marking, committed."""
    with database.writing() as db:
        return Scene.marking(db)
