"""Anything at any time, over a board's whole life: no name before lock, panel and quorum; nothing out of step."""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from panel.playing.season import Season
from tests.named.unsealing.ground import standing
from tests.named.unsealing.life import Life
from tests.named.unsealing.stage import play

#: How many lives each engine plays. PostgreSQL, where a copy of a database takes a while, plays a fifth of them.
EXAMPLES = int(os.environ.get("PANEL_EXAMPLES", "8"))
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
    folder = tmp_path_factory.mktemp("life") / "instance"
    with standing(folder, server, "panel_life") as ground:
        life = type("AnyLife", (Life,), {"begun": lambda _, point: ground.put(played[engine_kind, point]), "done": {}})
        run_state_machine_as_test(  # type: ignore[no-untyped-call]
            life,
            settings=settings(
                max_examples=EXAMPLES if server is None else max(EXAMPLES // 5, 3),
                stateful_step_count=STEPS,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[
                    Phase.generate
                ],  # making a life shorter takes minutes; the steps of the one that failed are shown
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
    if server is None:
        assert {"apply", "begin", "release", "from open", "from unsealed"} <= life.done.keys(), life.done
