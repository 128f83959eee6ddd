"""Browsers in which a person has signed in: each holds a random token, and here is its hash, whose it is, until when.

Nothing says which browser or where it is, and no row is written but at a sign-in or when a password is set. A token
opens nothing: the password is asked for all the same. All it does is keep attempts of others apart (see `throttle`).
A browser that several people use keeps a token for each of the last few of them.
"""

import secrets
from collections.abc import Sequence
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
#: How many people one browser can be known to; the one who was there longest ago gives way.
MOST: Final = 5


def remember(db: Session, account: AccountId, shown: Sequence[str]) -> tuple[str, ...] | None:
    """The person has just signed in: the tokens for her browser to keep, hers first; None if it needs no others.

    `shown`: the tokens that it has, of which hers lasts a while.
    """
    today = clock.today()
    live = _rows(db, shown)
    own = {each.token_hash: each.expires_on for each in live if each.account == account}
    if any(expires_on >= today + _RENEWED for expires_on in own.values()):
        return None
    db.execute(delete(KnownDevice).where((KnownDevice.expires_on < today) | KnownDevice.token_hash.in_(own)))
    made = secrets.token_urlsafe(32)
    row = {"token_hash": _hash(made), "account": account, "expires_on": today + LIFE}
    db.execute(insert(KnownDevice).values(**row))
    others = {each.token_hash for each in live} - own.keys()
    return (made, *(each for each in shown if _hash(each) in others))[:MOST]


def known(db: Session, shown: Sequence[str], account: AccountId | None = None) -> bytes | None:
    """The hash by which attempts of this browser are counted, if it is known to the account, or to anybody."""
    live = [each for each in _rows(db, shown) if account in {None, each.account}]
    # as the browser shows them: the same one each time
    order = [_hash(each) for each in shown]
    return min((each.token_hash for each in live), key=order.index, default=None)


def forget(db: Session, account: AccountId, but: Sequence[str] = ()) -> None:
    """No browser is known to the account any more, but the one with these tokens."""
    kept = [_hash(each) for each in but]
    db.execute(delete(KnownDevice).where(KnownDevice.account == account, KnownDevice.token_hash.not_in(kept)))


def _rows(db: Session, shown: Sequence[str]) -> Sequence[KnownDevice]:
    ours = KnownDevice.token_hash.in_([_hash(each) for each in shown])
    query = select(KnownDevice).where(ours, KnownDevice.expires_on >= clock.today())
    return db.scalars(query.order_by(KnownDevice.token_hash)).all() if shown else ()


def _hash(token: str) -> bytes:
    return digest(token.encode())
