"""Leaks planted on purpose: each is found, with its place. A check that reports nothing is worth what these are."""

import logging
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask, Response
from sqlalchemy import text

from panel import installation
from panel.blindcheck import places
from panel.blindcheck.canaries import Canary, Family, Kind
from panel.blindcheck.check import CONTROL, Report, _demand_control, _demand_whole_walk
from panel.blindcheck.findings import Finding, Findings
from panel.blindcheck.parts import Visitor
from panel.blindcheck.planting import Planted
from panel.blindcheck.routes import Door
from panel.blindcheck.rules import Part
from panel.blindcheck.scanner import Scanner
from panel.blindcheck.walk import Walk
from panel.board.lifecycle import Stage
from panel.kernel import clock
from panel.named.accounts import posting
from panel.named.unsealing.process import in_this_process
from panel.playing.stopwatch import Stopwatch
from tests.servers import cheap

NAME = "Wexólda O'Brimvax"
CANARIES = (
    Canary(0, Kind.NAME, NAME),
    Canary(0, Kind.EMAIL, "wexolda@brimvax.example"),
    Canary(0, Kind.ANSWER, "gwlbrkptzn"),
    Canary(0, Kind.TASK, "7QX2M9KTVB4E", holder="other"),
)
LEAKS = {
    "aria-label": f'<a href="/" aria-label="{NAME}">x</a>',
    "alt": f'<img src="/static/x" alt="{NAME}">',
    "title": f'<p title="{NAME}">x</p>',
    "hidden span": f'<span class="govuk-visually-hidden">{NAME}</span>',
    "comment": f"<!-- {NAME} -->",
    "details": f"<details><summary>x</summary>{NAME}</details>",
    "hidden": f"<p hidden>{NAME}</p>",
    "not displayed": f'<p style="display:none">{NAME}</p>',
    "page title": f"<title>{NAME}</title>",
    "escaped": "<p>Wex&oacute;lda O&#39;Brimvax</p>",
    "script": '<script>x = "Wex\\u00f3lda O\\u0027Brimvax"</script>',
    "address": '<a href="/x?who=Wex%C3%B3lda+O%27Brimvax">x</a>',
    "surname": "<p>BRIMVAX</p>".replace("BRIMVAX", "O'BRIMVAX"),
    "another's task": "<p>7QX2-M9KT-VB4E</p>",
}


def judged(answer: Response, part: Part = Part.MARKER, stage: Stage = Stage.MARKING) -> set[Finding]:
    """What a walk says of one answer."""
    app = Flask("twin", static_folder=None)
    app.add_url_rule("/", "home", lambda: answer)
    for header, value in {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}.items():
        answer.headers.setdefault(header, value)
    answer.headers["Content-Security-Policy"] = "default-src 'none'"
    findings = Findings()
    walk = Walk(app, cast(Planted, None), stage, Scanner(CANARIES), findings)
    walk.look(Visitor(part), Door("marking.home", "GET", "/panel"), app.test_client().get("/"))
    return {found for found in findings.found if "no route of ours" not in found.what}


@pytest.mark.leak("L22")
@pytest.mark.leak("L23")
@pytest.mark.leak("L21")
@pytest.mark.parametrize("leak", LEAKS)
def test_a_name_anywhere_on_a_blind_page_is_found_with_its_place(leak: str) -> None:
    found = judged(Response(f"<h1>Marking</h1>{LEAKS[leak]}"))
    assert {each.place for each in found} == {"marking, marker, GET /panel"}
    assert all("of candidate 1" in each.what for each in found)
    assert judged(Response("<h1>Marking</h1>")) == set()


def test_headers_cookies_and_what_is_packed_are_looked_through() -> None:
    for header in ("X-Trace", "Set-Cookie", "Location"):
        found = judged(Response("", headers={header: "brimvax=wexolda@brimvax.example"}))
        assert any("in headers" in each.what for each in found), header
    assert judged(Response("{}", headers={"ETag": "abc"})) == {
        Finding("marking, marker, GET /panel", "it has ETag, by which a browser asks for it again")
    }


def test_what_may_be_met_is_no_finding_and_both_sides_on_one_page_are() -> None:
    assert judged(Response("gwlbrkptzn")) == set()
    assert judged(Response(NAME), Part.HR) == set()
    both = {each.what for each in judged(Response(f"{NAME} gwlbrkptzn"), Part.HR)}
    assert "who candidate 1 is stands beside what she wrote or a code of hers" in both


def test_a_link_out_of_the_map_or_out_of_the_house_is_found() -> None:
    app = Flask("twin", static_folder=None)
    app.add_url_rule("/", "home", lambda: '<a href="/gone">x</a><a href="//evil.example/">y</a><a href="/?x=1">z</a>')
    findings = Findings()
    walk = Walk(app, cast(Planted, None), Stage.OPEN, Scanner(()), findings)
    walk.look(Visitor(Part.NOBODY), Door("home", "GET", "/"), app.test_client().get("/"))
    told = {each.what for each in findings.found if "link" in each.what}
    assert told == {f"a link leads to no route of ours: {link}" for link in ("/gone", "//evil.example/")}


@pytest.mark.leak("L32")
def test_what_a_page_loads_from_elsewhere_is_found_and_so_is_a_policy_that_lets_it() -> None:
    told = set()
    for tag in (
        "<iframe src='https://evil.example/'>",
        "<object data=//evil.example/>",
        '<img\nsrc = "//evil.example/">',
    ):
        walk, findings = walking(lambda: tag)  # noqa: B023 - asked for at once
        walk.look(Visitor(Part.NOBODY), Door("home", "GET", "/"), walk.app.test_client().get("/"))
        told |= {each.what for each in findings.found if "link" in each.what}
    assert told == {
        f"a link leads to no route of ours: {link}" for link in ("https://evil.example/", "//evil.example/")
    }
    open_to = Response(
        "", headers={"Content-Security-Policy": "default-src 'none'; script-src 'self' https://evil.example"}
    )
    walk, findings = walking(lambda: open_to)
    walk.look(Visitor(Part.NOBODY), Door("home", "GET", "/"), walk.app.test_client().get("/"))
    assert "the Content-Security-Policy allows more than what is ours" in {each.what for each in findings.found}


def walking(view: Callable[[], Any]) -> tuple[Walk, Findings]:
    app, findings = Flask("twin", static_folder=None), Findings()
    app.add_url_rule("/", "home", view)
    return Walk(app, cast(Planted, None), Stage.OPEN, Scanner(()), findings), findings


@pytest.mark.leak("L79")
def test_a_search_that_finds_nothing_where_it_should_and_a_route_left_out_are_findings() -> None:
    findings = Findings()
    _demand_control({stage for stage, _, _ in CONTROL}, tuple(Part), findings)
    assert len(findings.found) == len(CONTROL)
    app = Flask("twin", static_folder=None)
    app.add_url_rule("/", "home", lambda: "")
    _demand_whole_walk(app, [Part.CHAIR], ["GET"], findings)
    assert Finding("routes", "chair did not visit GET home") in findings.found


def test_a_report_says_how_it_stands() -> None:
    bad = Report(7, (Finding("place", "what"),))
    assert list(bad.lines()) == ["place: what", "7 answers looked through. 1 things are not as they must be."]
    assert not bad.blind
    assert Report(7, ()).blind


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    config = cheap(tmp_path_factory.mktemp("planted"))
    installation.prepare(config)
    season = Planted(config, config.database(), Stopwatch(), clock.now())
    with clock.set_to(season.moment), in_this_process(config):
        season.play(candidates=3, markers=4, criteria=1, until=Stage.CLOSED)
        yield season
    season.database.dispose()


@pytest.fixture
def scanner(played: Planted) -> Scanner:
    return Scanner(played.canaries())


def rows(season: Planted, scanner: Scanner) -> Findings:
    findings = Findings()
    places.look_through_rows(season, Stage.CLOSED, scanner, findings)
    return findings


@pytest.mark.leak("L30")
@pytest.mark.leak("L58")
def test_a_row_that_holds_what_its_room_may_not_is_found(played: Planted, scanner: Scanner) -> None:
    whole = rows(played, scanner)
    assert whole.found == set()
    assert whole.met >= {("table named", Family.WHO), ("table blind", Family.WHAT), ("table sealed", Family.CODE)}
    with played.database.writing() as db:
        before = db.execute(text("SELECT title FROM board WHERE id <> zeroblob(16)")).scalar_one()
        title = text("UPDATE board SET title = :title WHERE id <> zeroblob(16)")
        db.execute(title, {"title": played.particulars[1].staff_no})
    found = rows(played, scanner).found
    with played.database.writing() as db:
        db.execute(title, {"title": before})
    assert found == {Finding("closed, table open.board", "staff number of candidate 2 (as it is)")}


@pytest.mark.leak("L01")
def test_a_mail_that_says_more_than_whom_it_is_to_is_found(
    played: Planted, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(_database: Any, transport: Any) -> None:
        mail = EmailMessage()
        mail["To"], mail["Subject"] = played.particulars[0].email, "Changed"
        mail.set_content(f"Dear {played.particulars[2].preferred}")
        transport.deliver(mail)

    monkeypatch.setattr(posting, "send", send)
    findings = Findings()
    places.look_through_mail(played, Stage.CLOSED, scanner, findings)
    assert {each.place for each in findings.found} == {"closed, mail 'Changed'"}
    assert {each.what.split(" (")[0] for each in findings.found} == {"preferred name of candidate 3"}
    assert ("mail", Family.WHO) in findings.met


def test_a_stray_file_and_a_named_one_are_found(played: Planted, scanner: Scanner, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "pepper").write_text(played.words[0][0])
    (tmp_path / "debug.log").write_text("nothing")
    findings = Findings()
    places.look_through_files(tmp_path, Stage.CLOSED, scanner, findings)
    assert findings.found == {
        Finding("closed, file debug.log", "no service writes such a file"),
        Finding("closed, file keys/pepper", "word of an answer of candidate 1 (as it is)"),
    }


@pytest.mark.leak("L64")
def test_a_log_line_that_names_is_found_whoever_wrote_it(played: Planted, scanner: Scanner) -> None:
    findings = Findings()
    with places.listening(Stage.CLOSED, scanner, findings):
        logging.getLogger("panel").error("%s", NAME)
        logging.getLogger("panel").error("failure", extra={"error": played.particulars[0].station})
        logging.getLogger("elsewhere").warning("no such user: %s", played.particulars[1].email)
    told = {each.what.split(" (")[0] for each in findings.found}
    assert told == {"station of candidate 1", "email address of candidate 2", "user name of candidate 2"}


def test_initials_in_random_bytes_are_nobodys_and_text_in_bytes_is_read() -> None:
    assert places._bytes(b"\xff TO \x00") == b"ff20544f2000"
    assert b"gwlbrkptzn" in places._bytes(b"gwlbrkptzn")
