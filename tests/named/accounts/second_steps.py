"""What the tests of the second step share: an app on a telephone, and a browser that has given the password."""

import base64
import re
from dataclasses import dataclass, replace
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from panel.access import service as access
from panel.access.roles import Role
from panel.config import Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import SYSTEM, AccountId
from panel.named.accounts.factors import totp
from tests.named.accounts.signing import fill, sign_in

SET_UP = "/account/security/authenticator"
SECOND = "/sign-in/second-step"


@dataclass
class Phone:
    """An authenticator app with one secret, and the recovery codes that its owner printed."""

    secret: bytes
    codes: list[str]

    @property
    def shows(self) -> str:
        """The code of this half minute."""
        return totp.code(self.secret, totp.counter(clock.now()))


def demanding(app: Flask, config: Config) -> Flask:
    """The application, as one in production demands a second step of whoever has a part."""
    app.extensions["panel.config"] = replace(config, second_factor="required")
    return app


def appoint(database: Database, account: AccountId, role: Role = Role.HR) -> None:
    with database.writing("named") as db:
        access.grant(db, SYSTEM, account, role)


def set_up(client: FlaskClient) -> tuple[Phone, TestResponse]:
    """Put the secret that the pages show into an app, and prove it."""
    fill(client, SET_UP, to=f"{SET_UP}/secret")
    secret = secret_on(client)
    answer = fill(client, SET_UP, code=totp.code(secret, totp.counter(clock.now())))
    return Phone(secret, re.findall(r"<li><code>([0-9A-Z-]{29})</code>", answer.text)), answer


def secret_on(client: FlaskClient) -> bytes:
    """What the page says in groups of four."""
    groups = re.findall(r"<code>([A-Z2-7]{4})</code>", unescape(client.get(SET_UP).text))
    return base64.b32decode("".join(groups))


def halfway(client: FlaskClient, **more: str) -> None:
    """Give the password, and be asked for more."""
    assert sign_in(client, **more).location.startswith(SECOND)


def enter(client: FlaskClient, code: str, **more: str) -> TestResponse:
    return fill(client, SECOND, code=code, **more)
