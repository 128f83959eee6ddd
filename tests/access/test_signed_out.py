"""What a person has typed survives the end of her session."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from panel.access.queries import IDLE
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import BoardId
from tests.named.accounts.signing import added_niamh, sign_in, token_on

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ANSWER = "I went to the door, listened, and wrote down what each of them had seen."
PAGE = f"/applications/{BoardId.new()}/answers/we-are-curious"


@pytest.fixture
def idle(client: FlaskClient, database: Database) -> FlaskClient:
    added_niamh(database)
    with clock.set_to(NOON):
        sign_in(client)
    return client


def send(client: FlaskClient, **more: str) -> tuple[int, str]:
    with clock.set_to(NOON):
        token = token_on(client, "/account/password")
    with clock.set_to(NOON + IDLE + timedelta(minutes=1)):
        answer = client.post(PAGE, data={"csrf_token": token, "answer": ANSWER}, headers=more)
    return answer.status_code, answer.text


@pytest.mark.thorough
def test_text_sent_after_the_session_ended_is_handed_back(idle: FlaskClient) -> None:
    status, page = send(idle, Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert status == 403
    assert ANSWER in page
    assert "signed out" in page


def test_autosave_is_led_to_sign_in_as_its_script_expects(idle: FlaskClient) -> None:
    status, page = send(idle, Accept="application/json")
    assert status == 302
    assert ANSWER not in page
