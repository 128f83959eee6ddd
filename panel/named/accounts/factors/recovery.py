"""Recovery codes: for who has lost the phone. Ten, shown once, each good for one sign-in."""

from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from panel.kernel.encoding import context, digest
from panel.kernel.errors import Malformed
from panel.kernel.ids import AccountId, SignInCode
from panel.named.accounts.factors.models import RecoveryCodeRow

COUNT: Final = 10
_LABEL: Final = b"panel/recovery/v1"


def renew(db: Session, account: AccountId) -> tuple[SignInCode, ...]:
    """Ten new codes, which are kept nowhere here; those from before stop working."""
    forget(db, account)
    codes = tuple(SignInCode.new() for _ in range(COUNT))
    db.add_all([RecoveryCodeRow(account=account, digest=_kept(account, code)) for code in codes])
    db.flush()
    return codes


def use(db: Session, account: AccountId, typed: str) -> bool:
    """Whether it is one of the person's codes, which is used up hereby: of two requests at once only one has it."""
    try:
        code = SignInCode(typed)
    except Malformed:
        return False
    spent = (
        delete(RecoveryCodeRow)
        .where(RecoveryCodeRow.account == account, RecoveryCodeRow.digest == _kept(account, code))
        .returning(RecoveryCodeRow.account)
    )
    return db.scalar(spent) is not None


def forget(db: Session, account: AccountId) -> None:
    """None of the person's codes works any more."""
    db.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account == account))


def _kept(account: AccountId, code: SignInCode) -> bytes:
    # 120 random bits are past guessing however fast one guesses, so a slow hash would protect nothing more
    return digest(context(_LABEL, account, code.encode()))
