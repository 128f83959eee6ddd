"""Every route of the application, with parameters of a given board filled in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.routing import BuildError

from panel.access.queries import person_of
from panel.blind.allocation.models import TaskRow
from panel.blind.submissions.models import SubmissionRow, TextCheckRow
from panel.blind.training.models import CompletionRow, CourseRow, ScriptRow
from panel.blind.training.practice import panel_code
from panel.blind.training.purpose import Purpose
from panel.board.models import FrameworkRow
from panel.board.queries import board as board_of
from panel.kernel.ids import BoardId, InvitationId, MarkerId, Number, PasskeyId, ScriptId, TaskCode, TaughtId
from panel.named.register.models import TaughtRow
from panel.playing.season import Season

#: What a route is asked for where the board has no such thing yet.
_ABSENT = {
    "number": Number(Number.LOWEST),
    "code": TaskCode("0" * 12),
    "script": ScriptId(bytes(16)),
    "record": TaughtId(bytes(16)),
    "passkey": PasskeyId(bytes(16)),
}
#: Whose script is a seed.
_ABOUT_SEEDS: Final = {"training.edit_seed", "training.remove_seed", "marking.flagged_seed"}


@dataclass(frozen=True)
class Door:
    """One address and method."""

    endpoint: str
    method: str
    path: str


def doors(app: Flask, season: Season, *methods: str) -> Iterator[Door]:
    """Every route with its parameters taken from the played board (and from the system, where it has none)."""
    known = _parameters(season)
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        for values in _fillings(rule.arguments, rule.endpoint, known):
            try:
                path = adapter.build(rule.endpoint, values, method=next(iter(rule.methods or {"GET"})))
            except BuildError:
                continue
            yield from (Door(rule.endpoint, method, path) for method in methods if method in (rule.methods or ()))


def _fillings(names: set[str], endpoint: str, known: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    special: dict[tuple[str, str], list[Any]] = {
        ("help.page", "page"): ["sealed", "who-sees-what", "candidates", "markers", "accessibility", "privacy"],
        ("training.coach", "code"): known["member_code"],
    }
    if endpoint in _ABOUT_SEEDS:
        special[endpoint, "script"] = known["seed"]
    if endpoint.partition(".")[0] in {"courses", "register"}:
        special[endpoint, "change"] = ["remove"]
        special |= {(endpoint, "key"): known["course_key"], (endpoint, "code"): known["certificate"]}
    lists = {name: special.get((endpoint, name)) or known.get(name) or [_ABSENT.get(name, "none")] for name in names}
    longest = max((len(values) for values in lists.values()), default=1)
    for turn in range(longest):
        yield {name: values[turn % len(values)] for name, values in lists.items()}


def _task_of_each_criterion(db: Session, board: BoardId, marker: MarkerId) -> list[TaskCode]:
    """Some are not reached yet; what a marker may do is seen on one that is."""
    own = select(func.min(TaskRow.code)).where(TaskRow.board == board, TaskRow.marker == marker)
    return list(db.scalars(own.group_by(TaskRow.criterion).order_by(TaskRow.criterion)))


def _parameters(season: Season) -> dict[str, list[Any]]:
    board = season.board
    with season.database.reading() as db:
        marker = person_of(db, season.people.markers[0].account)

        def some(table: type[Any], column: Any, *where: Any) -> list[Any]:
            return list(db.scalars(select(column).where(*where).order_by(column).limit(2)))

        return {
            "board": [board],
            "code": [
                *_task_of_each_criterion(db, board, marker),
                *some(TextCheckRow, TextCheckRow.code, TextCheckRow.board == board),
            ],
            "number": some(SubmissionRow, SubmissionRow.number, SubmissionRow.board == board),
            "seed": some(ScriptRow, ScriptRow.id, ScriptRow.board == board, ScriptRow.purpose == Purpose.SEED),
            "record": some(TaughtRow, TaughtRow.id),
            "script": some(ScriptRow, ScriptRow.id, ScriptRow.board == board, ScriptRow.purpose == Purpose.PRACTICE),
            "course": some(CourseRow, CourseRow.id),
            "course_key": some(CourseRow, CourseRow.key),
            "certificate": some(CompletionRow, CompletionRow.certificate, CompletionRow.marker == marker),
            "framework": some(FrameworkRow, FrameworkRow.id),
            "marker": [marker],
            "token": [InvitationId(bytes(16))],
            "criterion": list(season.policy.keys),
            "key": list(season.policy.keys),
            "page": ["1", "2"],
            "kind": ["toml", "csv", "xlsx"],
            "part": ["chair", "marker", "custodian"],
            "change": ["give", "take"],
            "role": ["hr", "administrator"],
            "member_code": [panel_code(board_of(db, board).draw, marker).lower()],
        }
