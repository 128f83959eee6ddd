"""What a sample answer with an agreed score is written for. Pure."""

from enum import StrEnum


class Purpose(StrEnum):
    """The first three are marked in practice, knowingly; a seed is met unmarked, among real answers."""

    PRACTICE = "practice"
    QUALIFICATION = "qualification"
    SECOND = "second"
    SEED = "seed"
