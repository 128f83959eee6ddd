"""`python -m tests.mutation [--share N] [--only WORD]`: break the vault, the log and the encoding, a change at a time.

Each mutant is tried in a copy of the tree against the tests mapped to its module, on SQLite. Prints who survived, and
ends with 1 if fewer than 95 in a hundred were killed, survivors explained in `survivors.toml` apart. `--share 20`
tries every twentieth mutant; `--first` says which.
"""

import argparse
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from panel.config import ROOT
from tests.mutation import running
from tests.mutation.bench import Bench, Tried
from tests.mutation.mapped import TESTS
from tests.mutation.mutants import Mutant, mutants

BAR: Final = 0.95
_EXPLAINED: Final = tomllib.loads(Path(__file__).with_name("survivors.toml").read_text())


def main() -> int:
    """Try the chosen mutants, print the survivors and the share that was killed."""
    asked = _arguments()
    chosen = [each for number, each in enumerate(_all(asked.only)) if number % asked.share == asked.first]
    running.load()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        for module in dict.fromkeys(module for module, _ in chosen):
            bench.measure(module)
        return _told(bench.tried(chosen))


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


def _told(tried: Iterable[Tried]) -> int:
    counted = Counter[str]()
    for module, mutant, killed in tried:
        why = _EXPLAINED.get(module, {}).get(mutant.place, "")
        counted["killed" if killed else "explained" if why else "unnoticed"] += 1
        if not killed:
            explained = f"  (explained: {why})" if why else ""
            print(f"survived  {module}:{mutant.line}  {mutant.place}{explained}", flush=True)
    share = 1 - counted["unnoticed"] / max(counted.total(), 1)
    told = f"{counted.total()} tried, {counted['killed']} killed, {counted['explained']} explained"
    print(f"{told}: {share:.1%}, the bar is {BAR:.0%}")
    return int(share < BAR)


if __name__ == "__main__":
    sys.exit(main())
