"""Anything at any time, over a board's whole life: no name before lock, panel and quorum; nothing out of step."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text

from panel.playing.season import Season
from tests.named.unsealing.life import Life
from tests.named.unsealing.stage import Stage, play
from tests.servers import PostgresServer

#: How many lives each engine plays. PostgreSQL, where a copy of a database takes a while, plays a fifth of them.
EXAMPLES = int(os.environ.get("PANEL_EXAMPLES", "15"))
STEPS = 25


@pytest.mark.vault("V05")
@pytest.mark.leak("L99")
def test_no_name_is_open_before_lock_panel_and_quorum_whatever_people_do(
    engine_kind: str,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    played: dict[tuple[str, str], Season],
) -> None:
    server = request.getfixturevalue("postgres_server") if engine_kind == "postgres" else None
    for point in ("drafted", "locked"):
        if (engine_kind, point) not in played:
            played[engine_kind, point] = play(tmp_path_factory.mktemp(f"played-{point}"), server, point)
    folder, names = tmp_path_factory.mktemp("lives"), count()

    def begun(point: str) -> tuple[Stage, Callable[[], None]]:
        return copy(played[engine_kind, point], folder / f"life{next(names)}", server, point)

    life = type("AnyLife", (Life,), {"begun": staticmethod(begun), "done": {}})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        life,
        settings=settings(
            max_examples=EXAMPLES if server is None else max(EXAMPLES // 5, 3),
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],  # making a life shorter takes minutes; the steps of the one that failed are shown
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    if server is None:
        assert {"apply", "begin", "release", "from open", "from unsealed"} <= life.done.keys(), life.done


def copy(template: Season, folder: Path, server: PostgresServer | None, point: str) -> tuple[Stage, Callable[[], None]]:
    """A copy of a board to play on, and what throws it away."""
    shutil.copytree(template.config.instance, folder)
    config = replace(template.config, instance=folder)
    if server is not None:
        with server.admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {folder.name} TEMPLATE panel_{point}"))
            connection.execute(text(f"REVOKE TEMPORARY ON DATABASE {folder.name} FROM PUBLIC"))
        config = server.config(config, folder.name)
    database = config.database()
    known = replace(template.passphrases, sheets=dict(template.passphrases.sheets))
    season = replace(template, config=config, database=database, passphrases=known)

    def undo() -> None:
        database.dispose()
        shutil.rmtree(folder)
        if server is not None:
            with server.admin.connect() as connection:
                connection.execute(text(f"DROP DATABASE {folder.name} WITH (FORCE)"))

    return Stage(config, database, season), undo
