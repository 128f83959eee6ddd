"""The people of a played board: accounts made at once, and who they are to the services."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from panel.access import queries as access
from panel.access import service as access_service
from panel.access.actor import Person
from panel.access.roles import Role
from panel.kernel.ids import SYSTEM, AccountId, MarkerId
from panel.named.accounts import service as accounts


@dataclass(frozen=True)
class Member:
    """One person: the account, the id that the blind side and the log know, and the particulars that are sealed."""

    account: AccountId
    marker: MarkerId
    name: str
    email: str
    staff_no: str


@dataclass(frozen=True)
class Company:
    """Who plays which part."""

    hr: Member
    chair: Member
    deputy: Member
    custodians: tuple[Member, ...]
    markers: tuple[Member, ...]
    candidates: tuple[Member, ...]
    auditor: Member

    @property
    def keyholders(self) -> tuple[Member, ...]:
        """Everybody who needs a key pair before the board can open."""
        return (*self.custodians, self.chair, self.deputy)


def hire(
    db: Session, *, name: str, email: str, staff_no: str, password: str, profile: str, preferred_name: str = ""
) -> Member:
    """An account that can sign in at once."""
    account = accounts.add_active(
        db,
        name=name,
        email=email,
        staff_no=staff_no,
        password=password,
        profile=profile,
        preferred_name=preferred_name,
    )
    return Member(account, access.person_of(db, account), name, email, staff_no)


def empower(db: Session, member: Member, *roles: Role) -> None:
    """Give a person roles on the system as a whole."""
    for role in roles:
        access_service.grant(db, SYSTEM, member.account, role)


def acting(db: Session, member: Member) -> Person:
    """The person as the services know who is asking, with the roles held now."""
    return Person(member.marker, access.roles(db, member.marker), member.account)
