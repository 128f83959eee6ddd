"""Who may take a board's record, at which stage; and the comparing of a head on the auditor's page."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from panel.audit import queries as audit
from panel.board.lifecycle import Stage
from panel.board.queries import board as board_of
from panel.kernel import clock
from panel.kernel.ids import BoardId
from tests.audit.forging import opened as unzipped
from tests.world import Visit

LOCKED = (Stage.LOCKED, Stage.UNSEALED, Stage.PUBLISHED, Stage.ARCHIVED)
PARTS = ("nobody", "candidate", "marker", "chair", "deputy", "custodian", "HR", "auditor")


def may(part: str, stage: Stage, *, names: bool) -> bool:
    """The rule of who may have it."""
    if names:
        return part == "HR" and stage in {Stage.UNSEALED, Stage.PUBLISHED}
    if part in {"HR", "chair", "deputy"}:
        return stage in LOCKED[1:]
    return part == "auditor" and stage in LOCKED


def send(client: FlaskClient, path: str, **form: str) -> tuple[int, bytes]:
    page = client.get("/help").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([0-9a-f]+)"', page)
    answer = client.post(path, data={"csrf_token": token[1] if token else "", **form})
    return answer.status_code, answer.get_data()


@pytest.mark.leak("L28")
@pytest.mark.leak("L62")
def test_the_record_is_for_the_auditor_from_the_lock_and_for_hr_and_leaders_from_the_unsealing(visit: Visit) -> None:
    for stage, season in visit.boards.items():
        cast = visit.cast(stage)
        for part in PARTS:
            client = visit.client(cast[part])
            page = client.get(f"/oversight/{season.board}/record").status_code
            status, made = send(client, f"/oversight/{season.board}/record")
            wanted = may(part, stage, names=False)
            assert (page == 200, status == 200) == (wanted, wanted), (part, stage, page, status)
            assert wanted or {page, status} <= {302, 400, 404}, (part, stage, page, status)
            assert made.startswith(b"PK") == wanted
            status, made = send(client, f"/oversight/{season.board}/record/names")
            assert (status == 200) == may(part, stage, names=True), (part, stage, status)
            assert ("names.jsonl" in unzipped(made)) == (status == 200)


@pytest.mark.leak("L99")
@pytest.mark.leak("L24")
def test_only_hrs_record_with_names_holds_a_name(visit: Visit) -> None:
    season = visit.boards[Stage.PUBLISHED]
    names = [who.name.encode() for who in season.people.candidates]
    for part in ("chair", "auditor", "HR"):
        _, made = send(visit.client(visit.cast(Stage.PUBLISHED)[part]), f"/oversight/{season.board}/record")
        assert not [name for name in names if name in made]
    _, made = send(visit.client(season.people.hr), f"/oversight/{season.board}/record/names")
    assert all(name in made for name in names)


def test_taking_it_is_logged_by_whom_and_whether_with_names(visit: Visit) -> None:
    season = visit.boards[Stage.PUBLISHED]
    send(visit.client(season.people.auditor), f"/oversight/{season.board}/record")
    send(visit.client(season.people.hr), f"/oversight/{season.board}/record/names")
    with visit.database.reading() as db:
        taken = audit.entries(db, season.board, "record.exported")
        assert [(each.role, each.facts["names"]) for each in taken] == [("auditor", False), ("hr", True)]
        assert audit.rebuild(db, season.board).sound
    page = visit.client(season.people.auditor).get(f"/oversight/{season.board}").get_data(as_text=True)
    assert "Took the record of this board. With names: yes." in page


def test_every_part_finds_the_record_from_a_page_of_theirs(visit: Visit) -> None:
    season = visit.boards[Stage.PUBLISHED]
    for part, page in (
        ("auditor", f"/oversight/{season.board}"),
        ("auditor", f"/panel/{season.board}/merit"),
        ("chair", f"/panel/{season.board}/merit"),
        ("HR", f"/results/{season.board}/list"),
        ("chair", "/"),
        ("HR", "/"),
    ):
        shown = visit.client(visit.cast(Stage.PUBLISHED)[part]).get(page).get_data(as_text=True)
        assert f'href="/oversight/{season.board}/record"' in shown, (part, page)


@pytest.mark.leak("L56")
def test_no_page_offers_a_leader_the_record_while_names_are_sealed(visit: Visit) -> None:
    season = visit.boards[Stage.LOCKED]
    for part, page, found in (
        ("chair", "/", False),
        ("deputy", "/", False),
        ("chair", f"/panel/{season.board}/merit", False),
        ("auditor", f"/panel/{season.board}/merit", True),
        ("auditor", "/", True),
    ):
        answer = visit.client(visit.cast(Stage.LOCKED)[part]).get(page)
        assert answer.status_code == 200
        assert (f'href="/oversight/{season.board}/record"' in answer.text) == found, (part, page)


def test_the_record_with_names_and_the_list_as_a_file_ask_for_the_password_and_lead_back_to_the_button(
    visit: Visit,
) -> None:
    season = visit.boards[Stage.PUBLISHED]
    board, client = season.board, visit.client(season.people.hr)
    for path, button in (
        (f"/oversight/{board}/record/names", f"/oversight/{board}/record"),
        (f"/results/{board}/export/csv", f"/results/{board}/list"),
    ):
        back = client.get(path)
        assert (back.status_code, back.headers["Location"]) == (302, button)
        with clock.set_to(clock.now() + timedelta(minutes=6)):
            token = re.search(r'name="csrf_token" value="([0-9a-f]+)"', client.get(button).text)
            assert token
            asked = client.post(path, data={"csrf_token": token[1]})
            assert (asked.status_code, asked.headers["Location"]) == (302, f"/confirm-password?next={path}")


def test_the_checked_head_is_called_what_it_is(visit: Visit) -> None:
    season = visit.boards[Stage.LOCKED]
    page = visit.client(season.people.auditor).get(f"/oversight/{season.board}/check").text
    terms = dict(re.findall(r"<dt[^>]*>([^<]*)</dt><dd[^>]*>(?:<code>)?([^<]*)<", page))
    assert re.fullmatch(r"[0-9]+:[0-9a-f]{64}", terms["Head"])
    assert len(terms["In eight words"].split()) == 8


def heads(visit: Visit, board: BoardId) -> list[str]:
    with visit.database.reading() as db:
        return [f"{head.size}:{head.root.hex()}" for head in audit.signed_heads(db, board)]


def test_an_auditor_compares_a_head_she_kept(visit: Visit) -> None:
    season = visit.boards[Stage.LOCKED]
    client, path = visit.client(season.people.auditor), f"/oversight/{season.board}/check"
    kept = heads(visit, season.board)
    assert "Compare a head" in client.get(path).get_data(as_text=True)
    for typed in (*kept, f" {kept[-1][:20]} \n{kept[-1][20:].upper()} "):
        status, page = send(client, path, head=typed)
        assert (status, b"Your head agrees." in page) == (200, True)
    fork = kept[1].split(":")[0] + ":" + kept[0].split(":")[1]
    assert b"Your head does not agree." in send(client, path, head=fork)[1]
    later = "999:" + kept[0].split(":")[1]
    assert b"Your head cannot be compared." in send(client, path, head=later)[1]
    for wrong in ("", "twelve", "12", "12:abc", ":" + "0" * 64, "1" * 40 + ":" + "0" * 64):
        status, page = send(client, path, head=wrong)
        assert status == 422
        assert b"There is a problem" in page


def test_comparing_writes_nothing_and_is_for_the_auditor_alone(visit: Visit) -> None:
    season = visit.boards[Stage.LOCKED]
    (head, *_) = heads(visit, season.board)
    with visit.database.reading() as db:
        before = audit.head(db, season.board), board_of(db, season.board)
    send(visit.client(season.people.auditor), f"/oversight/{season.board}/check", head=head)
    with visit.database.reading() as db:
        assert (audit.head(db, season.board), board_of(db, season.board)) == before
    for part in ("chair", "HR", "custodian", "marker", "candidate"):
        client = visit.client(visit.cast(Stage.LOCKED)[part])
        assert send(client, f"/oversight/{season.board}/check", head=head)[0] == 404
