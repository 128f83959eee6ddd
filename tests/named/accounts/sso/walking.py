"""What a browser does on its way through single sign-on."""

from flask.testing import FlaskClient

from tests.named.accounts.sso.stand_in import StandIn

OWN = "/account/single-sign-on"
NOTHING = "Single sign-on did not work, and nothing has changed"


def back(client: FlaskClient, provider: StandIn, wanted: str = "/") -> str:
    """Off to the provider and signed in there: the address it sends the browser back to."""
    return provider.authorize(client.get(f"/single-sign-on/start?next={wanted}").location)


def nobody(client: FlaskClient) -> bool:
    return str(client.get("/account").location).startswith("/sign-in")
