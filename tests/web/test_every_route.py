"""Every route, for every part, at every stage: no 500, complete headers, and nothing that the part may not meet."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from panel.blindcheck.findings import Findings
from panel.blindcheck.parts import Visitor
from panel.blindcheck.rules import Part
from panel.blindcheck.scanner import Scanner
from panel.blindcheck.walk import WRONG, Walk
from panel.board.lifecycle import Stage
from panel.config import ROOT
from panel.named.unsealing.process import in_this_process
from panel.playing.company import Member
from tests.selection import THOROUGH
from tests.servers import PostgresServer
from tests.walking import Door, doors
from tests.web.rights import WRITING, Found, row, sign, table
from tests.world import STAGES, Visit, World

pytestmark = pytest.mark.long

#: Which candidate of the board is which part.
CANDIDATES = {"candidate": 0, "another candidate": 1}
#: What nobody reaches in a played board, since it takes more than there is in one; and the test that does reach it.
UNREACHED = {
    "GET accounts.authenticator_qr": "named/accounts/test_second_step.py::"
    "test_the_qr_code_and_the_secret_are_there_only_while_they_wait",
    "GET accounts.security_txt": "named/accounts/test_well_known.py::test_it_is_there_once_somebody_is_named",
    "GET marking.flagged_seed": "blind/marking/test_seeds.py::test_a_flagged_seed_waits_until_the_chair_has_looked",
    "GET marking.watch": "blind/marking/test_pausing.py::test_the_pages_of_a_pause",
    "GET merit.confirm": "blind/merit/test_amend_pages.py::"
    "test_two_leaders_put_a_score_right_and_every_page_shows_both",
    "GET submissions.text": "blind/submissions/test_pages.py::test_one_text_can_be_left_from_its_own_page",
    "GET unsealing.early_name": "named/unsealing/test_early_pages.py::test_the_sitting_by_hand",
    "POST register.give_attempt": "named/register/test_register.py::test_hr_gives_another_attempt_to_whom_none_is_left",
    **dict.fromkeys(
        ("GET marking.go_on", "GET marking.held_up"),
        "blind/marking/test_pausing.py::test_the_pages_of_a_pause",
    ),
    **dict.fromkeys(
        ("GET accounts.set_password", "POST accounts.set_password"),
        "named/accounts/test_links.py::test_an_invited_person_sets_a_password_and_signs_in",
    ),
    **dict.fromkeys(
        ("GET accounts.recovery_codes", "POST accounts.recovery_codes"),
        "named/accounts/test_second_step_demanded.py::test_new_recovery_codes_end_the_old_ones_and_ask_for_a_step_up",
    ),
    **dict.fromkeys(
        ("GET accounts.remove_authenticator", "POST accounts.remove_authenticator"),
        "named/accounts/test_second_step_demanded.py::test_the_only_way_is_not_given_up_while_a_part_asks_for_one",
    ),
    **dict.fromkeys(
        ("GET accounts.remove_passkey", "POST accounts.remove_passkey"),
        "named/accounts/test_passkeys.py::test_several_have_names_and_each_is_removed_alone",
    ),
}


@pytest.fixture(scope="module")
def restored(world: World, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """The world on PostgreSQL, restored once: it is walked through stage by stage, and each test changes its board."""
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with world.on_postgres(tmp_path_factory.mktemp("restored") / "world", server) as there:
        yield there


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)] if THOROUGH else ["sqlite"])
def walked(request: pytest.FixtureRequest) -> Visit:
    """A copy of the world; in a thorough run the world on PostgreSQL as well, which is not copied for each test."""
    found: Visit = request.getfixturevalue("visit" if request.param == "sqlite" else "restored")
    return found


def ask(client: FlaskClient, door: Door, form: str = "") -> TestResponse:
    """`form`: as a browser sends it. Thousands of requests send the same one, which is written once."""
    if door.method == "GET":
        return client.get(door.path)
    return client.post(door.path, data=form, content_type="application/x-www-form-urlencoded")


def token(client: FlaskClient) -> str:
    page = client.get("/help").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', page)
    return found[1] if found else ""


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.vault("V02")
@pytest.mark.vault("V03")
@pytest.mark.vault("V25")
@pytest.mark.leak("L21")
@pytest.mark.leak("L24")
@pytest.mark.leak("L58")
def test_no_page_fails_for_anyone_or_shows_what_the_part_may_not_meet(walked: Visit, stage: Stage) -> None:
    visit = walked
    season = replace(visit.boards[stage], database=visit.database)
    findings = Findings()
    walk = Walk(visit.app, season, stage, Scanner(season.canaries()), findings)
    found = Found(stage, season.board)
    for part, member in (visit.cast(stage) | _strangers(visit, stage)).items():
        client, visitor = visit.client(member), Visitor(Part(part), member, CANDIDATES.get(part))
        for door in _distinct(visit, stage, "GET"):
            response = ask(client, door)
            found.note(part, door, response)
            walk.look(visitor, door, response)
            assert response.status_code in {200, 302, 303, 404, 409}, (part, door, response.status_code)
    assert [str(each) for each in sorted(findings.found)] == []
    assert found.differing() == []


@pytest.mark.vault("V02")
@pytest.mark.vault("V25")
@pytest.mark.parametrize("stage", STAGES)
def test_no_form_fails_when_it_is_sent_empty_or_wrong(walked: Visit, stage: Stage) -> None:
    with in_this_process(walked.config):  # a start of Python for every form about a key would cost minutes
        send_every_form(walked, stage)


def send_every_form(visit: Visit, stage: Stage) -> None:
    found = Found(stage, visit.boards[stage].board)
    for part, member in (visit.cast(stage) | _strangers(visit, stage)).items():
        shut: set[Door] = set()
        for form in ({}, WRONG) if stage is Stage.MARKING else (WRONG,):
            client = visit.client(member)
            sent = urlencode({**form, "csrf_token": token(client)})
            # who does not reach a form does not reach it with another content either
            for door in [each for each in _asked(part, stage, _forms(visit, stage)) if each not in shut]:
                response = ask(client, door, sent)
                assert response.status_code < 500, (part, door, response.status_code)
                found.note(part, door, response)
                shut |= {door} if sign(part, door, response) == "-" else set()
    assert found.differing() == []


@pytest.mark.vault("V02")
def test_every_route_has_its_row_and_every_row_its_route(app: Flask) -> None:
    routes = {
        f"{method} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        for method in {"GET", "POST"} & (rule.methods or set())
        if rule.endpoint not in {"static", "accounts.sign_out"}
    }
    assert routes == set(table())


def test_a_row_that_nobody_reaches_says_why() -> None:
    unreached = {name for name, parts in table().items() if not any("+" in signs for signs in parts.values())}
    assert unreached == set(UNREACHED)
    for why in UNREACHED.values():
        path, _, test = why.partition("::")
        assert f"def {test}(" in (ROOT / "tests" / path).read_text(), why


def _strangers(visit: Visit, stage: Stage) -> dict[str, Member]:
    """At one stage in an ordinary run: what who has no part on the board is refused, they are refused by that."""
    return visit.strangers(stage) if THOROUGH or stage is Stage.MARKING else {}


def _asked(part: str, stage: Stage, forms: list[Door]) -> list[Door]:
    """Who reaches a form at no stage tries it at one in an ordinary run, and at every stage in a thorough one."""
    if THOROUGH or WRITING or stage is Stage.MARKING:
        return forms
    rows = table()
    return [door for door in forms if part in rows[row(door)]]


def _forms(visit: Visit, stage: Stage) -> list[Door]:
    """What ends the session is left out; what takes a task from its marker comes when nothing else asks for it."""
    forms = [door for door in _distinct(visit, stage, "POST") if door.endpoint != "accounts.sign_out"]
    return sorted(forms, key=lambda door: door.endpoint == "marking.recognise")


def _distinct(visit: Visit, stage: Stage, method: str) -> Iterator[Door]:
    """Every door to the board; what is about no board at one stage alone, since it cannot tell one from another."""
    board = str(visit.boards[stage].board)
    return (door for door in doors(visit, stage, method) if stage is Stage.MARKING or board in door.path)


@pytest.mark.leak("L99")
def test_hr_meets_the_names_after_the_unsealing(visit: Visit) -> None:
    stage = Stage.UNSEALED
    client = visit.client(visit.company(stage).hr)
    page = unescape(client.get(f"/results/{visit.boards[stage].board}/list").get_data(as_text=True))
    assert all(who.name in page for who in visit.company(stage).candidates)


@pytest.mark.leak("L19")
@pytest.mark.leak("L20")
def test_a_markers_pages_hold_no_ref_number_or_person_id(visit: Visit) -> None:
    from sqlalchemy import select  # noqa: PLC0415 - read here only to plant what must not be seen

    from panel.blind.submissions.models import SubmissionRow  # noqa: PLC0415 - as above

    stage = Stage.MARKING
    with visit.database.reading() as db:
        rows = db.execute(
            select(SubmissionRow.ref, SubmissionRow.number)
            .where(SubmissionRow.board == visit.boards[stage].board)
            .order_by(SubmissionRow.ref)
        ).all()
    people = visit.company(stage)
    everyone = (*people.candidates, *people.markers)
    secret = [str(part) for ref, number in rows for part in (ref, int(number))]
    secret += [str(each) for who in everyone for each in (who.account, who.marker)]
    client = visit.client(people.markers[0])
    seen = 0
    for door in doors(visit, stage, "GET"):
        if door.endpoint.split(".")[0] not in {"marking", "training"} or door.endpoint == "training.script":
            continue
        said = ask(client, door).get_data(as_text=True)
        seen += "Score" in said
        assert not [each for each in secret if each in said], door
    assert seen


@pytest.mark.vault("V25")
def test_a_form_from_nowhere_is_refused_and_nothing_is_lost(visit: Visit) -> None:
    client = visit.client(visit.company(Stage.OPEN).candidates[0])
    board = visit.boards[Stage.OPEN].board
    mine = "A long answer that took me all evening to write and that I would hate to lose."
    response = client.post(f"/applications/{board}/details", data={"name": mine})
    assert response.status_code == 400
    assert mine in response.get_data(as_text=True)
    response = client.post(
        f"/applications/{board}/details", data={"csrf_token": token(client)}, headers={"Origin": "https://evil.example"}
    )
    assert response.status_code == 400


@pytest.mark.vault("V25")
def test_strangers_are_led_to_sign_in_alike(visit: Visit) -> None:
    client = visit.client(None)
    for door in doors(visit, Stage.MARKING, "GET"):
        response = ask(client, door)
        guarded = response.status_code == 302
        assert not guarded or response.headers["Location"].startswith("/sign-in"), door
