"""One entry of a log: how its body is written, and how it is read back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from panel.kernel.encoding import Json, canonical
from panel.kernel.errors import Malformed
from panel.kernel.ids import BoardId, MarkerId


def body(
    log: BoardId, seq: int, kind: str, *, actor: MarkerId | None, role: str, on: date, facts: Mapping[str, Json]
) -> bytes:
    """The canonical body of an entry: {actor, facts, kind, log, on, role, seq}."""
    return canonical(
        {
            "actor": None if actor is None else str(actor),
            "facts": facts,
            "kind": kind,
            "log": str(log),
            "on": on.isoformat(),
            "role": str(role),
            "seq": seq,
        }
    )


class UnreadableEntry(Malformed):
    """Somebody wrote into the log by another route."""


@dataclass(frozen=True)
class Stored:
    """An entry as the table holds it."""

    seq: int
    body: bytes
    leaf: bytes


@dataclass(frozen=True)
class Entry:
    """An entry as its body reads; `stored` keeps the bytes."""

    stored: Stored
    written_seq: int
    log: BoardId
    kind: str
    actor: MarkerId | None
    role: str
    on: date
    facts: Mapping[str, Json]

    @classmethod
    def read(cls, stored: Stored) -> Self:
        """Raises UnreadableEntry if the body is not one that `body` wrote."""
        try:
            return cls(stored, **_read(stored.body))
        except (ValueError, KeyError, TypeError, Malformed) as error:
            raise UnreadableEntry(f"Entry {stored.seq} cannot be read.") from error


def _read(raw: bytes) -> dict[str, Any]:
    found = json.loads(raw)
    return {
        "written_seq": int(found["seq"]),
        "log": BoardId.parse(found["log"]),
        "kind": str(found["kind"]),
        "actor": None if found["actor"] is None else MarkerId.parse(found["actor"]),
        "role": str(found["role"]),
        "on": date.fromisoformat(found["on"]),
        "facts": dict(found["facts"]),
    }
