"""Soft rules: passages that may lead a reader to the author, found without knowing who that is. Pure.

A large incident in a small force identifies itself, and so may an award, a post or a family; these rules point, and a
person decides. Every rule has trigger words and is tried only where one occurs: a board has thousands of answers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from panel.blind.submissions.author import Kind


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_RANKS: Final = (
    r"(?:PC|DC|PS|DS|DI|DCI|PCSO|Sgt|Insp|Supt|Constable|Sergeant|Inspector|Chief Inspector|Superintendent"
    r"|Chief Superintendent|Commander|ACC|Mr|Mrs|Ms|Miss|Dr)"
)
_RANK_WORDS: Final = _words(
    "pc dc ps ds di dci pcso sgt insp supt constable sergeant inspector superintendent commander acc mr mrs ms miss dr"
)
_PRONOUNS: Final = _words("he him his himself she her hers herself")
_FAMILY: Final = _words(
    "wife husband spouse fiance fiancé fiancee fiancée girlfriend boyfriend mother father mum mom dad mummy daddy "
    "parent parents son sons daughter daughters brother brothers sister sisters twin twins grandmother grandfather "
    "grandparent grandparents grandson granddaughter grandchild grandchildren uncle aunt auntie nephew niece "
    "maternity paternity pregnant pregnancy childcare"
)
_OWN_FAMILY: Final = _words("family partner child children kid kids baby laws")
_GROUPS: Final = _words(
    "woman women man men female male mother father parent lesbian gay bisexual trans transgender black asian white "
    "muslim christian jew jewish sikh hindu disabled immigrant"
)
_OWN_GROUP: Final = _words("faith religion disability ethnicity heritage church mosque temple synagogue gurdwara")
_AWARDS: Final = _words("award awards awarded commended commendation commendations medal medals bravery trophy prize")
_HONOURS: Final = _words("qpm kpm mbe obe cbe bem qgm kgm")
_POSTS: Final = _words("acting temporary seconded promoted attachment posted")
_BODIES: Final = _words("association network federation society group")
_DAYS: Final = _words("christmas boxing easter year")

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
_SENTENCE_END: Final = re.compile(r"[.!?](?=\s)|\n")
_WORD: Final = re.compile(r"[^\W\d_]+")
_DIGIT: Final = re.compile(r"\d")


@dataclass(frozen=True)
class _Rule:
    kind: Kind
    triggers: frozenset[str]
    pattern: re.Pattern[str]


def _any(words: frozenset[str]) -> str:
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"


_SINGLE: Final = {
    **dict.fromkeys(_PRONOUNS, Kind.PRONOUN),
    **dict.fromkeys(_FAMILY, Kind.FAMILY),
    **dict.fromkeys(_AWARDS, Kind.AWARD),
}
_RULES: Final = (
    _Rule(Kind.FAMILY, _OWN_FAMILY, re.compile(rf"(?i:\b(?:my|our) (?:own |in-)?{_any(_OWN_FAMILY)}\b)")),
    _Rule(
        Kind.GROUP,
        _GROUPS,
        re.compile(rf"(?i:\b(?:as|being) (?:an?|the only|one of the few) (?:\w+ ){{0,2}}?{_any(_GROUPS)}\b)"),
    ),
    _Rule(Kind.GROUP, _OWN_GROUP, re.compile(rf"(?i:\bmy {_any(_OWN_GROUP)}\b)")),
    _Rule(Kind.AWARD, _HONOURS, re.compile(r"\b(?:QPM|KPM|MBE|OBE|CBE|BEM|QGM|KGM)\b")),
    _Rule(Kind.AWARD, _words("list letter"), re.compile(r"(?i:\bhonours? list|letter of (?:thanks|appreciation))")),
    _Rule(
        Kind.PERSON,
        _RANK_WORDS,
        re.compile(rf"\b{_RANKS}\.?\s+(?:\d+\s+)?(?!{_RANKS}\b)[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)?"),
    ),
    _Rule(
        Kind.PERSON,
        _words("name called known"),
        re.compile(r"\b(?i:my name is|I am called|I’m called|I'm called|known as)\s+[A-Z][\w’'-]+"),
    ),
    _Rule(
        Kind.POST,
        _POSTS,
        re.compile(
            rf"\b(?i:acting|temporary|seconded as|promoted to|on attachment (?:to|as)|posted to)\s+"
            rf"(?:an?\s+|the\s+)?{_RANKS}\b(?:\s+(?:at|in|for|of)\s+[A-Z][\w’'-]+)?"
        ),
    ),
    _Rule(Kind.OPERATION, _words("operation op"), re.compile(r"\b(?:Operation|Op)\.?\s+[A-Z][\w’'-]+")),
    _Rule(
        Kind.ASSOCIATION,
        _BODIES,
        re.compile(
            r"\b(?:[A-Z][\w’'+&-]*\s+){1,4}(?:Association|Network|Federation|Society|Support Group|Staff Group)\b"
        ),
    ),
)
_CONTACTS: Final = re.compile(
    r"[^\s@]{1,64}@[^\s@]{1,255}\.\w+|(?<!\d)(?:\+44|0)\s?\(?\d[\d\s()-]{7,}\d|\b(?:PC|DC|PS|DS)\s?\d{2,6}\b"
)


def hints(text: str) -> Iterator[tuple[Kind, int, int]]:
    """Kind, start and end of every passage a soft rule points at; passages may overlap."""
    words = [(word.group().casefold(), word) for word in _WORD.finditer(text)]
    yield from ((_SINGLE[folded], word.start(), word.end()) for folded, word in words if folded in _SINGLE)
    there = {folded for folded, _ in words}
    for rule in _RULES:
        if not rule.triggers.isdisjoint(there):
            yield from ((rule.kind, match.start(), match.end()) for match in rule.pattern.finditer(text))
    has_digits = _DIGIT.search(text) is not None
    if has_digits or "@" in text:
        yield from ((Kind.CONTACT, match.start(), match.end()) for match in _CONTACTS.finditer(text))
    if has_digits or not _DAYS.isdisjoint(there):
        yield from _dates_with_places(text)


def _dates_with_places(text: str) -> Iterator[tuple[Kind, int, int]]:
    """A date or a place alone says little; both in one sentence name an incident."""
    dates = list(_DATE.finditer(text))
    ends = [end.end() for end in _SENTENCE_END.finditer(text)] if dates else []
    for date in dates:
        start = max((end for end in ends if end <= date.start()), default=0)
        stop = min((end for end in ends if end >= date.end()), default=len(text))
        places = list(_PLACE.finditer(text, start, stop))
        if places:
            yield Kind.DATE_PLACE, date.start(), date.end()
            yield from ((Kind.DATE_PLACE, place.start(1), place.end(1)) for place in places)
