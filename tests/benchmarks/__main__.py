"""`python -m tests.benchmarks [WORD]`: every module `bench_*.py` offers rows; exit code 1 if one misses its bar."""

import sys
from importlib import import_module
from pathlib import Path

from tests.benchmarks.table import Row, drawn


def main(word: str = "") -> int:
    """Run those whose name holds the word, and print the table."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py") if word in path.stem)
    rows: list[Row] = [row for name in names for row in import_module(f"tests.benchmarks.{name}").rows()]
    print(drawn(rows))
    return int(any(row.met is False for row in rows))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
