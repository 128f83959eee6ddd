"""A real browser with a device that Chromium plays: led to a passkey, in by it, and a step-up by it."""

from dataclasses import replace

import pytest
from flask import Flask

from panel.access.roles import Role
from panel.config import Config
from panel.kernel.database import Database
from tests.browser import Visitor, chromium, served
from tests.named.accounts.second_steps import appoint
from tests.named.accounts.signing import EMAIL, PASSWORD, added_niamh

_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def engine_kind() -> str:
    """A browser asks the same of both."""
    return "sqlite"


@pytest.mark.browser
@pytest.mark.vault("V24")
def test_a_passkey_is_all_it_takes_beside_the_password(app: Flask, config: Config, database: Database) -> None:
    appoint(database, added_niamh(database), Role.ADMINISTRATOR)
    with served(app) as address, chromium() as browser:
        here = address.replace("127.0.0.1", "localhost")  # a passkey is for a name, not for a number
        app.extensions["panel.config"] = replace(config, base_url=here, second_factor="required")
        niamh = Visitor.arrive(browser, here)
        devices = niamh.page.context.new_cdp_session(niamh.page)
        devices.send("WebAuthn.enable")
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})
        _give_password(niamh)
        niamh.check()
        assert niamh.path() == "/sign-in/set-up"
        _make_passkey(niamh)
        _use_passkey(niamh)
        _look_around(niamh)


def _give_password(niamh: Visitor) -> None:
    niamh.go("/sign-in")
    niamh.fill("Email address", EMAIL)
    niamh.fill("Password", PASSWORD)
    niamh.press("Sign in")


def _make_passkey(niamh: Visitor) -> None:
    niamh.press("Set up a passkey")
    niamh.page.get_by_role("button", name="Add the passkey").click()
    niamh.page.get_by_text("Enter a name, such as the device it is on").first.wait_for()
    niamh.check()
    niamh.fill("Name of the passkey", "This computer")
    niamh.page.get_by_role("button", name="Add the passkey").click()
    niamh.page.get_by_role("heading", name="Your recovery codes").wait_for()
    niamh.check()
    niamh.press("I have kept them")
    assert niamh.path() == "/"


def _use_passkey(niamh: Visitor) -> None:
    niamh.press("Sign out")
    _give_password(niamh)
    assert niamh.path() == "/sign-in/second-step"
    niamh.fill("Recovery code", "000000")
    niamh.press("Continue")
    niamh.says("That is not right, or was used before")
    niamh.page.get_by_role("button", name="Use a passkey").click()
    niamh.page.get_by_role("heading", name="What you can do now").wait_for()
    niamh.go("/confirm-password")
    niamh.fill("Password", PASSWORD)
    niamh.page.get_by_role("button", name="Use a passkey").click()
    niamh.page.get_by_role("heading", name="What you can do now").wait_for()


def _look_around(niamh: Visitor) -> None:
    niamh.follow("sign-in and security")
    niamh.says("This computer", "10 left")
    niamh.follow("Set up an authenticator app")
    niamh.press("Continue")
    niamh.says("Put the code into your app")
    niamh.go("/account/security/recovery-codes")
    niamh.go("/account/security")
    niamh.follow("Remove the passkey This computer")
    niamh.press("Remove")
    niamh.says("this is your only one")
