"""The provider's word: whatever about it does not hold lets nobody in."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc.jwk import ECKey, OctKey

from panel.config import SingleSignOn
from panel.kernel import clock
from panel.named.accounts.sso.id_token import Demand, identity
from tests.named.accounts.sso.stand_in import CLIENT, SECRET, StandIn, rsa
from tests.named.accounts.sso.walking import NOTHING, back, nobody

pytestmark = pytest.mark.vault("V24")

WRONG: dict[str, Callable[[StandIn], dict[str, Any]]] = {
    "another nonce": lambda _: {"says": {"nonce": "n" * 43}},
    "no nonce": lambda _: {"says": {"nonce": None}},
    "for somebody else": lambda _: {"says": {"aud": "another-service"}},
    "for somebody else and us": lambda _: {"says": {"aud": [CLIENT, "another"], "azp": "another"}},
    "for somebody else, by us": lambda _: {"says": {"aud": "another-service", "azp": CLIENT}},
    "from somebody else": lambda _: {"says": {"iss": "https://idp.example"}},
    "no issuer": lambda _: {"says": {"iss": None}},
    "of yesterday": lambda _: {"says": {"exp": int(clock.now().timestamp()) - 100}},
    "without an end": lambda _: {"says": {"exp": None}},
    "of tomorrow": lambda _: {"says": {"nbf": int(clock.now().timestamp()) + 86400}},
    "nobody": lambda _: {"says": {"sub": None}},
    "an empty name": lambda _: {"says": {"sub": ""}},
    "a number for a name": lambda _: {"says": {"sub": 7}},
    "unsigned": lambda _: {"algorithm": "none"},
    "signed with another key": lambda p: {"key": ECKey.generate_key("P-256", {"kid": "now"}), "published": [p.key]},
    "signed with the secret": lambda p: {
        "algorithm": "HS256",
        "key": OctKey.import_key(SECRET * 2),
        "published": [p.key],
    },
}


@pytest.mark.parametrize("what", WRONG)
def test_a_token_that_does_not_hold_lets_nobody_in(linked: FlaskClient, provider: StandIn, what: str) -> None:
    coming = back(linked, provider)
    vars(provider).update(WRONG[what](provider))
    answer = linked.get(coming)
    assert (answer.status_code, NOTHING in answer.text) == (400, True)
    assert nobody(linked)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_token_with_one_changed_letter_is_refused(provider: StandIn, settings: SingleSignOn, place: int) -> None:
    now = clock.now()
    keys, good = provider.document("/keys") or {}, provider.signed("n")
    assert identity(settings, {"id_token": good}, keys, Demand("n"), now).subject == provider.subject
    parts = good.split(".")
    parts[place] = parts[place][:9] + ("A" if parts[place][9] != "A" else "B") + parts[place][10:]
    with pytest.raises(Exception, match=NOTHING):
        identity(settings, {"id_token": ".".join(parts)}, keys, Demand("n"), now)


def test_a_key_of_the_other_kind_signs_too(linked: FlaskClient, provider: StandIn) -> None:
    coming = back(linked, provider)
    vars(provider).update(key=rsa(), algorithm="RS256")
    assert linked.get(coming).status_code == 303
