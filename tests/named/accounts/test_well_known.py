"""Addresses that people look for on every site."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient

from panel.config import Config, from_environment
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.errors import Misconfigured
from panel.named.accounts.security_contact import security_txt
from tests.applications import application

PATH = "/.well-known/security.txt"
FILE = """\
Contact: mailto:security@fictional.police.uk
Expires: 2027-05-21T00:00:00Z
Preferred-Languages: en
Canonical: https://boards.example/.well-known/security.txt
"""


def test_the_file_says_whom_to_write_to_and_until_when() -> None:
    said = security_txt("mailto:security@fictional.police.uk", "https://boards.example", date(2026, 11, 22))
    assert said == FILE


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_it_is_there_once_somebody_is_named(client: FlaskClient, config: Config, database: Database) -> None:
    assert client.get(PATH).status_code == 404
    named = replace(config, security_contact="mailto:security@fictional.police.uk", base_url="https://boards.example")
    with clock.set_to(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        answer = application(named, database).test_client().get(PATH)
    assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/plain", FILE)


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_password_managers_find_the_page(client: FlaskClient) -> None:
    assert client.get("/.well-known/change-password").location == "/account/password"


def test_a_contact_is_an_address() -> None:
    def contact(text: str) -> str | None:
        return from_environment({"PANEL_SECURITY_CONTACT": text}).security_contact

    assert contact("") is None
    assert contact("security@force.police.uk") == "mailto:security@force.police.uk"
    assert contact("https://force.police.uk/security") == "https://force.police.uk/security"
    for wrong in ("http://force.police.uk", "javascript:alert(1)", "a@b.example\nExpires: never"):
        with pytest.raises(Misconfigured):
            contact(wrong)
