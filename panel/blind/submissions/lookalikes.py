"""Letters as a reader sees them: every character folded to the plain small letter or digit it looks like."""

import unicodedata
from functools import cache
from typing import Final

# Drawn like a Latin letter and used to dodge a search; the shapes, not the sounds (Unicode TR 39, single letters).
_SHAPES: Final = {
    "a": "аɑαᴀꓮᎪΑА⍺",
    "b": "ƅьʙᏴꓐΒВᏏ",
    "c": "сϲᴄᏟꓚϹСⅽ",
    "d": "ԁɗᴅᎠꓓđðĐÐ",
    "e": "еєεᴇᎬꓰΕЕ℮",
    "f": "ꜰꓝϝƒẝ",
    "g": "ɡցɢᏀꓖԍ",
    "h": "һհʜᎻꓧΗНħ",
    "i": "іıɩɪιᎥꓲΙІӀӏǀ",
    "j": "јϳᴊᎫꓙЈ",
    "k": "кκᴋᏦꓗΚКĸ",
    "l": "ʟᏞꓡłŁ",
    "m": "мᴍᎷꓟΜМ",
    "n": "пոηɴꓠΝŋ",
    "o": "оοօσᴏꓳΟОՕøØ০०",
    "p": "рρᴘᏢꓑΡРϱ",
    "q": "ԛզ",
    "r": "гʀᎡᏒꓣⲅ",
    "s": "ѕꜱᏚꓢՏЅʂ",
    "t": "тτᴛᎢꓔΤТŧ",
    "u": "սυᴜꓴμцՍ",
    "v": "νѵᴠᏙꓦѴ",
    "w": "ԝшᴡωᎳꓪԜ",
    "x": "хχꓫΧХ",
    "y": "уγʏүꓬΥУҮ",
    "z": "ᴢᏃꓜΖ",
    "ae": "æÆ",
    "oe": "œŒ",
    "th": "þÞ",
}
_PLAIN: Final = {ord(shape): letter for letter, shapes in _SHAPES.items() for shape in shapes}
#: Digits and signs that stand for letters inside a word: "Sm1th", "5mith", "B@nks".
_STAND_INS: Final = {
    "0": "o",
    "1": "il",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "@": "a",
    "$": "s",
    "!": "i",
    "|": "l",
}
_FIRST_FLAG, _LAST_FLAG = 0x1F1E6, 0x1F1FF


@cache
def fold_character(character: str) -> str:
    """The small letters or digits a character is read as; empty for anything that is neither."""
    if _FIRST_FLAG <= ord(character) <= _LAST_FLAG:
        return chr(ord(character) - _FIRST_FLAG + ord("a"))
    shown = unicodedata.normalize("NFKD", character.translate(_PLAIN))
    plain = unicodedata.normalize("NFKD", shown.casefold().translate(_PLAIN))
    return "".join(c for c in plain if c.isalnum())


def glyphs(text: str) -> tuple[str, list[int]]:
    """The letters and digits of a text in order, folded; and for each of them its place in the text."""
    letters, places = [], []
    for at, character in enumerate(text):
        folded = fold_character(character)
        if folded:
            letters.append(folded)
            places.extend([at] * len(folded))
    return "".join(letters), places


def fold(text: str) -> str:
    """The letters and digits of a text, folded, and nothing between them."""
    return "".join(map(fold_character, text))


def disguises(character: str) -> str:
    """The letters a digit or sign may stand for inside a word."""
    return _STAND_INS.get(character, "")
