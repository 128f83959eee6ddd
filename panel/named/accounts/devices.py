"""Browsers in which a person has signed in: each holds a random token, and here is its hash, whose it is, until when.

Nothing says which browser or where it is, and no row is written but at a sign-in or when a password is set. A token
opens nothing: the password is asked for all the same. All it does is keep attempts of others apart (see `throttle`).
"""

import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from panel.kernel import clock
from panel.kernel.encoding import digest
from panel.kernel.ids import AccountId
from panel.named.accounts.models import KnownDevice

#: How long a browser stays known, and how much of that must be left for it to keep its token.
LIFE: Final = timedelta(days=90)
_RENEWED: Final = timedelta(days=30)


def remember(db: Session, account: AccountId, token: str) -> str | None:
    """The person has just signed in: the token for her browser to keep, or None while the one it showed still lasts."""
    today = clock.today()
    shown = digest(token.encode())
    lasting = select(KnownDevice.account).where(
        KnownDevice.token_hash == shown, KnownDevice.expires_on >= today + _RENEWED
    )
    if db.scalar(lasting) == account:
        return None
    own = (KnownDevice.token_hash == shown) & (KnownDevice.account == account)
    db.execute(delete(KnownDevice).where((KnownDevice.expires_on < today) | own))
    made = secrets.token_urlsafe(32)
    row = {"token_hash": digest(made.encode()), "account": account, "expires_on": today + LIFE}
    db.execute(insert(KnownDevice).values(**row))
    return made


def known(db: Session, token: str) -> AccountId | None:
    """To whose account the browser with this token is known."""
    query = select(KnownDevice.account).where(
        KnownDevice.token_hash == digest(token.encode()), KnownDevice.expires_on >= clock.today()
    )
    return db.scalar(query)


def forget(db: Session, account: AccountId, but: str = "") -> None:
    """No browser is known to the account any more, but the one with this token."""
    db.execute(
        delete(KnownDevice).where(KnownDevice.account == account, KnownDevice.token_hash != digest(but.encode()))
    )
