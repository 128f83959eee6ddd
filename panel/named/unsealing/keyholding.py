"""A keyholder's own key: made, proved, locked anew after a forgotten passphrase, given up; and her share proved.

Private keys are touched in the child alone. The verbs that take a Database ask it, and need the caller's own
transaction to be over: the child has a connection of its own, and SQLite would wait on itself.
"""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.queries import holders
from panel.access.roles import KEYHOLDERS, Role
from panel.audit.service import append
from panel.config import Config
from panel.kernel.database import Database
from panel.kernel.encoding import Json
from panel.kernel.ids import SYSTEM, AccountId, BoardId
from panel.named.accounts.letters import Letter
from panel.named.accounts.posting import post
from panel.named.unsealing.asking import ask_child, keyholding_role
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.child.room import NotKeyholder
from panel.sealed.vault import queries as vault_queries
from panel.sealed.vault import service as vault


@dataclass(frozen=True)
class Sheet:
    """What a keyholder is shown once. `recovery` is empty when only the passphrase is new."""

    passphrase: str = field(repr=False)
    fingerprint: bytes
    recovery: str = field(default="", repr=False)


def enrol(database: Database, config: Config, person: Person) -> Sheet:
    """Make the person a keyholder. Raises Missing for someone with no such part, and AlreadyEnrolled."""
    return _sheet(ask_child(database, config, Request.by(person, "enrol", keyholding_role(person))))


def prove(database: Database, config: Config, person: Person, *, passphrase: str, recovery: str) -> None:
    """Prove both ways to one's key; from then on a board may seat the person.

    Raises NotWords, NotCode, NotKeyholder, WrongPassphrase, WrongRecoveryCode and TooManyAttempts.
    """
    role = keyholding_role(person)
    ask_child(database, config, Request.by(person, "prove", role, passphrase=passphrase, recovery=recovery))


def renew(database: Database, config: Config, person: Person, *, recovery: str) -> Sheet:
    """A new passphrase for a forgotten one. Raises NotCode, NotKeyholder, WrongRecoveryCode and TooManyAttempts."""
    return _sheet(ask_child(database, config, Request.by(person, "renew", keyholding_role(person), recovery=recovery)))


def prove_seat(database: Database, config: Config, person: Person, board: BoardId, *, passphrase: str) -> None:
    """Show that one's share of a board still opens and agrees with the commitments. Raises NoSeat and Unsound too."""
    role = keyholding_role(person, board)
    ask_child(database, config, Request.by(person, "prove", role, board, passphrase=passphrase))


def retire(db: Session, person: Person) -> None:
    """Give up the person's key for good. Shares that lie under it stay lost: nobody can make them again.

    Everyone near the boards concerned gets a letter, for their custody has become weaker. Raises NotKeyholder.
    """
    role, key = keyholding_role(person), vault_queries.keyholder_of(db, person.account)
    if key is None:
        raise NotKeyholder
    vault.retire(db, key.id)
    post(db, _near(db, person.account), Letter.CHANGED)
    facts: dict[str, Json] = {"keyholder": str(key.id), "fingerprint": key.fingerprint.hex()}
    append(db, SYSTEM, "keyholder.retired", person.id, role, facts)


def _near(db: Session, account: AccountId) -> set[AccountId]:
    boards = vault_queries.seats_of(db, account)
    return {each.account for board in boards for each in holders(db, board, Role.HR, *KEYHOLDERS)} - {account}


def _sheet(done: dict[str, str]) -> Sheet:
    return Sheet(done["passphrase"], bytes.fromhex(done["fingerprint"]), done.get("recovery", ""))
