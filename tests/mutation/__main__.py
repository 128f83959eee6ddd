"""`python -m tests.mutation [--share N] [--only WORD]`: break the vault, the log and the encoding, a change at a time.

Each mutant is tried in a copy of the tree against the tests mapped to its module, on SQLite. Prints who survived, and
ends with 1 if fewer than 95 in a hundred were killed, survivors explained in `survivors.toml` apart. `--share 20`
tries every twentieth mutant; `--first` says which.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from panel.config import ROOT
from tests.mutation.mutants import Mutant, mutants

BAR: Final = 0.95
WORKERS: Final = 2
_EXPLAINED: Final = tomllib.loads(Path(__file__).with_name("survivors.toml").read_text())
_VAULT: Final = "tests/sealed/vault"
_AUDIT: Final = "tests/audit"
#: Module to the tests that ought to notice.
TESTS: Final[dict[str, tuple[str, ...]]] = {
    "panel/kernel/encoding.py": ("tests/kernel/test_encoding.py",),
    "panel/sealed/vault/envelope.py": (f"{_VAULT}/test_envelope.py",),
    "panel/sealed/vault/sharing.py": (f"{_VAULT}/test_sharing.py", "tests/golden"),
    "panel/sealed/vault/custody.py": (f"{_VAULT}/test_custody.py", "tests/golden"),
    "panel/sealed/vault/identity.py": (f"{_VAULT}/test_opening.py", "tests/named/intake/test_split.py"),
    "panel/sealed/vault/opening.py": (f"{_VAULT}/test_opening.py", "tests/golden"),
    "panel/sealed/vault/queries.py": (f"{_VAULT}/test_service.py", "tests/named/unsealing/test_reach.py"),
    "panel/sealed/vault/service.py": (f"{_VAULT}/test_service.py", "tests/named/unsealing/test_keys.py"),
    "panel/audit/merkle.py": (f"{_AUDIT}/test_merkle.py", f"{_AUDIT}/test_proofs.py"),
    "panel/audit/proofs.py": (f"{_AUDIT}/test_proofs.py",),
    "panel/audit/entry.py": (f"{_AUDIT}/test_bodies.py", f"{_AUDIT}/test_log.py"),
    "panel/audit/heads.py": (f"{_AUDIT}/test_heads.py",),
    "panel/audit/replay.py": (f"{_AUDIT}/test_log.py",),
    "panel/audit/service.py": (f"{_AUDIT}/test_log.py", f"{_AUDIT}/test_append_race.py"),
    "panel/audit/queries.py": (f"{_AUDIT}/test_log.py", f"{_AUDIT}/test_heads.py"),
    "panel/audit/verifier.py": (f"{_AUDIT}/test_verifier.py", "tests/golden"),
}
_SECONDS: Final = 240
Tried = tuple[str, Mutant, bool]


def main() -> int:
    """Try the chosen mutants, print the survivors and the share that was killed."""
    asked = _arguments()
    chosen = [each for number, each in enumerate(_all(asked.only)) if number % asked.share == asked.first]
    with tempfile.TemporaryDirectory() as folder:
        trees: SimpleQueue[Path] = SimpleQueue()
        for number in range(WORKERS):
            trees.put(_copied(Path(folder) / str(number)))
        with ThreadPoolExecutor(WORKERS) as pool:
            tried = list(pool.map(lambda each: _try(trees, *each), chosen))
    return _told(tried)


def _arguments() -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m tests.mutation")
    reader.add_argument("--share", type=int, default=1, help="try every Nth mutant")
    reader.add_argument("--first", type=int, default=0, help="which of every N, from 0")
    reader.add_argument("--only", default="", help="modules with this in their path")
    return reader.parse_args()


def _all(word: str) -> Iterator[tuple[str, Mutant]]:
    for module in TESTS:
        if word in module:
            yield from ((module, mutant) for mutant in mutants((ROOT / module).read_text()))


def _copied(tree: Path) -> Path:
    wanted = ("panel", "tests", "migrations", "templates", "pyproject.toml", "README.md")
    for name in wanted:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, tree / name)
    return tree


def _try(trees: "SimpleQueue[Path]", module: str, mutant: Mutant) -> Tried:
    tree = trees.get()
    before = (tree / module).read_text()
    try:
        (tree / module).write_text(mutant.source)
        return module, mutant, not _green(tree, TESTS[module])
    finally:
        (tree / module).write_text(before)
        trees.put(tree)


def _green(tree: Path, tests: tuple[str, ...]) -> bool:
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", "-m", "not postgres"]
    settings = {**os.environ, "PANEL_MUTATIONS": "90", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [*command, *tests], cwd=tree, env=settings, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _told(tried: list[Tried]) -> int:
    survived = [(module, mutant) for module, mutant, killed in tried if not killed]
    unexplained = [(module, mutant) for module, mutant in survived if mutant.place not in _EXPLAINED.get(module, {})]
    for module, mutant in survived:
        why = _EXPLAINED.get(module, {}).get(mutant.place, "")
        print(f"survived  {module}:{mutant.line}  {mutant.place}{f'  (explained: {why})' if why else ''}")
    share = 1 - len(unexplained) / len(tried) if tried else 1.0
    killed, explained = len(tried) - len(survived), len(survived) - len(unexplained)
    print(f"{len(tried)} tried, {killed} killed, {explained} explained: {share:.1%}, the bar is {BAR:.0%}")
    return int(share < BAR)


if __name__ == "__main__":
    sys.exit(main())
