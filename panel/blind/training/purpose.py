"""What a script with an agreed score is for. Pure."""

from enum import StrEnum
from typing import Final


class Purpose(StrEnum):
    """What a script with an agreed score is for. Each script has one purpose, so that those that qualify are fresh.

    Taken out: a seed that named somebody, and goes into no queue any more.
    """

    PRACTICE = "practice"
    QUALIFICATION = "qualification"
    SECOND = "second"
    SEED = "seed"
    TAKEN_OUT = "taken out"


#: What a marker meets before she marks real answers, in this order, with the words for one such script.
PRACTISED: Final = {
    Purpose.PRACTICE: "practice script",
    Purpose.QUALIFICATION: "qualification script",
    Purpose.SECOND: "second-attempt script",
}


#: The attempts to qualify in one round, in their order: on fresh scripts, then on others.
ATTEMPTS: Final = (Purpose.QUALIFICATION, Purpose.SECOND)
