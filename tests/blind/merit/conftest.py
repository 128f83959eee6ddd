"""A board whose marks are locked: what the tests of amendments begin with."""

import pytest
from sqlalchemy.orm import Session

from tests.blind.merit.locked import locked
from tests.blind.scene import Scene


@pytest.fixture
def scene(db: Session) -> Scene:
    """Four submissions, locked."""
    scene = Scene.marking(db, candidates=4)
    locked(scene)
    return scene
