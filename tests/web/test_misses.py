"""A page that one may not see answers as if what it is about were not there: same status, same body, same headers."""

import secrets
from collections.abc import Iterator
from typing import Any, Final

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import MapAdapter
from werkzeug.test import TestResponse

from panel.board.lifecycle import Stage
from panel.kernel.ids import Code, Id, Number
from tests.selection import THOROUGH
from tests.walking import Door, doors
from tests.web.rights import NOBODY, row, table
from tests.web.test_every_route import token
from tests.world import STAGES, Visit

STAGE: Final = Stage.MARKING
#: An ordinary run asks as one with no part anywhere, and one with a part on the board: guards are the same for all.
PARTS: Final = ("newcomer", "marker")
#: Parameters that choose among a few words of ours, and name no thing.
WORDS: Final = {"part", "change", "role", "kind"}


@pytest.mark.vault("V02")
@pytest.mark.leak("L21")
def test_what_one_may_not_see_looks_like_what_is_not_there(visit: Visit) -> None:
    everybody = visit.cast(STAGE) | visit.strangers(STAGE)
    asked = 0
    for part in [each for each in everybody if each != "nobody"] if THOROUGH else PARTS:
        client = visit.client(everybody[part])
        sent = {"csrf_token": token(client)}
        for door in _shut(visit, part):
            there = said(client, door, door.path, sent)
            for absent in _absent(visit.app.url_map.bind("localhost"), door):
                assert said(client, door, absent, sent) == there, (part, door, absent)
                asked += 1
    assert asked > 100 * len(PARTS)


def said(client: FlaskClient, door: Door, path: str, sent: dict[str, str]) -> tuple[int, bytes, list[tuple[str, str]]]:
    answer: TestResponse = client.open(path, method=door.method, data=sent if door.method == "POST" else None)
    assert "csrf_token" not in answer.text, "the body may differ by nothing"
    return answer.status_code, answer.data, sorted(answer.headers)


def _shut(visit: Visit, part: str) -> Iterator[Door]:
    known, place = table(), STAGES.index(STAGE)
    for door in doors(visit, STAGE, "GET", "POST"):
        if row(door) in known and known[row(door)].get(part, NOBODY)[place] == "-":
            yield door


def _absent(adapter: MapAdapter, door: Door) -> Iterator[str]:
    """The same address with one thing, or all, that are nowhere."""
    endpoint, found = adapter.match(door.path, method=door.method)
    nowhere = {name: _none(value) for name, value in found.items() if name not in WORDS}
    for changed in [{name: value} for name, value in nowhere.items()] + ([nowhere] if len(nowhere) > 1 else []):
        yield adapter.build(endpoint, {**found, **changed}, method=door.method)


def _none(value: Any) -> Any:
    if isinstance(value, Id):
        return type(value)(secrets.token_bytes(16))
    if isinstance(value, Code):
        return type(value)("Z" * len(str(value)))
    return Number(999_999) if isinstance(value, Number) else 999 if isinstance(value, int) else "nothing-here"
