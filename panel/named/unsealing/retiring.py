"""A keyholder who has lost both ways to her key gives it up, so that she can make another for boards to come."""

from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.queries import holders
from panel.access.roles import Role
from panel.audit.service import append
from panel.kernel.encoding import Json
from panel.kernel.ids import SYSTEM, AccountId
from panel.named.accounts.letters import Letter
from panel.named.accounts.posting import post
from panel.named.unsealing.queries import KEYHOLDERS
from panel.named.unsealing.room import NotKeyholder
from panel.named.unsealing.service import keyholding_role
from panel.sealed.vault import queries, service


def retire(db: Session, person: Person) -> None:
    """Give up the person's key for good. Shares that lie under it stay lost: nobody can make them again.

    Everyone near the boards concerned gets a letter, for their custody has become weaker. Raises NotKeyholder.
    """
    role, key = keyholding_role(person), queries.keyholder_of(db, person.account)
    if key is None:
        raise NotKeyholder
    service.retire(db, key.id)
    post(db, _near(db, person.account), Letter.CHANGED)
    facts: dict[str, Json] = {"keyholder": str(key.id), "fingerprint": key.fingerprint.hex()}
    append(db, SYSTEM, "keyholder.retired", person.id, role, facts)


def _near(db: Session, account: AccountId) -> set[AccountId]:
    boards = queries.seats_of(db, account)
    return {each.account for board in boards for each in holders(db, board, Role.HR, *KEYHOLDERS)} - {account}
