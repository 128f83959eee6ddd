"""A board in moderation and people at it."""

from collections.abc import Callable

import pytest
from flask import Flask

from panel.kernel.database import Database
from panel.kernel.ids import MarkerId
from tests.blind.moderation.visitors import Visitor, visit

Enter = Callable[[MarkerId], Visitor]


@pytest.fixture
def enter(app: Flask, database: Database) -> Enter:
    """Sign a person of the scene in."""
    return lambda marker: visit(app, database, marker)
