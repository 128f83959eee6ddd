"""Who walks through the application: one person of each part of the board, and people who have none on it."""

from collections.abc import Iterator
from dataclasses import dataclass

from panel.access import service as access
from panel.access.roles import Role
from panel.blindcheck.planting import Planted
from panel.blindcheck.rules import Part
from panel.kernel.ids import SYSTEM, BoardId
from panel.named.setup import service as setup
from panel.playing import company
from panel.playing.company import Member
from panel.playing.wording import password


@dataclass(frozen=True)
class Visitor:
    """Somebody who walks. `person`: which candidate, if one."""

    part: Part
    member: Member | None = None
    person: int | None = None

    @property
    def marker(self) -> str:
        """The id by which the blind side knows her."""
        return str(self.member.marker) if self.member else ""


def visitors(season: Planted) -> Iterator[Visitor]:
    """Everybody. The season's database gets accounts for those who have no part on the board."""
    people = season.people
    yield Visitor(Part.NOBODY)
    yield Visitor(Part.CANDIDATE, people.candidates[0], 0)
    yield Visitor(Part.ANOTHER_CANDIDATE, people.candidates[1], 1)
    yield Visitor(Part.MARKER, people.markers[0])
    yield Visitor(Part.CHAIR, people.chair)
    yield Visitor(Part.DEPUTY, people.deputy)
    yield Visitor(Part.CUSTODIAN, people.custodians[0])
    yield Visitor(Part.HR, people.hr)
    yield Visitor(Part.AUDITOR, people.auditor)
    elsewhere = _another_board(season)
    yield _hired(season, Part.NEWCOMER)
    yield _hired(season, Part.MARKER_ELSEWHERE, (elsewhere, Role.MARKER))
    yield _hired(season, Part.CHAIR_ELSEWHERE, (elsewhere, Role.CHAIR))
    yield _hired(season, Part.ADMINISTRATOR, (SYSTEM, Role.ADMINISTRATOR))
    yield _hired(season, Part.SYSTEM_AUDITOR, (SYSTEM, Role.AUDITOR))
    yield _hired(season, Part.SUCCESSOR, (season.board, Role.NEXT_CUSTODIAN))


def _another_board(season: Planted) -> BoardId:
    with season.database.writing() as db:
        return setup.create(db, company.acting(db, season.people.hr), "Another board")


def _hired(season: Planted, part: Part, *roles: tuple[BoardId, Role]) -> Visitor:
    email = f"{part}@blindcheck.example".replace(" ", ".").lower()
    with season.database.writing() as db:
        member = company.hire(
            db, name=part.capitalize(), email=email, staff_no=email, password=password(), profile=season.config.profile
        )
        for board, role in roles:
            access.grant(db, board, member.account, role)
    return Visitor(part, member)
