"""Records of a played board, to be checked and spoilt."""

import os
from pathlib import Path

import pytest

from panel.board.lifecycle import Stage
from panel.named.oversight.service import take_record
from tests.world import World


@pytest.fixture(scope="session")
def records(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The record of a board at each stage that has one; and under "named" that of a published board with its names.

    `PANEL_RECORDS` names a folder that keeps them from one run to the next.
    """
    kept = Path(os.environ.get("PANEL_RECORDS") or tmp_path_factory.mktemp("records") / "made")
    if not kept.exists():
        making = tmp_path_factory.mktemp("making")
        _make(request.getfixturevalue("world"), making, tmp_path_factory.mktemp("visit") / "copy")
        making.rename(kept)
    return {file.stem: file for file in kept.iterdir()}


def _make(world: World, folder: Path, copy: Path) -> None:
    wanted = {stage.value: (stage, False) for stage in world.boards if stage.reached(Stage.LOCKED)}
    with world.copied(copy) as visit:
        for name, (stage, names) in {**wanted, "named": (Stage.PUBLISHED, True)}.items():
            with visit.database.writing() as db:
                board = visit.boards[stage].board
                made = take_record(db, visit.config.keys, board, None, "system", names=names)
            (folder / f"{name}.zip").write_bytes(made.to_zip())
