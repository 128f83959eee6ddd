"""What a person has for the second step, as pages read it, and who cannot do without."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from panel.access.queries import person_of, roles
from panel.config import Config
from panel.kernel.errors import Missing
from panel.kernel.ids import AccountId, PasskeyId
from panel.named.accounts.factors.models import AuthenticatorRow, PasskeyRow, RecoveryCodeRow

#: Whether an authenticator app's secret was proved by a first code.
HELD: Final = "held"
OFFERED: Final = "offered"


@dataclass(frozen=True)
class Passkey:
    """One passkey, as its owner knows it."""

    id: PasskeyId
    name: str
    added_on: date


@dataclass(frozen=True)
class Held:
    """What one person has. Recovery codes alone are no second step: they stand in for one that is lost."""

    authenticator: bool
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether she signs in with a second step."""
        return self.count > 0

    @property
    def count(self) -> int:
        """How many ways there are."""
        return self.authenticator + len(self.passkeys)

    def passkey(self, wanted: PasskeyId) -> Passkey:
        """One of them. Raises Missing."""
        found = next((each for each in self.passkeys if each.id == wanted), None)
        if found is None:
            raise Missing
        return found


def held(db: Session, account: AccountId) -> Held:
    """What the person has."""
    passkeys = db.execute(
        select(PasskeyRow.id, PasskeyRow.name, PasskeyRow.added_on)
        .where(PasskeyRow.account == account)
        .order_by(PasskeyRow.added_on, PasskeyRow.name, PasskeyRow.id)
    )
    codes = db.scalar(select(func.count()).select_from(RecoveryCodeRow).where(RecoveryCodeRow.account == account))
    app = select(AuthenticatorRow.account).where(AuthenticatorRow.account == account, AuthenticatorRow.state == HELD)
    return Held(db.scalar(app) is not None, tuple(Passkey(*row) for row in passkeys), codes or 0)


def demanded(db: Session, config: Config, account: AccountId) -> bool:
    """Whether the person may not sign in without: every part there is asks for it, being a candidate does not."""
    return config.demands_second_factor and bool(roles(db, person_of(db, account)))


def any_authenticator(db: Session) -> bool:
    """Whether some secret is sealed under the key file, which then must not go missing."""
    return db.scalar(select(AuthenticatorRow.account).limit(1)) is not None
