"""The arrows hold; and for each of them a planted violation in a copy is found, so that keeping them says much."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from panel.config import ROOT

#: For each contract: the module to spoil, and the line that spoils it.
VIOLATIONS = {
    "floors": ("panel/kernel/clock.py", "import panel.board.lifecycle"),
    "blind": ("panel/blind/marking/scorecard.py", "import cryptography"),
    "doors": ("panel/named/results/service.py", "import panel.sealed.vault.envelope"),
    "pipeline": ("panel/blind/allocation/assignment.py", "import panel.blind.marking.scorecard"),
    "shelf": ("panel/blind/marking/models.py", "import panel.blind.marking.service"),
    "nouns": ("panel/blind/merit/merit_list.py", "import sqlalchemy"),
    "thin": ("panel/blind/moderation/views.py", "import panel.blind.moderation.models"),
    "verifier": ("panel/audit/verifier.py", "import panel.kernel.encoding"),
    "acyclic": ("panel/named/accounts/service.py", "import panel.named.results.service"),
}


pytestmark = pytest.mark.vault("V23")


def lint(where: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    return subprocess.run(
        [*command, "--no-cache", *arguments], cwd=where, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "panel", folder / "panel", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_every_contract_is_kept() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_planted_violation_is_found(contract: str, copy: Path) -> None:
    module, line = VIOLATIONS[contract]
    spoilt = copy / module
    before = spoilt.read_text()
    spoilt.write_text(f"{before}\n{line}\n")
    try:
        result = lint(copy, "--contract", contract)
    finally:
        spoilt.write_text(before)
    assert result.returncode == 1, result.stdout
    assert "BROKEN" in result.stdout


@pytest.mark.leak("L113")
@pytest.mark.parametrize("module", ["marking/scorecard.py", "moderation/answers.py", "merit/merit_list.py"])
def test_no_score_or_list_can_come_to_depend_on_the_figures_about_markers(module: str, copy: Path) -> None:
    spoilt = copy / "panel" / "blind" / module
    before = spoilt.read_text()
    spoilt.write_text(f"{before}\nimport panel.blind.consistency.severity\n")
    try:
        result = lint(copy, "--contract", "pipeline")
    finally:
        spoilt.write_text(before)
    assert result.returncode == 1, result.stdout
    assert "BROKEN" in result.stdout


def test_new_top_level_module_is_found(copy: Path) -> None:
    stray = copy / "panel" / "stray.py"
    stray.write_text('"""Has no place."""\n')
    try:
        result = lint(copy, "--contract", "floors")
    finally:
        stray.unlink()
    assert result.returncode == 1
    assert "stray" in result.stdout


def test_every_contract_has_a_planted_violation() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    ids = {line.split('"')[1] for line in text.splitlines() if line.startswith('id = "')}
    assert ids == set(VIOLATIONS)
