"""The characters get their accounts, and each board its company."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.demo import content
from panel.demo.content import BoardPlan
from panel.playing.company import Company, Member, empower, hire

#: Nothing in the demonstration is secret: everybody signs in with this.
PASSWORD = "lanterns along the viaduct"  # noqa: S105 - shown on the demonstration's sign-in page


def hire_all(db: Session, profile: str) -> Mapping[str, Member]:
    """An account for every character, and the system's roles for those who run it."""
    members = {
        key: hire(db, name=who.name, email=who.email, staff_no=who.staff_no, password=PASSWORD, profile=profile)
        for key, who in content.people().items()
    }
    for each in content.playing("hr"):
        empower(db, members[each.key], Role.HR)
    for each in content.playing("administrator"):
        empower(db, members[each.key], Role.ADMINISTRATOR)
    return members


def company_of(plan: BoardPlan, members: Mapping[str, Member]) -> Company:
    """Who plays which part on one board."""
    return Company(
        hr=members[plan.hr],
        chair=members[plan.chair],
        deputy=members[plan.deputy],
        custodians=tuple(members[key] for key in plan.custodians),
        markers=tuple(members[key] for key in plan.markers),
        candidates=tuple(members[key] for key in plan.submitted),
        auditor=members[content.playing("auditor")[0].key],
    )
