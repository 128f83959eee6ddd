"""The table of rights: what every route answers to every part at every stage, as `rights.toml` has it.

A row is a route and method; in it each part has a sign for every stage: `+` there, `!` there but refused at that stage,
`-` not there, or only after signing in. For forms, which change what is there, `+` alone says that the part reaches it.
`PANEL_RIGHTS=write` with the tests of `test_every_route.py` (one after the other, `-n 0`) writes what was found.
"""

import os
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Final

from werkzeug.test import TestResponse

from panel.board.lifecycle import Stage
from panel.kernel.ids import BoardId
from tests.walking import Door
from tests.world import STAGES

FILE: Final = Path(__file__).with_name("rights.toml")
NOBODY: Final = "-" * len(STAGES)

#: The table is not asked but written.
WRITING: Final = os.environ.get("PANEL_RIGHTS") == "write"

Rows = dict[str, dict[str, str]]


def table() -> Rows:
    """Route and method → part → a sign for each stage."""
    return tomllib.loads(FILE.read_text()) if FILE.exists() else {}


def row(door: Door) -> str:
    """The name of a route's row."""
    return f"{door.method} {door.endpoint}"


class Found:
    """What one walk at one stage found; of a route asked with several parameters, the most that it gave."""

    def __init__(self, stage: Stage, board: BoardId) -> None:
        self.stage, self.board = stage, str(board)
        self.boardless: set[str] = set()
        self.signs: dict[tuple[str, str], str] = defaultdict(lambda: "-")

    def note(self, part: str, door: Door, response: TestResponse) -> None:
        """One answer."""
        if self.board not in door.path:
            self.boardless.add(row(door))
        known = self.signs[row(door), part]
        self.signs[row(door), part] = max(known, sign(part, door, response), key="-!+".index)

    def differing(self) -> list[str]:
        """Where the table says something else, in words; or nothing, once it was written."""
        if WRITING:
            self._write()
        known, place = table(), STAGES.index(self.stage)
        return [
            f"{name} for {part} at {self.stage}: found {found}, table {said}"
            for (name, part), found in sorted(self.signs.items())
            if (said := known.get(name, {}).get(part, NOBODY if name in known else "?" * len(STAGES))[place]) != found
        ]

    def _write(self) -> None:
        rows, place = table(), STAGES.index(self.stage)
        for (name, part), found in self.signs.items():
            kept = rows.setdefault(name, {}).get(part, NOBODY)
            # what is about no board cannot tell one stage from another, and is asked at one alone
            everywhere = found * len(STAGES)
            rows[name][part] = everywhere if name in self.boardless else kept[:place] + found + kept[place + 1 :]
        lines = [f'"{name}" = {{ {_parts(rows[name])} }}' for name in sorted(rows)]
        head = f"# {', '.join(STAGES)}.\n# What the signs mean is said in rights.py. A part that is not named: never.\n"
        FILE.write_text(head + "\n".join(lines) + "\n")


def sign(part: str, door: Door, response: TestResponse) -> str:
    """What an answer means. Nobody's forms carry no token, so they get no further than that."""
    if response.status_code == 404 or response.headers.get("Location", "").startswith("/sign-in"):
        return "-"
    if part == "nobody" and response.status_code == 400:
        return "-"
    return "!" if response.status_code == 409 and door.method == "GET" else "+"


def _parts(parts: dict[str, str]) -> str:
    return ", ".join(f'"{part}" = "{signs}"' for part, signs in sorted(parts.items()) if signs != NOBODY)
