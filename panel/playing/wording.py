"""Words for rehearsals: answers that carry a mark of their writer, so that the end can be checked against the start."""

import secrets
from typing import Final

_SENTENCES: Final = (
    "The evening service was delayed and the platform was full before the first update reached us.",
    "I asked the control room what was known, what was guessed and what nobody had looked at yet.",
    "We agreed who would speak to passengers, who would hold the barrier and who would write things down.",
    "A colleague disagreed with the order of tasks, and had seen something that changed it.",
    "I explained the reason for the decision to everyone who had to carry it out.",
    "Afterwards the team went through what had gone well and what had been luck.",
    "The change was tried for a month on one line before it was taken further.",
    "Complaints about waiting fell by a third, and sickness in the team did not rise.",
)


def answer_text(criterion: str, writer: int) -> str:
    """An answer of some hundred words that says which writer and criterion it belongs to."""
    first = (writer + len(criterion)) % len(_SENTENCES)
    turned = _SENTENCES[first:] + _SENTENCES[:first]
    return f"{token(criterion, writer)}. {' '.join(turned)}"


def token(criterion: str, writer: int) -> str:
    """A nonsense word that only this writer's answer to this criterion holds."""
    return f"Case {_letters(writer)} {criterion}"


def person_name(board: str, person: int) -> str:
    """A name that occurs nowhere else, so that a search for it finds only leaks."""
    return f"Quill{_letters(person)} Ó{board.lower()}feather"


def evidence_text(score: int) -> str:
    """What a played marker writes beside a score."""
    return f"Shown at point {score}: the order of tasks and the reason for it, with a result at the end."


def password() -> str:
    """A password nobody will type."""
    return secrets.token_urlsafe(24)


def _letters(number: int) -> str:
    return "".join("bcdfghjklm"[int(digit)] for digit in f"{number:06d}")
