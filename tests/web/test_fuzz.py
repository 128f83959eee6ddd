"""Every form with whatever a browser, a script or a broken line might send: no failure, no echo, nothing by halves.

`PANEL_FUZZ=200` sends each form that many requests.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit
from zlib import crc32

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from werkzeug.test import TestResponse

from panel.kernel import clock
from tests.walking import Door
from tests.web.fuzzing import Reached, Sender, raw
from tests.web.payloads import MARKER, Body, bodies, endless, plain
from tests.world import Visit

pytestmark = pytest.mark.long

EXAMPLES: Final = int(os.environ.get("PANEL_FUZZ", "2"))


@pytest.fixture
def sender(visit: Visit, tmp_path: Path) -> Iterator[Sender]:
    # one moment: nobody's sign-in runs out, however long it takes
    with clock.set_to(clock.now()), Sender.on(visit, tmp_path / "kept") as ready:
        yield ready


@pytest.mark.vault("V25")
def test_whatever_is_sent_to_a_form_nothing_fails_nothing_is_echoed_and_nothing_is_half_done(sender: Sender) -> None:
    reached = list(sender.reached())
    assert {found.door.endpoint for found in reached} == forms_of(sender.visit.app)
    for found in reached:
        for body in (plain([(name, MARKER) for name in found.fields]), endless(found.fields)):
            judge(found, sender, body)
        try_all(found, sender)


def forms_of(app: Flask) -> set[str]:
    """Every form of the URL map."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}


def try_all(found: Reached, sender: Sender) -> None:
    # else every form would be sent the same few
    @seed(crc32(found.door.endpoint.encode()))
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(bodies(found.fields))
    def send(body: Body) -> None:
        judge(found, sender, body)

    send()


def judge(found: Reached, sender: Sender, body: Body) -> None:
    response = sender.send(found.door, found.part, found.stage, data=body.data, content_type=body.kind)
    said = (found.door.endpoint, found.part, found.stage, response.status_code, body.kind, body.data[:300])
    assert response.status_code < 500, said
    assert raw(response) == [], said
    assert leads_here(response.headers.get("Location", "")), said
    if response.status_code >= 400:
        assert sender.changed() == [], said
        return
    try:
        assert response.status_code not in range(300, 400) or shown_well(sender, found, response), said
    finally:
        sender.put_back()


def shown_well(sender: Sender, found: Reached, response: TestResponse) -> bool:
    """The page that the form leads to shows what was typed as it was typed."""
    after = sender.send(Door("", "GET", response.headers["Location"]), found.part, found.stage)
    return after.status_code < 500 and raw(after) == []


@pytest.mark.vault("V25")
def test_whatever_is_asked_of_a_page_nothing_fails_nothing_is_echoed_and_nothing_changes(sender: Sender) -> None:
    asked = [f"{name}={quote(MARKER)}%ff%00" for name in ("next", "done", "page", "who", "code", "course", "state")]
    query = "&".join([*asked, *["a[0][]=1"] * 300, "%zz%"])
    for door, part, stage in sender.pages():
        response = sender.send(door, part, stage, query_string=query)
        said = (door.endpoint, part, stage, response.status_code)
        assert response.status_code < 500, said
        assert raw(response) == [], said
        assert leads_here(response.headers.get("Location", "")), said
        assert sender.changed() == [], said


def leads_here(address: str) -> bool:
    parts = urlsplit(address)
    return not parts.netloc and not parts.scheme and not address.startswith(("//", "/\\"))
