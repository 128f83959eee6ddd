"""Talking to the identity provider. Authlib makes the question and fetches the token; only `sso` pages import this."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

from panel.config import SingleSignOn, tls_or_loopback
from panel.kernel import clock
from panel.named.accounts.sso.addresses import ANSWER, LEFT
from panel.named.accounts.sso.asking import Purpose, Question
from panel.named.accounts.sso.errors import ProviderSilent, SignOnRefused
from panel.named.accounts.sso.id_token import Demand, Identity, identity

_TIMEOUT: Final = 5
_KEPT: Final = timedelta(hours=1)
#: Whoever links an identity proves herself at the provider just then: a browser may be signed in there as another.
FRESH: Final = timedelta(minutes=5)
#: What the provider is asked for beside: that she proves herself there anew. By `max_age` it must say when she did.
_ANEW: Final[Mapping[Purpose, Mapping[str, str | int]]] = {
    Purpose.SIGN_IN: {},
    Purpose.LINK: {"prompt": "login", "max_age": int(FRESH.total_seconds())},
    Purpose.STEP_UP: {"prompt": "login", "max_age": 0},
}
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass
class Provider:
    """The force's provider, as this service is known to it. `answer`: where it sends people back to."""

    settings: SingleSignOn
    answer: str
    _known: tuple[datetime, Mapping[str, Any]] | None = None

    def address(self, question: Question) -> str:
        """Where the browser goes with the question: code flow, PKCE S256, state and nonce. Raises ProviderSilent."""
        extra = {"nonce": question.nonce, "code_verifier": question.verifier, **_ANEW[question.purpose]}
        # nothing but who it is: an address is never asked for, since nobody is found by it
        client = self._client()
        address, _state = client.create_authorization_url(
            self._about["authorization_endpoint"], state=question.state, **extra
        )
        return str(address)

    def person(self, question: Question, code: str) -> Identity:
        """Who has answered. Raises SignOnRefused for whatever does not hold, and ProviderSilent."""
        about = self._about
        try:
            token = self._client().fetch_token(
                about["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=question.verifier,
                timeout=_TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise ProviderSilent from error
        except (AuthlibBaseError, ValueError) as error:
            raise SignOnRefused from error
        since = {Purpose.LINK: clock.now() - FRESH, Purpose.STEP_UP: question.asked_at}.get(question.purpose)
        return identity(self.settings, token, _fetched(about["jwks_uri"]), Demand(question.nonce, since), clock.now())

    def farewell(self) -> str | None:
        """Where the browser ends its sign-in there (OpenID Connect RP-Initiated Logout), if the provider tells.

        No token is kept, so it is not told whose: it asks the person. Raises ProviderSilent.
        """
        door = self._about.get("end_session_endpoint")
        if not isinstance(door, str) or not tls_or_loopback(door):
            return None
        back = self.answer.removesuffix(ANSWER) + LEFT
        said = urlencode({"client_id": self.settings.client_id, "post_logout_redirect_uri": back})
        return f"{door}{'&' if urlsplit(door).query else '?'}{said}"

    def _client(self) -> OAuth2Session:
        return OAuth2Session(
            self.settings.client_id,
            self.settings.client_secret,
            scope="openid",
            redirect_uri=self.answer,
            code_challenge_method="S256",
        )

    @property
    def _about(self) -> Mapping[str, Any]:
        now = clock.now()
        if self._known is None or now - self._known[0] > _KEPT:
            self._known = now, self._discovered()
        return self._known[1]

    def _discovered(self) -> Mapping[str, Any]:
        issuer = self.settings.issuer
        about = _fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        places = [about.get(name) for name in _ENDPOINTS]
        if about.get("issuer") != issuer or not all(isinstance(at, str) and tls_or_loopback(at) for at in places):
            raise ProviderSilent
        return about


@cache
def provider_of(settings: SingleSignOn, answer: str) -> Provider:
    """The one provider of this process, which remembers for an hour where its doors are."""
    return Provider(settings, answer)


def _fetched(address: str) -> Mapping[str, Any]:
    try:
        answer = requests.get(address, timeout=_TIMEOUT, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise ProviderSilent from error
    if not isinstance(found, dict):
        raise ProviderSilent
    return found
