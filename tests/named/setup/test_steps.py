"""HR sets a board up through its pages: every step taken, every bad input told, nobody else let in."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from panel.access import service as access_service
from panel.access.roles import Role
from panel.board import library
from panel.board.conduct import Conduct, Settling, Sharing
from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.board.policy import Policy
from panel.board.queries import board
from panel.kernel.database import Database
from panel.kernel.ids import BoardId
from panel.named.setup import facts
from tests.named.accounts.signing import fill, hidden_on, sign_in
from tests.named.setup.staff import HR, PASSWORD, Draft, begun, person

QUESTION = "Tell us about a time when you had to decide on little evidence."
ABOUT = {
    "title": "Inspector 2027",
    "rank": "Inspector",
    "workforce_group": "Sergeants",
    "about": "Two posts.",
    "retention_months": "24",
}


@pytest.fixture
def draft(database: Database) -> Draft:
    with database.writing("named") as db:
        library.install(db)
        return begun(db)


@pytest.fixture
def hr(client: FlaskClient, draft: Draft) -> FlaskClient:
    sign_in(client, HR, PASSWORD)
    return client


@pytest.fixture
def policy_of(database: Database, draft: Draft) -> Callable[[], Policy]:
    def read() -> Policy:
        with database.reading() as db:
            return board(db, draft.board).policy

    return read


def step(draft: Draft, name: str) -> str:
    return f"/boards/{draft.board}/setup/{name}"


def choose_framework(hr: FlaskClient, draft: Draft) -> None:
    page = hr.get(step(draft, "framework")).text
    found = re.search(r'value="([0-9a-f]{32})"[^>]*>\s*<label[^>]*>\s*Lodestar', page)
    assert found
    assert fill(hr, step(draft, "framework"), framework=found[1]).status_code == 303
    assert fill(hr, step(draft, "level"), level="2").status_code == 303
    names = {"competencies": "Deciding on evidence", "values": "Candour"}
    assert fill(hr, step(draft, "criteria"), **names).status_code == 303


@pytest.mark.leak("L81")
def test_second_of_two_tabs_is_told_what_was_saved_meanwhile_and_loses_nothing(
    hr: FlaskClient, draft: Draft, policy_of: Callable[[], Policy]
) -> None:
    page = step(draft, "about")
    shown = hidden_on(hr, page)
    assert hr.post(page, data={**shown, **ABOUT}).status_code == 303
    second = {**ABOUT, "about": "Three posts."}
    told = hr.post(page, data={**shown, **second})
    assert told.status_code == 409
    assert "Somebody changed this since you opened the page." in told.text
    assert "Saved meanwhile: Two posts." in told.text
    assert "Saved meanwhile: Sergeants" not in told.text
    assert "Three posts.</textarea>" in told.text
    assert policy_of().about == "Two posts."
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', told.text)
    assert seen
    assert hr.post(page, data={**shown, **second, "seen": seen[1]}).status_code == 303
    assert policy_of().about == "Three posts."


def test_another_step_saved_meanwhile_is_no_conflict(hr: FlaskClient, draft: Draft) -> None:
    shown = hidden_on(hr, step(draft, "about"))
    assert fill(hr, step(draft, "marking"), markers="2", tolerance="1").status_code == 303
    assert hr.post(step(draft, "about"), data={**shown, **ABOUT}).status_code == 303


def test_conduct_of_marking_is_kept_shown_again_and_read_by_candidates(
    hr: FlaskClient, draft: Draft, policy_of: Callable[[], Policy]
) -> None:
    choose_framework(hr, draft)
    rules = {"sharing": "submission", "settling": "further marker", "pass_line": "y", "sample_percent": "5"}
    assert fill(hr, step(draft, "conduct"), **rules, seed_every="10").status_code == 303
    chosen = Conduct(Sharing.SUBMISSION, None, 10, 0, Settling.FURTHER, pass_line=True, sample_percent=5)
    assert policy_of().conduct == chosen
    assert 'value="10"' in hr.get(step(draft, "conduct")).text
    read = hr.get(f"/boards/{draft.board}/review").text
    for words in ("mark all your answers", "a further panel member marks", "both sides of the pass mark", "5 in 100"):
        assert words in read
    assert "Sample answers and repeated answers are slipped among the others" in read


def test_pass_rule_says_what_to_choose_first(hr: FlaskClient, draft: Draft) -> None:
    for chosen in ("nothing", "criteria"):
        if chosen == "criteria":
            choose_framework(hr, draft)
        page = hr.get(step(draft, "pass-rule"))
        assert page.status_code == 200
        assert "Choose the competencies, values and scale first." in page.text


def test_hr_takes_every_step_and_only_people_and_keys_are_missing(
    hr: FlaskClient, draft: Draft, database: Database, policy_of: Callable[[], Policy]
) -> None:
    about = {
        "title": "Inspector 2027",
        "rank": "Inspector",
        "workforce_group": "Sergeants",
        "about": "Two posts.",
        "retention_months": "24",
    }
    assert fill(hr, step(draft, "about"), **about).status_code == 303
    choose_framework(hr, draft)
    answer = {"level": "3", "question": QUESTION, "word_limit": "300", "weight": "2"}
    assert fill(hr, step(draft, "criteria/deciding-on-evidence"), **answer).status_code == 303
    assert fill(hr, step(draft, "scale"), scale="0-4", own="y").status_code == 303
    words = {f"{part}_{score}": f"{part.title()} {score}" for part in ("label", "anchor") for score in range(5)}
    assert fill(hr, step(draft, "anchors"), **words).status_code == 303
    rule = {"total": "6.5", "floor_candour": "2", "tie_0": "candour"}
    assert fill(hr, step(draft, "pass-rule"), **rule).status_code == 303
    assert fill(hr, step(draft, "marking"), markers="2", tolerance="1").status_code == 303
    when = {"day-day": "1", "day-month": "3", "day-year": "2099", "time": "5pm"}
    assert fill(hr, step(draft, "deadline"), **when).status_code == 303
    with database.reading() as db:
        missing = facts.readiness(db, draft.board, Stage.OPEN).missing
    assert [fact.key for fact in missing] == ["policy", "leaders", "leaders", "markers"]
    assert missing[0].sentence == "Choose 3 to 7 custodians."
    assert policy_of().criterion("deciding-on-evidence").level == 3
    assert policy_of().scale.points[0].label == "Label 0"


def test_review_shows_what_candidates_will_see(hr: FlaskClient, draft: Draft) -> None:
    choose_framework(hr, draft)
    answer = {"level": "2", "question": QUESTION, "word_limit": "300", "weight": "1"}
    fill(hr, step(draft, "criteria/deciding-on-evidence"), **answer)
    page = hr.get(f"/boards/{draft.board}/review").text
    for text in (QUESTION, "Up to 300 words", "Candour", "An invented framework", "until every mark is locked"):
        assert text in page


def test_step_shows_again_what_was_saved(hr: FlaskClient, draft: Draft) -> None:
    fill(hr, step(draft, "marking"), markers="4", tolerance="2")
    page = hr.get(step(draft, "marking")).text
    assert 'value="4"' in page
    assert 'value="2"' in page


#: Step, what is sent, and what the page must say. One test for all: each needs the same board.
BAD_INPUT: list[tuple[str, dict[str, str], str]] = [
    ("about", {"title": " ", "rank": "x", "workforce_group": "x"}, "Enter the title of the board"),
    ("about", {"title": "x" * 121, "rank": "x", "workforce_group": "x"}, "120 characters or fewer"),
    ("about", {**ABOUT, "retention_months": "5"}, "Months that texts and names are kept must be between 6 and 84"),
    ("framework", {}, "Select a framework"),
    ("framework", {"framework": "0" * 32}, "Select a framework"),
    ("level", {"level": "9"}, "Select a level"),
    ("criteria", {"values": "Candour"}, "Select at least one competency"),
    ("criteria/candour", {"judged": "question", "weight": "1"}, "Enter the question"),
    ("criteria/candour", {"judged": "whole", "weight": "11"}, "Weight must be between 1 and 10"),
    (
        "criteria/deciding-on-evidence",
        {"level": "2", "weight": "1", "question": "?", "word_limit": "9"},
        "Word limit must",
    ),
    ("scale", {"scale": "2-3"}, "Select a scale"),
    ("pass-rule", {"total": "ten"}, "Pass mark must be a number"),
    ("pass-rule", {"total": "99"}, "Pass mark must be between 2 and 10"),
    ("pass-rule", {"total": "5", "tie_0": "candour", "tie_1": "candour"}, "Second tie-break must be another"),
    ("pass-rule", {"total": "5", "floor_candour": "1"}, "must be one of the choices"),
    ("anchors", {"label_1": ""}, "Enter the label of score 1"),
    ("marking", {"markers": "0", "tolerance": "1"}, "Markers for each answer must be between 1 and 7"),
    ("marking", {"markers": "3", "tolerance": "4"}, "Tolerance must be between 0 and 3"),
    ("conduct", {"seed_every": "2"}, "Tasks to one seed must be between 5 and 100"),
    ("deadline", {"day-day": "31", "day-month": "2", "day-year": "2099", "time": "5pm"}, "Date must be a real date"),
    ("deadline", {"day-day": "1", "day-month": "2", "day-year": "2099", "time": "soon"}, "Time must be a time of day"),
    (
        "deadline",
        {"day-day": "1", "day-month": "2", "day-year": "2020", "time": "5pm"},
        "Deadline must be in the future",
    ),
]


def test_bad_input_is_told_beside_its_field_and_saves_nothing(
    hr: FlaskClient, draft: Draft, policy_of: Callable[[], Policy]
) -> None:
    choose_framework(hr, draft)
    fill(hr, step(draft, "scale"), scale="1-5", own="y")
    before = policy_of()
    for name, answers, sentence in BAD_INPUT:
        response = fill(hr, step(draft, name), **answers)
        assert response.status_code == 422, (name, answers)
        assert sentence in response.text, (name, answers)
        assert "<title>Error: " in response.text, (name, answers)
    assert policy_of() == before


def test_step_of_a_board_that_is_open_is_refused(hr: FlaskClient, draft: Draft, database: Database) -> None:
    with database.writing("named") as db:
        db.execute(update(BoardRow).where(BoardRow.id == draft.board).values(stage=Stage.OPEN.value))
    assert hr.get(step(draft, "about")).status_code == 409
    page = f"/boards/{draft.board}/people/marker"
    assert fill(hr, page, to=step(draft, "marking"), markers="1", tolerance="0").status_code == 409


def test_criterion_that_the_board_does_not_have_is_not_found(hr: FlaskClient, draft: Draft) -> None:
    choose_framework(hr, draft)
    assert hr.get(step(draft, "criteria/courage")).status_code == 404


PAGES = ("", "/setup", "/setup/about", "/setup/criteria", "/people/marker", "/review", "/extend", "/marking/start")


def test_nobody_but_hr_of_this_board_sees_its_pages(client: FlaskClient, draft: Draft, database: Database) -> None:
    with database.writing("named") as db:
        other = person(db, "Olga Other", Role.HR)
    sign_in(client, "olga.other@fictional.police.uk", PASSWORD)
    for role in (Role.MARKER, Role.CHAIR, Role.CUSTODIAN, Role.AUDITOR):
        assert {client.get(f"/boards/{draft.board}{page}").status_code for page in PAGES} == {404}
        with database.writing("named") as db:
            access_service.grant(db, draft.board, other, role)


def test_list_shows_the_boards_a_person_runs_and_no_others(
    hr: FlaskClient, new_client: Callable[[], FlaskClient], draft: Draft, database: Database
) -> None:
    with database.writing("named") as db:
        person(db, "Hugo Other", Role.HR)
        person(db, "Nobody Special")
    hugo, nobody = new_client(), new_client()
    sign_in(hugo, "hugo.other@fictional.police.uk", PASSWORD)
    sign_in(nobody, "nobody.special@fictional.police.uk", PASSWORD)
    assert "Inspector 2027" in hr.get("/boards").text
    assert "Inspector 2027" not in hugo.get("/boards").text
    assert nobody.get("/boards").status_code == 404


def test_hr_begins_a_board(hr: FlaskClient, database: Database) -> None:
    assert fill(hr, "/boards/new", title="").status_code == 422
    made = fill(hr, "/boards/new", title="Sergeant 2027")
    found = re.search(r"/boards/([0-9a-f]{32})/setup", made.headers["Location"])
    assert found
    with database.reading() as db:
        assert board(db, BoardId.parse(found[1])).title == "Sergeant 2027"
