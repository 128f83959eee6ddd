"""One submission's answers: the form in which they are kept and digested, and the limits they must keep. Pure."""

import json
from collections.abc import Mapping
from typing import Final

from panel.board.policy import Criterion, Policy
from panel.kernel.encoding import canonical, digest_of
from panel.kernel.errors import Invalid
from panel.web.text import clean, count_words

#: Room for one word in UTF-8, several times what English needs: a bound on size for texts within the word limit.
BYTES_PER_WORD: Final = 24

Answers = Mapping[str, str]


class AnswersRefused(Invalid):
    """Answers are missing, too long, or belong to no question; `details` say which."""

    sentence = "Check your answers."


def check(policy: Policy, answers: Answers) -> None:
    """Hold answers (by criterion key) against the policy's questions. Raises AnswersRefused.

    What is longer than the limit never reaches a marker, and what `clean` would change is not kept at all.
    """
    wanted = {criterion.key for criterion in policy.questions}
    details = [sentence for criterion in policy.questions for sentence in _faults(criterion, answers)]
    if set(answers) - wanted:
        details.append("An answer belongs to no question of this board.")
    if details:
        raise AnswersRefused(details=details)


def longest(criterion: Criterion) -> int:
    """The most bytes of UTF-8 an answer may take, in a draft too."""
    return (criterion.word_limit or 0) * BYTES_PER_WORD


def stored(answers: Answers) -> str:
    """Canonical JSON, as the table keeps it."""
    return canonical(answers).decode()


def read(text: str) -> dict[str, str]:
    """Read what `stored` wrote."""
    found: dict[str, str] = json.loads(text)
    return found


def answers_digest(answers: Answers) -> bytes:
    """SHA-256 of the canonical answers: 32 bytes."""
    return digest_of(answers)


def _faults(criterion: Criterion, answers: Answers) -> list[str]:
    text = answers.get(criterion.key, "")
    if not text:
        return [f"Answer the question for ‘{criterion.name}’."]
    words, limit = count_words(text), criterion.word_limit or 0
    if words > limit:
        return [f"Your answer for ‘{criterion.name}’ has {words} words. Shorten it to {limit} or fewer."]
    if not words or text != clean(text) or len(text.encode()) > longest(criterion):
        return [f"Your answer for ‘{criterion.name}’ is not ordinary text. Write it again."]
    return []
