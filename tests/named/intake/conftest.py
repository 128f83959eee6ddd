"""An open board, somebody who may apply to it, and her browser."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.config import Config
from panel.kernel.database import Database
from tests.named.intake.scene import Scene
from tests.named.intake.visitor import Visitor, visit


@pytest.fixture
def keys(config: Config) -> Path:
    return config.keys


@pytest.fixture
def scene(db: Session, keys: Path) -> Scene:
    return Scene.open(db, keys)


@pytest.fixture
def ada(scene: Scene) -> Person:
    return scene.person(name="Ada Okonjo-Szabó")


@pytest.fixture
def visitor(app: Flask, database: Database, scene: Scene, ada: Person) -> Visitor:
    return visit(app, database, scene, ada)
