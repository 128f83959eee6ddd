"""What a browser saves as a file is asked for again by everybody else: an address alone opens nothing."""

from collections.abc import Iterator
from typing import Final

import pytest

from panel.access.actor import Actor
from panel.board.lifecycle import Stage
from panel.config import ROOT
from panel.playing.company import Member
from panel.web.sessions import TokenSession
from tests.walking import Door, doors
from tests.world import Visit

OWN: Final = {"candidate", "another candidate"}
#: Every download, when it is there, and who may have it. A receipt is asked for with a code, which is tried elsewhere.
FILES: Final[dict[str, tuple[Stage, set[str]]]] = {
    "courses.export": (Stage.PUBLISHED, {"HR"}),
    "intake.heads": (Stage.PUBLISHED, OWN),
    "marking.shares_file": (Stage.MARKING, {"chair", "deputy"}),
    "oversight.take_named_record": (Stage.PUBLISHED, {"HR"}),
    "oversight.take_record": (Stage.PUBLISHED, {"HR", "chair", "deputy", "auditor"}),
    "register.export": (Stage.PUBLISHED, {"HR"}),
    "results.export": (Stage.PUBLISHED, {"HR"}),
    "results.own_letter": (Stage.PUBLISHED, OWN),
    "setup.export": (Stage.PUBLISHED, {"HR"}),
}
#: What does not go by the part at all: whose account it is, or whom no candidate has declared.
BY_WHO_SHE_IS: Final = {"intake.heads", "marking.shares_file", "results.own_letter"}
#: Where files are made: a new place needs its row above.
MAKERS: Final = {
    *("blind/marking/views/dealing.py", "named/courses/views/blueprint.py", "named/intake/views/blueprint.py"),
    *("named/oversight/views.py", "named/register/views.py", "named/results/views/blueprint.py"),
    "named/setup/views/frameworks.py",
}


def saved(visit: Visit, *parts: str) -> Iterator[tuple[str, str]]:
    """Which of them each part is given, or these parts alone."""
    for stage in (Stage.MARKING, Stage.PUBLISHED):
        some = [each for each in doors(visit, stage, "GET", "POST") if FILES.get(each.endpoint, ("",))[0] is stage]
        for part, member in (visit.cast(stage) | visit.strangers(stage)).items():
            if not parts or part in parts:
                yield from ((each.endpoint, part) for each in some if _saves(visit, member, each))


def _saves(visit: Visit, member: Member | None, door: Door) -> bool:
    client = visit.client(member)
    token = client.get_cookie("panel")
    headers = {"X-CSRF-Token": TokenSession(token.value).csrf_token()} if token else {}
    answer = client.open(door.path, method=door.method, headers=headers)
    file = answer.headers.get("Content-Disposition", "").startswith("attachment")
    assert file or answer.status_code in {302, 400, 404}, (door, answer.status_code)
    return file


@pytest.mark.leak("L28")
def test_no_address_of_a_file_opens_to_anybody_else(visit: Visit) -> None:
    assert set(saved(visit)) == {(endpoint, part) for endpoint, (_, parts) in FILES.items() for part in parts}


@pytest.mark.leak("L28")
def test_with_every_guard_open_that_is_seen(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Actor, "may", lambda *_: True)
    assert {endpoint for endpoint, _ in saved(visit, "newcomer")} == set(FILES) - BY_WHO_SHE_IS


@pytest.mark.leak("L28")
def test_every_place_that_makes_a_file_is_known() -> None:
    found = {path for path in (ROOT / "panel").rglob("*.py") if "Content-Disposition" in path.read_text()}
    assert {str(path.relative_to(ROOT / "panel")) for path in found} == MAKERS
