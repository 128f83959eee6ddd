"""TOML that somebody pasted, read in time that grows with its length and no faster."""

import re
import tomllib
from typing import Any, Final

#: What may hold dots and is no key: comments, and strings of each kind.
_WORDS: Final = re.compile(r"#[^\n]*|'''.*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|'[^'\n]*'|\"(?:\\.|[^\"\\\n])*\"", re.DOTALL)
#: The time that the library takes over a.b.c.d grows with the cube of its dots; no file of ours has one in a key.
_MOST_DOTS: Final = 20


class Unreadable(ValueError):
    """The text is no TOML, or more than anybody writes; its one argument says so to the person."""


def loads(text: str) -> dict[str, Any]:
    """Read it. Raises Unreadable."""
    for number, line in enumerate(_WORDS.sub(_lines_only, text).split("\n"), start=1):
        if line.count(".") > _MOST_DOTS:
            raise Unreadable(f"Line {number}: too many dots stand in one name.")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(_syntax(str(error))) from error
    except ValueError as error:  # Python refuses to read a number of thousands of digits
        raise Unreadable("A number in the text is too long.") from error
    except RecursionError as error:
        raise Unreadable("Too many brackets stand inside each other. A list holds texts only.") from error


def _lines_only(words: re.Match[str]) -> str:
    return "\n" * words[0].count("\n")


def _syntax(reason: str) -> str:
    match = re.search(r"\(at line (\d+), column (\d+)\)", reason)
    where = f"Line {match[1]}, character {match[2]}" if match else "The end of the text"
    return f"{where}: this is not TOML. Check quotation marks, brackets and equals signs."
