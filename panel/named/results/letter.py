"""A candidate's result as a letter to keep, in PDF: drawn from the same result as her page, with constant properties.

The fonts that come with ReportLab hold western European letters only. A name they cannot spell is left out, rather than
spelt wrongly; in notes a letter they lack loses its accent. The page itself prints every script.
"""

import io
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

from panel.named.results.feedback import Result, Told
from panel.web.filters import day, fraction

_BODY, _STRONG = "Vera", "VeraBd"
_NAVY: Final = HexColor("#14304f")
_TEXT: Final = ParagraphStyle("text", fontName=_BODY, fontSize=10, leading=15, spaceAfter=2 * mm)
_TITLE: Final = ParagraphStyle(
    "title", _TEXT, fontName=_STRONG, fontSize=18, leading=24, textColor=_NAVY, spaceAfter=4 * mm
)
_NOTE: Final = ParagraphStyle("note", _TEXT, leftIndent=6 * mm, bulletIndent=1 * mm, bulletFontName=_BODY)
_HEAD: Final = ParagraphStyle("head", _TEXT, fontName=_STRONG, fontSize=11.5, spaceBefore=5 * mm, keepWithNext=1)


def letter(result: Result) -> bytes:
    """The PDF's bytes: the same for the same result, at any hour on any machine."""
    _fonts()
    made = io.BytesIO()
    page = SimpleDocTemplate(
        made,
        pagesize=A4,
        leftMargin=25 * mm,
        rightMargin=25 * mm,
        topMargin=25 * mm,
        bottomMargin=25 * mm,
        title="Your result",
        author="Blind promotion boards",
        subject="",
        creator="Blind promotion boards",
        lang="en-GB",
        invariant=1,
    )
    page.build(list(_story(result)))
    return made.getvalue()


def _story(result: Result) -> Iterator[Flowable]:
    yield Paragraph(_set(result.board.title), _TITLE)
    for line in (result.name if _spells(result.name) else "", f"Number {result.number}"):
        if line:
            yield Paragraph(_set(line), _TEXT)
    yield Spacer(1, 4 * mm)
    for sentence in sentences(result):
        yield Paragraph(_set(sentence), _TEXT)
    for told in result.criteria:
        yield from _criterion(told)


def sentences(result: Result) -> Iterator[str]:
    """The result in words; page and letter say the same."""
    yield "You passed." if result.passed else "You did not pass."
    if result.amended:
        before = "passed" if result.passed_when_locked else "not passed"
        yield (
            "This counts every score that was changed after the marks were locked. By the scores as locked, you had "
            f"{before}. The locked list itself never changes."
        )
    total, needed = fraction(result.total), fraction(result.needed)
    yield f"Your weighted total is {total} of {result.highest}. The board’s rules ask for {needed} or more."
    if result.amended:
        yield f"Your weighted total as locked was {fraction(result.locked_total)}."
    for told in result.floors_missed:
        criterion = told.criterion
        yield f"The rules also ask for {criterion.floor} or more for ‘{criterion.name}’. Your score is lower."


def changed(told: Told) -> Iterator[str]:
    """What was changed after the lock for one criterion, in words; page and letter say the same."""
    for each in told.changes:
        before, after = fraction(each.before), fraction(each.after)
        yield f"Changed from {before} to {after} on {day(each.on)}, after the marks were locked."


def _criterion(told: Told) -> Iterator[Flowable]:
    yield Paragraph(_set(told.criterion.name), _HEAD)
    words = f": {told.point.label}" if told.point else ""
    yield Paragraph(_set(f"Score {fraction(told.score)}{words}"), _TEXT)
    for sentence in changed(told):
        yield Paragraph(_set(sentence), _TEXT)
    for note in told.notes:
        yield Paragraph(_set(note), _NOTE, bulletText="•")


def _set(text: str) -> str:
    """Text as a paragraph takes it: only glyphs the font has, markup escaped, its own line breaks."""
    return escape("".join(map(_glyph, text))).replace("\n", "<br/>")


def _glyph(character: str) -> str:
    if character == "\n" or _spells(character):
        return character
    plain = unicodedata.normalize("NFKD", character)[0]
    return plain if _spells(plain) else "?"


def _spells(text: str) -> bool:
    return all(ord(character) in _fonts() for character in text)


@cache
def _fonts() -> frozenset[int]:
    """Make the fonts known; returns the characters they have."""
    made = [TTFont(name, f"{name}.ttf") for name in (_BODY, _STRONG)]
    for font in made:
        pdfmetrics.registerFont(font)
    return frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in made))
