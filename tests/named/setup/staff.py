"""People of a fictional force, and a draft that one of them has begun."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from panel.access import queries as access
from panel.access import service as access_service
from panel.access.actor import Person
from panel.access.roles import Role
from panel.kernel.ids import SYSTEM, AccountId, BoardId
from panel.named.accounts import service as accounts
from panel.named.setup import service

PASSWORD = "crane velvet pocket"
HR = "hana.ross@fictional.police.uk"


@dataclass(frozen=True)
class Draft:
    """A board just begun, and who began it."""

    board: BoardId
    hr: AccountId


def person(db: Session, name: str, *roles: Role) -> AccountId:
    """An account that can sign in, with these roles on the system."""
    email = f"{name.lower().replace(' ', '.')}@fictional.police.uk"
    account = accounts.add_active(
        db, name=name, email=email, staff_no=name[::-1][:6], password=PASSWORD, profile="rehearsal"
    )
    for role in roles:
        access_service.grant(db, SYSTEM, account, role)
    return account


def acting(db: Session, account: AccountId) -> Person:
    """The person as a view hands them to a verb."""
    marker = access.person_of(db, account)
    return Person(marker, access.roles(db, marker), account)


def begun(db: Session) -> Draft:
    """A draft of Hana Ross's."""
    hana = person(db, "Hana Ross", Role.HR)
    return Draft(service.create(db, acting(db, hana), "Inspector 2027"), hana)
