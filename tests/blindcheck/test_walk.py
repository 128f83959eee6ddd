"""The check on both engines, cut to what a run of tests can afford; the command makes the whole of it.

The whole walk on SQLite, judged by the same rules, is that of `tests/web/test_every_route.py`.
"""

from pathlib import Path

import pytest

from panel.blindcheck.check import CONTROL, Report, blindcheck
from panel.blindcheck.rules import Part
from panel.board.lifecycle import Stage
from panel.config import Config
from tests.servers import PostgresServer, cheap

PARTS = (Part.CANDIDATE, Part.MARKER)


def run(config: Config, *stages: Stage, parts: tuple[Part, ...] = PARTS) -> Report:
    some = ("GET", "POST")
    return blindcheck(config, candidates=3, markers=4, criteria=1, stages=stages, parts=parts, methods=some, show=False)


@pytest.mark.vault("V03")
@pytest.mark.leak("L01")
@pytest.mark.leak("L19")
@pytest.mark.leak("L21")
@pytest.mark.leak("L24")
@pytest.mark.leak("L30")
@pytest.mark.leak("L58")
@pytest.mark.leak("L64")
@pytest.mark.leak("L79")
@pytest.mark.leak("L80")
def test_nothing_is_where_it_must_not_be(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    installed = Config(instance=instance, trusted_hosts=("boards.force.example",), durable=False)
    report = run(installed, Stage.OPEN, Stage.MARKING)
    assert list(report.lines())[:-1] == []
    assert report.looked_through > 800
    assert not instance.exists()


@pytest.mark.postgres
@pytest.mark.leak("L21")
@pytest.mark.leak("L58")
def test_nothing_is_where_it_must_not_be_on_postgres(postgres_server: PostgresServer, tmp_path: Path) -> None:
    with postgres_server.fresh(cheap(tmp_path)) as config:
        report = run(config, Stage.MODERATION, parts=(Part.CHAIR,))
    assert list(report.lines())[:-1] == []


def test_the_control_covers_every_family_on_both_sides() -> None:
    assert {family for _stage, _part, family in CONTROL} == {"who", "what", "code"}
    assert {part for _stage, part, _family in CONTROL} >= {Part.HR, *PARTS, Part.CHAIR, Part.AUDITOR}
