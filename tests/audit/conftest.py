"""Records of a played board, to be checked and spoilt."""

from pathlib import Path

import pytest

from panel.board.lifecycle import Stage
from panel.named.oversight.service import take_record
from tests.world import World


@pytest.fixture(scope="session")
def records(world: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The record of a board at each stage that has one; and under "named" that of a published board with its names."""
    folder = tmp_path_factory.mktemp("records")
    wanted = {stage.value: (stage, False) for stage in world.boards if stage.reached(Stage.LOCKED)}
    found = {}
    with world.copied(folder / "copy") as visit:
        for name, (stage, names) in {**wanted, "named": (Stage.PUBLISHED, True)}.items():
            with visit.database.writing() as db:
                board = visit.boards[stage].board
                made = take_record(db, visit.config.keys, board, None, "system", names=names)
            found[name] = folder / f"{name}.zip"
            found[name].write_bytes(made.to_zip())
    return found
