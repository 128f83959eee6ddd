"""The parts people play. Being a candidate is not one: a role here would be a roll that the blind side can read."""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """A part on one board; HR and administrator may also be held on the system as a whole.

    Who is next in a seat may become a keyholder and take that seat over, and nothing else: the part of the one who
    leaves comes with the seat.
    """

    HR = "hr"
    MARKER = "marker"
    CHAIR = "chair"
    DEPUTY = "deputy"
    CUSTODIAN = "custodian"
    NEXT_CUSTODIAN = "next-custodian"
    NEXT_LEADER = "next-leader"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """As screens call it."""
        return _TITLES[self]


_TITLES = {
    Role.HR: "HR",
    Role.MARKER: "panel member",
    Role.CHAIR: "chair",
    Role.DEPUTY: "deputy chair",
    Role.CUSTODIAN: "custodian",
    Role.NEXT_CUSTODIAN: "custodian’s successor",
    Role.NEXT_LEADER: "panel leader’s successor",
    Role.AUDITOR: "auditor",
    Role.ADMINISTRATOR: "administrator",
}

LEADERS: Final = (Role.CHAIR, Role.DEPUTY)
KEYHOLDERS: Final = (Role.CUSTODIAN, *LEADERS)
#: In which part somebody waits for a seat. It lets her make and prove a key, and nothing else.
SUCCESSORS: Final = (Role.NEXT_CUSTODIAN, Role.NEXT_LEADER)
WITH_KEYS: Final = (*KEYHOLDERS, *SUCCESSORS)
