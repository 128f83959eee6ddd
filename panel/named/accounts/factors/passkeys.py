"""Passkeys: registered under a name, and asked to sign a challenge of ours, with the person before them checked."""

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from panel.kernel import clock
from panel.kernel.encoding import context, digest
from panel.kernel.errors import Invalid
from panel.kernel.ids import AccountId, PasskeyId
from panel.named.accounts.factors.models import PasskeyRow
from panel.named.accounts.letters import SERVICE

MOST: Final = 10
_LABEL: Final = b"panel/passkey-user/v1"


class NotRegistered(Invalid):
    """The browser's answer does not hold, or the passkey is registered already."""

    sentence = "The passkey could not be added. Try again, and unlock it when your device asks you to"


class TooMany(Invalid):
    """Nobody keeps an eye on more than that."""

    sentence = f"You have {MOST} passkeys. Remove one before you add another"


@dataclass(frozen=True)
class Site:
    """Whom passkeys are made for: the name of the host, and the whole origin as browsers report it."""

    name: str
    origin: str


def site(base_url: str) -> Site | None:
    """The service as its public address names it; None if passkeys cannot be: a bare number, or no TLS."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if _is_number(host) or not (parts.scheme == "https" or host == "localhost"):
        return None
    return Site(host, f"{parts.scheme}://{parts.netloc}")


def to_register(db: Session, where: Site, account: AccountId, email: str, challenge: bytes) -> str:
    """What the browser needs to make a passkey, as JSON. Raises TooMany."""
    known = _known(db, account)
    if len(known) >= MOST:
        raise TooMany
    asked = AuthenticatorSelectionCriteria(
        resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
    )
    options = webauthn.generate_registration_options(
        rp_id=where.name,
        rp_name=SERVICE,
        user_name=email,
        user_id=digest(context(_LABEL, account)),
        challenge=challenge,
        authenticator_selection=asked,
        exclude_credentials=known,
    )
    return webauthn.options_to_json(options)


def to_use(db: Session, where: Site, account: AccountId, challenge: bytes) -> str:
    """What the browser needs to ask one of the person's passkeys, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=where.name,
        challenge=challenge,
        allow_credentials=_known(db, account),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def register(db: Session, where: Site, account: AccountId, name: str, answer: str, challenge: bytes | None) -> None:
    """Keep the passkey that signed this challenge for this site, its holder checked. Raises NotRegistered, TooMany."""
    if challenge is None:
        raise NotRegistered
    if len(_known(db, account)) >= MOST:
        raise TooMany
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=where.name,
            expected_origin=where.origin,
            require_user_verification=True,
        )
        with db.begin_nested():
            db.add(_row(account, name, made.credential_id, made.credential_public_key, made.sign_count))
    except (WebAuthnException, IntegrityError, ValueError, KeyError, TypeError) as error:
        raise NotRegistered from error


def use(db: Session, where: Site, account: AccountId, answer: str, challenge: bytes | None) -> bool:
    """Whether one of the person's own passkeys signed this challenge for this site, its holder checked."""
    if challenge is None:
        return False
    try:
        credential = webauthn.helpers.parse_authentication_credential_json(answer)
        row = db.scalar(select(PasskeyRow).where(_of(account), PasskeyRow.credential == credential.raw_id))
        if row is None:
            return False
        told = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=where.name,
            expected_origin=where.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return False
    # a copy of a passkey that counts shows when both are used; compared and swapped, since both may be at once
    swap = update(PasskeyRow).where(PasskeyRow.id == row.id, PasskeyRow.sign_count == row.sign_count)
    return db.scalar(swap.values(sign_count=told.new_sign_count).returning(PasskeyRow.id)) is not None


def remove(db: Session, account: AccountId, passkey: PasskeyId) -> None:
    """Forget one of the person's passkeys."""
    db.execute(delete(PasskeyRow).where(_of(account), PasskeyRow.id == passkey))


def remove_all(db: Session, account: AccountId) -> None:
    """Forget every passkey of the person."""
    db.execute(delete(PasskeyRow).where(_of(account)))


def _known(db: Session, account: AccountId) -> list[PublicKeyCredentialDescriptor]:
    query = select(PasskeyRow.credential).where(_of(account)).order_by(PasskeyRow.credential)
    return [PublicKeyCredentialDescriptor(id=credential) for credential in db.scalars(query)]


def _of(account: AccountId) -> ColumnElement[bool]:
    return PasskeyRow.account == account


def _row(account: AccountId, name: str, credential: bytes, public_key: bytes, sign_count: int) -> PasskeyRow:
    return PasskeyRow(
        id=PasskeyId.new(),
        account=account,
        credential=credential,
        public_key=public_key,
        sign_count=sign_count,
        name=name,
        added_on=clock.today(),
    )


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
