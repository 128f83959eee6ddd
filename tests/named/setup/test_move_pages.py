"""A board's page at every stage, and the buttons that move it on."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from panel.access import service as access_service
from panel.access.roles import Role
from panel.audit.queries import entries
from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.board.queries import Board, board
from panel.board.service import write
from panel.kernel.database import Database
from panel.kernel.encoding import canonical
from tests.named.accounts.signing import fill, sign_in
from tests.named.setup.policies import complete
from tests.named.setup.staff import HR, PASSWORD, Draft, begun, person

DEADLINE = datetime(2098, 3, 1, 12, tzinfo=UTC)
CANDIDATE = "Quillon Featheringay"


@pytest.fixture
def draft(database: Database) -> Draft:
    with database.writing("named") as db:
        held = begun(db)
        write(db, held.board, policy=canonical(complete().to_json()).decode())
        for name, role in (("Cara Chair", Role.CHAIR), ("Dan Deputy", Role.DEPUTY), ("Mona Marker", Role.MARKER)):
            access_service.grant(db, held.board, person(db, name), role)
        person(db, CANDIDATE)
    return held


@pytest.fixture
def hr(client: FlaskClient, draft: Draft) -> FlaskClient:
    sign_in(client, HR, PASSWORD)
    return client


@pytest.fixture
def chair(new_client: Callable[[], FlaskClient], draft: Draft) -> FlaskClient:
    browser = new_client()
    sign_in(browser, "cara.chair@fictional.police.uk", PASSWORD)
    return browser


@pytest.fixture
def put(database: Database, draft: Draft) -> Callable[[Stage, int | None], None]:
    def into(stage: Stage, submissions: int | None = None) -> None:
        with database.writing("named") as db:
            row = update(BoardRow).where(BoardRow.id == draft.board)
            db.execute(row.values(stage=stage.value, submissions=submissions, deadline=DEADLINE))

    return into


def held(database: Database, draft: Draft) -> Board:
    with database.reading() as db:
        return board(db, draft.board)


def test_page_says_what_comes_next_at_every_stage(hr: FlaskClient, draft: Draft, put: Callable[..., None]) -> None:
    for stage in Stage:
        put(stage, None if stage in {Stage.DRAFT, Stage.OPEN} else 6)
        page = hr.get(f"/boards/{draft.board}")
        assert page.status_code == 200, stage
        assert "What comes next" in page.text, stage
        assert f">{stage.value.title()}</strong>" in page.text, stage


def test_closed_board_records_backups_and_few_submissions(
    hr: FlaskClient, draft: Draft, put: Callable[..., None], database: Database
) -> None:
    put(Stage.CLOSED, 3)
    home = f"/boards/{draft.board}"
    assert "Go on with few submissions" in hr.get(home).text
    assert fill(hr, home, to=f"{home}/backups").status_code == 303
    assert fill(hr, home, to=f"{home}/weakness").status_code == 303
    assert held(database, draft).weakness_acknowledged_on is not None
    page = hr.get(home).text
    assert "Go on with few submissions" not in page
    assert "Record that the backups are destroyed" not in page


def test_enough_submissions_need_no_acknowledgement(hr: FlaskClient, draft: Draft, put: Callable[..., None]) -> None:
    put(Stage.CLOSED, 5)
    home = f"/boards/{draft.board}"
    assert "Go on with few submissions" not in hr.get(home).text
    assert fill(hr, home, to=f"{home}/weakness").status_code == 409


def test_marking_that_cannot_start_says_what_is_missing_and_has_no_button(
    hr: FlaskClient, draft: Draft, put: Callable[..., None], database: Database
) -> None:
    put(Stage.CLOSED, 3)
    start = f"/boards/{draft.board}/marking/start"
    page = hr.get(start).text
    assert "At least 4 panel members must be trained and qualified for each criterion: 0 are." in page
    assert ">Start marking</button>" not in page.replace("\n", "")
    refused = fill(hr, start)
    assert refused.status_code == 409
    assert "Destroy every backup made before the board closed" in refused.text
    assert held(database, draft).stage is Stage.CLOSED


def test_chair_starts_moderation_on_a_page_without_a_name(
    chair: FlaskClient, draft: Draft, put: Callable[..., None], database: Database
) -> None:
    put(Stage.MARKING, 0)
    start = f"/boards/{draft.board}/moderation/start"
    page = chair.get(start)
    assert page.status_code == 200
    for name in ("Mona", "Dan", "Hana", "Quillon"):
        assert name not in page.text
    assert fill(chair, start).status_code == 303
    assert held(database, draft).stage is Stage.MODERATION
    with database.reading() as db:
        assert entries(db, draft.board)[-1].kind == "board.moderation"


def test_moderation_is_not_for_hr_to_start(hr: FlaskClient, draft: Draft, put: Callable[..., None]) -> None:
    put(Stage.MARKING, 0)
    start = f"/boards/{draft.board}/moderation/start"
    assert hr.get(start).status_code == 404
    assert fill(hr, "/boards", to=start).status_code == 404


def test_move_page_at_another_stage_is_refused(
    hr: FlaskClient, chair: FlaskClient, draft: Draft, put: Callable[..., None]
) -> None:
    put(Stage.PUBLISHED, 6)
    for browser, path in ((hr, "/marking/start"), (chair, "/moderation/start"), (hr, "/extend")):
        assert browser.get(f"/boards/{draft.board}{path}").status_code == 409, path


def test_deadline_is_extended_for_all(
    hr: FlaskClient, draft: Draft, put: Callable[..., None], database: Database
) -> None:
    put(Stage.OPEN)
    page = f"/boards/{draft.board}/extend"
    late = {"day-day": "1", "day-month": "3", "day-year": "2099", "time": "noon"}
    assert fill(hr, page, **{**late, "day-year": "2020"}).status_code == 422
    assert fill(hr, page, **late).status_code == 303
    again = fill(hr, page, **late)
    assert again.status_code == 422
    assert "New deadline must be later" in again.text
    assert "noon on 1 March 2099" in hr.get(f"/boards/{draft.board}").text
