"""HR finds people and gives them parts; the pages refuse what the duties refuse, and ask the same of any panel."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, update

from panel.access import service as access_service
from panel.access.roles import Role
from panel.board.duties import Part
from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.kernel.database import Database
from panel.named.setup import queries
from tests.named.accounts.signing import fill, sign_in
from tests.named.setup.staff import HR, PASSWORD, Draft, begun, person


@pytest.fixture
def draft(database: Database) -> Draft:
    with database.writing("named") as db:
        for name in ("Mona Marker", "Monica Marker", "Cara Chair"):
            person(db, name)
        return begun(db)


@pytest.fixture
def hr(client: FlaskClient, draft: Draft) -> FlaskClient:
    sign_in(client, HR, PASSWORD)
    return client


@pytest.fixture
def holders(database: Database, draft: Draft) -> Callable[[Part], list[str]]:
    def read(part: Part) -> list[str]:
        with database.reading() as db:
            return [each.name for each in queries.people(db, draft.board) if each.part is part]

    return read


def page(draft: Draft, part: str) -> str:
    return f"/boards/{draft.board}/people/{part}"


def test_only_one_who_fits_is_added_at_once(
    hr: FlaskClient, draft: Draft, holders: Callable[[Part], list[str]]
) -> None:
    assert fill(hr, page(draft, "marker"), who="mona marker").status_code == 303
    assert holders(Part.MARKER) == ["Mona Marker"]


def test_several_who_fit_are_offered(hr: FlaskClient, draft: Draft, holders: Callable[[Part], list[str]]) -> None:
    offered = fill(hr, page(draft, "marker"), who="marker")
    assert offered.status_code == 200
    found = re.findall(r'value="([0-9a-f]{32})"', offered.text)
    assert len(found) == 2
    pick = f"{page(draft, 'marker')}/pick"
    assert fill(hr, page(draft, "marker"), to=pick, who="marker").status_code == 422
    assert fill(hr, page(draft, "marker"), to=pick, who="marker", account=str(draft.hr)).status_code == 422
    assert fill(hr, page(draft, "marker"), to=pick, who="marker", account=found[0]).status_code == 303
    assert len(holders(Part.MARKER)) == 1


def test_person_who_cannot_be_added_is_told_and_the_text_stays(hr: FlaskClient, draft: Draft) -> None:
    for who, sentence in (
        ("", "Enter a name, an email address or a staff number"),
        ("Zoe", "No account has this name, email address or staff number"),
        ("Hana", "This person is HR of this board, and so cannot be a panel member too."),
    ):
        response = fill(hr, page(draft, "marker"), who=who)
        assert response.status_code == 422, who
        assert sentence in response.text
        assert f'value="{who}"' in response.text


def test_part_is_removed(hr: FlaskClient, draft: Draft, holders: Callable[[Part], list[str]]) -> None:
    fill(hr, page(draft, "chair"), who="Cara Chair")
    found = re.search(r'name="account" value="([0-9a-f]{32})"', hr.get(page(draft, "chair")).text)
    assert found
    remove = f"{page(draft, 'chair')}/remove"
    assert fill(hr, page(draft, "chair"), to=remove, account=found[1]).status_code == 303
    assert holders(Part.CHAIR) == []
    assert fill(hr, page(draft, "chair"), to=remove, account=found[1]).status_code == 404
    assert fill(hr, page(draft, "chair"), to=remove, account="nobody").status_code in {400, 404}


def test_part_that_is_not_given_here_is_not_found(hr: FlaskClient, draft: Draft) -> None:
    assert {hr.get(page(draft, part)).status_code for part in ("candidate", "administrator", "judge")} == {404}


def test_open_board_offers_no_change_of_its_chair(hr: FlaskClient, draft: Draft, database: Database) -> None:
    fill(hr, page(draft, "chair"), who="Cara Chair")
    with database.writing("named") as db:
        db.execute(update(BoardRow).where(BoardRow.id == draft.board).values(stage=Stage.OPEN.value))
    shown = hr.get(page(draft, "chair")).text
    assert "Cara Chair" in shown
    assert "Remove" not in shown
    assert fill(hr, page(draft, "marker"), to=page(draft, "chair"), who="Mona").status_code == 409


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Every statement the block sends."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_page_asks_as_many_queries_for_twenty_people_as_for_two(
    hr: FlaskClient, draft: Draft, database: Database
) -> None:
    addresses = ("", "/setup", "/people/marker", "/review")
    counts = []
    for size in (2, 20):
        with database.writing("named") as db:
            for number in range(size):
                account = person(db, f"Panel Member {size} {number}")
                access_service.grant(db, draft.board, account, Role.MARKER)
        counts.append([_asked(hr, database, f"/boards/{draft.board}{address}") for address in addresses])
    assert counts[0] == counts[1]


def _asked(hr: FlaskClient, database: Database, address: str) -> int:
    with counted(database.engine("named")) as sent:
        assert hr.get(address).status_code == 200
    return len(sent)


def test_board_offers_to_change_only_the_parts_that_its_stage_lets_change(
    hr: FlaskClient, draft: Draft, database: Database
) -> None:
    page = f"/boards/{draft.board}"
    assert hr.get(page).text.count(">Change<") == 6
    with database.writing("named") as db:
        db.execute(update(BoardRow).where(BoardRow.id == draft.board).values(stage=Stage.CANCELLED))
    assert ">Change<" not in hr.get(page).text
