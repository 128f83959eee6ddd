"""HR looks through frameworks, takes one as a file, and loads text: checked first, every fault by its line."""

import pytest
from flask.testing import FlaskClient

from panel.board import framework_csv, framework_toml, library
from panel.board.library import shipped
from panel.kernel.database import Database
from tests.named.accounts.signing import fill, sign_in
from tests.named.setup.staff import HR, PASSWORD, begun, person

LODESTAR = next(each for each in shipped() if each.name == "Lodestar framework")
OWN = framework_toml.write(LODESTAR).replace('version = "1"', 'version = "2"')
#: As it comes out of a spreadsheet: with tabs.
ROWS = """kind\tname\tlevel\tpart\ttext
framework\tOurs\t\tversion\t1
level\tLeader\t1\t\t
competency\tListens\t1\tdescriptor\tAsks, then tells
"""


@pytest.fixture
def hr(client: FlaskClient, database: Database) -> FlaskClient:
    with database.writing("named") as db:
        library.install(db)
        begun(db)
    sign_in(client, HR, PASSWORD)
    return client


@pytest.fixture
def lodestar(hr: FlaskClient, database: Database) -> str:
    with database.reading() as db:
        return next(f"/frameworks/{card.id}" for card in library.frameworks(db) if card.described)


def titles(database: Database) -> set[str]:
    with database.reading() as db:
        return {card.title for card in library.frameworks(db)}


def test_list_says_which_frameworks_hold_names_only(hr: FlaskClient) -> None:
    page = hr.get("/frameworks").text
    assert page.count("Names only") == 2
    assert page.count("Names and descriptors") == 1


def test_page_shows_whose_framework_it_is_and_its_text(hr: FlaskClient, lodestar: str) -> None:
    page = hr.get(lodestar).text
    for text in (LODESTAR.notice, "Growing a team", "Level 3: Leading through others", "Anchors for 7 scores"):
        assert text in page


def test_file_reads_back_as_the_same_framework(hr: FlaskClient, lodestar: str) -> None:
    toml, rows = hr.get(f"{lodestar}/toml"), hr.get(f"{lodestar}/csv")
    assert framework_toml.read(toml.text) == framework_csv.read(rows.text) == LODESTAR
    assert toml.headers["Content-Disposition"] == 'attachment; filename="lodestar-framework-1.toml"'
    assert hr.get(f"{lodestar}/pdf").status_code == 404


def test_check_loads_nothing_and_keeps_the_text(hr: FlaskClient, database: Database) -> None:
    before = titles(database)
    checked = fill(hr, "/frameworks/load", kind="toml", text=OWN, act="check")
    assert checked.status_code == 200
    assert "Nothing is wrong with this text, and nothing is loaded yet" in checked.text
    assert "Load Lodestar framework 2" in checked.text
    assert "Steadying a situation" in checked.text
    assert titles(database) == before


@pytest.mark.parametrize(("kind", "text", "title"), [("toml", OWN, "Lodestar framework 2"), ("csv", ROWS, "Ours 1")])
def test_text_is_loaded_as_a_new_version(hr: FlaskClient, database: Database, kind: str, text: str, title: str) -> None:
    assert fill(hr, "/frameworks/load", kind=kind, text=text, act="load").status_code == 303
    assert title in titles(database)


def test_every_fault_is_told_by_its_line_and_the_text_stays(hr: FlaskClient, database: Database) -> None:
    before = titles(database)
    text = "kind,name,level,part,text\nskill,Listens,,,\nvalue,,,,\n"
    response = fill(hr, "/frameworks/load", kind="csv", text=text, act="load")
    assert response.status_code == 422
    assert "Line 2: ‘skill’ is not framework, level, competency or value." in response.text
    assert "Line 3: the name is missing." in response.text
    assert "skill,Listens" in response.text
    assert titles(database) == before


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("csv", ROWS.replace("Leader\t1", f"Leader\t{'7' * 5000}"), "Line 3: the level must be from 1 to 9."),
        ("toml", f"number = {'7' * 5000}", "A number in the text is too long."),
        ("toml", f"name = {'[' * 5000}", "Too many brackets stand inside each other."),
    ],
)
def test_text_too_long_or_deep_to_read_is_refused_and_stays(
    hr: FlaskClient, kind: str, text: str, sentence: str
) -> None:
    response = fill(hr, "/frameworks/load", kind=kind, text=text, act="check")
    assert response.status_code == 422
    assert sentence in response.text
    assert text.splitlines()[-1] in response.text


def test_hundreds_of_faults_are_cut_short(hr: FlaskClient) -> None:
    text = "kind,name,level,part,text\n" + "skill,x,,,\n" * 200
    response = fill(hr, "/frameworks/load", kind="csv", text=text, act="check")
    assert "And 150 more faults further down." in response.text
    assert "Line 60:" not in response.text


def test_text_that_cannot_be_loaded_is_refused(hr: FlaskClient) -> None:
    for text, sentence in (
        (framework_toml.write(LODESTAR), "This framework is loaded already, word for word."),
        (framework_toml.write(LODESTAR).replace("invented", "made-up"), "Change the version, then load it again."),
        ("", "Paste the text of the framework"),
        ("name = ", "this is not TOML"),
    ):
        response = fill(hr, "/frameworks/load", kind="toml", text=text, act="load")
        assert response.status_code == 422, sentence
        assert sentence in response.text


def test_frameworks_are_for_hr_of_the_system(hr: FlaskClient, client: FlaskClient, database: Database) -> None:
    with database.writing("named") as db:
        person(db, "Olga Other")
    fill(client, "/boards", to="/sign-out")
    sign_in(client, "olga.other@fictional.police.uk", PASSWORD)
    assert client.get("/frameworks").status_code == 404
    assert client.get("/frameworks/load").status_code == 404
