"""The identity provider's word on who somebody is: signed by it, for us, in answer to our question, and not yet old."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from panel.config import SingleSignOn
from panel.named.accounts.sso.errors import SignOnRefused

#: Signatures that only the provider can make: none at all, or one by a secret that we know too, is no word of it.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
#: How far the two clocks may differ.
_SKEW: Final = timedelta(minutes=1)
_LONGEST_SUBJECT: Final = 255


@dataclass(frozen=True)
class Identity:
    """A person as the provider knows her, and whether it vouches for a second factor."""

    issuer: str
    subject: str
    second_factor: bool


@dataclass(frozen=True)
class Demand:
    """What the token must say: in answer to this nonce and, if asked for, that she proved herself since then."""

    nonce: str
    since: datetime | None = None


def identity(
    settings: SingleSignOn, token: Mapping[str, Any], keys: Mapping[str, Any], demand: Demand, now: datetime
) -> Identity:
    """Who it is. `token`: the answer of the token endpoint; `keys`: the provider's key set. Raises SignOnRefused."""
    try:
        claims = _claims(settings, token, keys, demand, now)
    # what is malformed fails in many ways; none of them lets anybody in
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise SignOnRefused from error
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise SignOnRefused
    if demand.since is not None and not _fresh(claims.get("auth_time"), demand.since):
        raise SignOnRefused
    return Identity(settings.issuer, subject, _vouches(settings, claims))


def _claims(
    settings: SingleSignOn, token: Mapping[str, Any], keys: Mapping[str, Any], demand: Demand, now: datetime
) -> CodeIDToken:
    signed = jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms=list(ALGORITHMS))  # type: ignore[arg-type]
    claims = CodeIDToken(
        signed.claims,
        signed.header,
        options={
            "iss": {"essential": True, "value": settings.issuer},
            "aud": {"essential": True, "value": settings.client_id},
        },
        params={"nonce": demand.nonce, "client_id": settings.client_id, "access_token": token.get("access_token")},
    )
    claims.validate(now=int(now.timestamp()), leeway=int(_SKEW.total_seconds()))
    return claims


def _fresh(moment: object, since: datetime) -> bool:
    return isinstance(moment, int) and moment >= (since - _SKEW).timestamp()


def _vouches(settings: SingleSignOn, claims: Mapping[str, Any]) -> bool:
    methods, level = claims.get("amr") or [], claims.get("acr")
    said = {each for each in (*methods, level) if isinstance(each, str)}
    return bool(said & settings.second_factor)
