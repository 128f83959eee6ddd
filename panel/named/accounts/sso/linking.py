"""Whose account an identity opens. Its owner links it, signed in here, by issuer and subject, never by address."""

from contextlib import suppress

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from panel.kernel.ids import AccountId
from panel.named.accounts import posting
from panel.named.accounts.letters import Letter
from panel.named.accounts.models import Account, LinkedIdentity
from panel.named.accounts.queries import State, linked
from panel.named.accounts.sso.errors import LinkedAlready, NotLinked
from panel.named.accounts.sso.id_token import Identity


def owner(db: Session, identity: Identity) -> AccountId:
    """The open account that the identity is linked to. Raises NotLinked; it never makes an account."""
    query = (
        select(Account.id)
        .join(LinkedIdentity, LinkedIdentity.account == Account.id)
        .where(
            LinkedIdentity.issuer == identity.issuer,
            LinkedIdentity.subject == identity.subject,
            Account.state == State.ACTIVE,
        )
    )
    found = db.scalar(query)
    if found is None:
        raise NotLinked
    return found


def opens(db: Session, identity: Identity, account: AccountId) -> bool:
    """Whether the identity is linked to that account."""
    with suppress(NotLinked):
        return owner(db, identity) == account
    return False


def link(db: Session, account: AccountId, identity: Identity) -> None:
    """From now on the identity opens the account, and its owner is told by letter. Raises LinkedAlready."""
    row = {"issuer": identity.issuer, "subject": identity.subject, "account": account}
    try:
        with db.begin_nested():
            db.execute(insert(LinkedIdentity).values(**row))
    except IntegrityError as error:
        raise LinkedAlready from error
    posting.post(db, [account], Letter.SIGN_ON_CHANGED)


def unlink(db: Session, account: AccountId, issuer: str) -> None:
    """The provider opens the account no more, and its owner is told by letter."""
    if linked(db, account, issuer):
        mine = (LinkedIdentity.account == account) & (LinkedIdentity.issuer == issuer)
        db.execute(delete(LinkedIdentity).where(mine))
        posting.post(db, [account], Letter.SIGN_ON_CHANGED)
