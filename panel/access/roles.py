"""The parts people play. Being a candidate is not one: a role here would be a roll that the blind side can read."""

from enum import StrEnum


class Role(StrEnum):
    """A part on one board; HR and administrator may also be held on the system as a whole."""

    HR = "hr"
    MARKER = "marker"
    CHAIR = "chair"
    DEPUTY = "deputy"
    CUSTODIAN = "custodian"
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
    Role.AUDITOR: "auditor",
    Role.ADMINISTRATOR: "administrator",
}
