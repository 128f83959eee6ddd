"""The equality questions, as data: closed lists only, each with "Prefer not to say". Nobody has to answer any."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from panel.kernel.errors import Invalid

#: The answer of everyone who chose it, and of everyone who left the question alone.
DECLINED: Final = "declined"


@dataclass(frozen=True)
class Option:
    """One group a person may say she belongs to. `key` is what is sealed and counted."""

    key: str
    label: str


@dataclass(frozen=True)
class Characteristic:
    """One question. `name` heads its table of outcomes; `options` end with "Prefer not to say"."""

    key: str
    name: str
    question: str
    options: tuple[Option, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Every option's key, in the order shown."""
        return tuple(option.key for option in self.options)

    def label(self, key: str) -> str:
        """The words of an option. Raises KeyError on a key that is not in the list."""
        return {option.key: option.label for option in self.options}[key]


class UnknownAnswer(Invalid):
    """An equality answer outside its closed list: free text could name a person."""

    sentence = "Select an answer from the list, or 'Prefer not to say'."


def answered(given: Mapping[str, str]) -> dict[str, str]:
    """Every characteristic with its answer; what was not answered is declined.

    Raises UnknownAnswer on a question or an option that is not in the lists.
    """
    known = {characteristic.key: characteristic for characteristic in CHARACTERISTICS}
    for key, answer in given.items():
        if key not in known or answer not in known[key].keys:
            raise UnknownAnswer
    return {key: given.get(key, DECLINED) for key in known}


def _asked(key: str, name: str, question: str, **options: str) -> Characteristic:
    listed = tuple(Option(option, label) for option, label in options.items())
    return Characteristic(key, name, question, (*listed, Option(DECLINED, "Prefer not to say")))


CHARACTERISTICS: Final = (
    _asked("sex", "Sex", "What is your sex?", female="Female", male="Male"),
    _asked(
        "ethnicity",
        "Ethnic group",
        "What is your ethnic group?",
        asian="Asian or Asian British",
        black="Black, Black British, Caribbean or African",
        mixed="Mixed or multiple ethnic groups",
        white="White",
        other="Another ethnic group",
    ),
    _asked(
        "age",
        "Age",
        "How old are you?",
        under_25="Under 25",
        from_25="25 to 34",
        from_35="35 to 44",
        from_45="45 to 54",
        over_54="55 or over",
    ),
    _asked("disability", "Disability", "Are you disabled?", yes="Yes", no="No"),
    _asked(
        "religion",
        "Religion or belief",
        "What is your religion or belief?",
        none="No religion",
        buddhist="Buddhist",
        christian="Christian (all denominations)",
        hindu="Hindu",
        jewish="Jewish",
        muslim="Muslim",
        sikh="Sikh",
        other="Another religion or belief",
    ),
    _asked(
        "orientation",
        "Sexual orientation",
        "Which of these best describes your sexual orientation?",
        straight="Straight or heterosexual",
        gay="Gay or lesbian",
        bisexual="Bisexual",
        other="Another sexual orientation",
    ),
    _asked(
        "gender_identity",
        "Gender identity",
        "Is the gender you identify with the same as your sex registered at birth?",
        same="Yes",
        different="No",
    ),
    _asked(
        "caring",
        "Caring responsibilities",
        "Do you look after, or give help to, anyone outside paid work?",
        none="No",
        children="Yes, children under 18",
        adults="Yes, an adult who is ill, disabled or older",
        both="Yes, both children and an adult",
    ),
    _asked(
        "pattern",
        "Working pattern",
        "What is your working pattern?",
        full_time="Full time",
        part_time="Part time",
        flexible="Full time with flexible working",
    ),
)
