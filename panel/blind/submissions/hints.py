"""Soft rules: passages that may lead a reader to the author, found without knowing who that is. Pure.

A large incident in a small force identifies itself, and so may an award, a post or a family; these rules point, and a
person decides. Sources: the list of leaks seen in practice in the project's domain notes.
"""

import re
from collections.abc import Iterator
from typing import Final

from panel.blind.submissions.author import Kind

_RANK: Final = (
    r"(?:PC|DC|PS|DS|DI|DCI|PCSO|Sgt|Insp|Supt|Constable|Sergeant|Inspector|Chief Inspector|Superintendent"
    r"|Chief Superintendent|Commander|ACC|Mr|Mrs|Ms|Miss|Dr)"
)
_MONTH: Final = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
_DATE: Final = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+\d{{4}})?"
    rf"|{_MONTH}\s+\d{{4}}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}-\d{2}-\d{2}"
    r"|(?:Christmas|New Year.s|Boxing) (?:Day|Eve)|Easter (?:Sunday|Monday))"
)
_PLACE: Final = re.compile(
    rf"\b(?:at|in|near|outside|from|to|between|around|leaving)\s+(?:the\s+)?(?!{_MONTH}\b|I\b)"
    r"((?:St\.?\s+)?[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)*)"
)
_SENTENCE: Final = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]+)*[.!?]?")

_RULES: Final = (
    (Kind.PRONOUN, re.compile(r"\b(?:s/he|he|him|his|himself|she|her|hers|herself)\b", re.IGNORECASE)),
    (
        Kind.FAMILY,
        re.compile(
            r"\b(?:wife|husband|spouse|fianc[eé]e?|girlfriend|boyfriend|mother|father|mum|mom|dad|mummy|daddy|parents?"
            r"|sons?|daughters?|brothers?|sisters?|twins?|grand(?:mother|father|parents?|son|daughter|children|child)"
            r"|uncle|aunt(?:ie|y)?|nephew|niece|maternity|paternity|pregnan(?:t|cy)|childcare"
            r"|(?:my|our) (?:own )?(?:family|partner|child(?:ren)?|kids?|baby|in-laws))\b",
            re.IGNORECASE,
        ),
    ),
    (
        Kind.GROUP,
        re.compile(
            r"\b(?:as|being) (?:an?|the only|one of the few) (?:\w+ ){0,2}?(?:wom[ae]n|m[ae]n|female|male"
            r"|mother|father|parent|lesbian|gay|bisexual|trans(?:gender)?|black|asian|white|muslim|christian|jew(?:ish)?|sikh|hindu|disabled"
            r"|immigrant)\b"
            r"|\bmy (?:faith|religion|disability|ethnicity|heritage|church|mosque|temple|synagogue|gurdwara)\b",
            re.IGNORECASE,
        ),
    ),
    (
        Kind.AWARD,
        re.compile(
            r"\b(?:(?i:commend(?:ed|ations?)|awards?|awarded|medals?|bravery|trophy|prize|honours? list"
            r"|letter of (?:thanks|appreciation))|QPM|KPM|MBE|OBE|CBE|BEM|QGM|KGM)\b"
        ),
    ),
    (Kind.PERSON, re.compile(rf"\b{_RANK}\.?\s+(?:\d+\s+)?(?!{_RANK}\b)[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)?")),
    (Kind.PERSON, re.compile(r"\b(?i:my name is|I am called|I’m called|I'm called|known as)\s+[A-Z][\w’'-]+")),
    (
        Kind.POST,
        re.compile(
            rf"\b(?i:acting|temporary|seconded as|promoted to|on attachment (?:to|as)|posted to)\s+"
            rf"(?:an?\s+|the\s+)?{_RANK}\b(?:\s+(?:at|in|for|of)\s+[A-Z][\w’'-]+)?"
        ),
    ),
    (Kind.OPERATION, re.compile(r"\b(?:Operation|Op)\.?\s+[A-Z][\w’'-]+")),
    (
        Kind.ASSOCIATION,
        re.compile(
            r"\b(?:[A-Z][\w’'+&-]*\s+){1,4}(?:Association|Network|Federation|Society|Support Group|Staff Group)\b"
        ),
    ),
    (
        Kind.CONTACT,
        re.compile(
            r"[^\s@]{1,64}@[^\s@]{1,255}\.\w+|(?<!\d)(?:\+44|0)\s?\(?\d[\d\s()-]{7,}\d|\b(?:PC|DC|PS|DS)\s?\d{2,6}\b"
        ),
    ),
)


def hints(text: str) -> Iterator[tuple[Kind, int, int]]:
    """Kind, start and end of every passage a soft rule points at; passages may overlap."""
    for kind, rule in _RULES:
        yield from ((kind, match.start(), match.end()) for match in rule.finditer(text))
    yield from _dates_with_places(text)


def _dates_with_places(text: str) -> Iterator[tuple[Kind, int, int]]:
    """A date or a place alone says little; both in one sentence name an incident."""
    for sentence in _SENTENCE.finditer(text):
        dates = list(_DATE.finditer(text, sentence.start(), sentence.end()))
        places = list(_PLACE.finditer(text, sentence.start(), sentence.end()))
        if dates and places:
            yield from ((Kind.DATE_PLACE, date.start(), date.end()) for date in dates)
            yield from ((Kind.DATE_PLACE, place.start(1), place.end(1)) for place in places)
