"""Copies of the tree, and one mutant at a time in each."""

import compileall
import importlib.util
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from panel.config import ROOT
from tests.mutation import running
from tests.mutation.mapped import READS_RECORDS, TESTS
from tests.mutation.mutants import Mutant

WORKERS: Final = 2
Tried = tuple[str, Mutant, bool]


class Bench:
    """Where mutants are tried."""

    def __init__(self, folder: Path) -> None:
        self._records = folder / "records"
        self._trees = [_copied(folder / str(number)) for number in range(WORKERS)]
        self._seconds: dict[str, int] = {}

    def measure(self, module: str) -> None:
        """Run a module's tests without a mutant: what fails then would say nothing about one."""
        process = self._start(self._trees[0], module)
        _, status, used = os.wait4(process, 0)
        if status:
            raise SystemExit(f"The tests of {module} fail as it is.")
        self._seconds[module] = 5 + 3 * int(used.ru_utime + used.ru_stime)

    def tried(self, chosen: Iterable[tuple[str, Mutant]]) -> Iterator[Tried]:
        """Every mutant, and whether a test failed; their modules are measured."""
        waiting, free, busy = iter(chosen), [*self._trees], dict[int, tuple[Path, str, Mutant]]()
        while True:
            while free and (each := next(waiting, None)):
                tree, (module, mutant) = free.pop(), each
                (tree / module).write_text(mutant.source)
                busy[self._start(tree, module)] = tree, module, mutant
            if not busy:
                return
            process, status = os.wait()
            tree, module, mutant = busy.pop(process)
            shutil.copy(ROOT / module, tree / module)
            free.append(tree)
            yield module, mutant, status != 0

    def _start(self, tree: Path, module: str) -> int:
        kept = {"PANEL_RECORDS": str(self._records)} if module in READS_RECORDS else {}
        settings = {"PANEL_MUTATIONS": "90", **kept}
        return running.start(tree, TESTS[module], settings, self._seconds.get(module, running.SECONDS))


def _copied(tree: Path) -> Path:
    wanted = ("panel", "tests", "migrations", "templates", "pyproject.toml", "README.md")
    for name in wanted:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, tree / name)
    compileall.compile_dir(tree, quiet=2, force=True)
    for module in TESTS:
        Path(importlib.util.cache_from_source(str(tree / module))).unlink()
    return tree
