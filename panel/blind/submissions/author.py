"""What gives an author away, and what she told of herself so that it can be found. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a passage gives away, in the words shown to people."""

    NAME = "your name"
    EMAIL = "your e-mail address"
    STAFF_NO = "your staff number"
    COLLAR_NO = "your collar number"
    PHONE = "your telephone number"
    STATION = "where you work"
    UNIT = "your unit"
    MANAGER = "your manager"
    COLLEAGUE = "a colleague you named"
    PRONOUN = "a word such as he or she"
    FAMILY = "a word about family"
    GROUP = "a word about a group of people"
    AWARD = "an award"
    DATE_PLACE = "a date and a place"
    PERSON = "a person’s name"
    POST = "a post somebody held"
    OPERATION = "a named operation"
    ASSOCIATION = "a named association or network"
    CONTACT = "a number or address that leads to a person"


@dataclass(frozen=True)
class AuthorRecord:
    """What she told of herself for the text check. It lives in her draft and dies with it."""

    names: tuple[str, ...] = ()
    email: str = ""
    staff_no: str = ""
    collar_no: str = ""
    phone: str = ""
    station: str = ""
    unit: str = ""
    manager: str = ""
    colleagues: tuple[str, ...] = ()
