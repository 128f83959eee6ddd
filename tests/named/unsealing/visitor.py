"""A person at the pages of the vault, in a browser without JavaScript."""

import html
import re
from dataclasses import dataclass
from datetime import timedelta

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from panel.access import service as access
from panel.kernel import clock
from panel.playing.company import Member
from tests.named.unsealing.stage import Stage


@dataclass
class Visitor:
    """One signed-in browser."""

    client: FlaskClient

    @classmethod
    def of(cls, stage: Stage, member: Member, *, stepped_up: bool = True) -> "Visitor":
        client = stage.app.test_client()
        with stage.database.writing() as db:
            client.set_cookie("panel", access.start_session(db, member.account, stepped_up=stepped_up))
        return cls(client)

    def get(self, address: str) -> TestResponse:
        return self.client.get(address)

    def post(self, address: str, **fields: str) -> TestResponse:
        """Send the form that the page shows."""
        return self.client.post(address, data={"csrf_token": token(self.get(address)), **fields})

    def send_together(self, address: str, **fields: str) -> TestResponse:
        """The same after 29 minutes of several people typing. The page alone asks for the password long before."""
        data, started = {"csrf_token": token(self.get(address)), **fields}, clock.now()
        for minutes in (15, 29):
            with clock.set_to(started + timedelta(minutes=minutes)):
                assert self.get(address).status_code == 302
        with clock.set_to(started + timedelta(minutes=31)):
            assert "/confirm-password" in self.client.post(address, data=data).location
        with clock.set_to(started + timedelta(minutes=29)):
            return self.client.post(address, data=data)


def token(response: TestResponse) -> str:
    """The token that a page's forms carry."""
    found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', response.text)
    assert found is not None
    return found[1]


def plain(response: TestResponse) -> str:
    """The words of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.text)).split())
