"""Equality answers as the bytes that are sealed, apart from any name. Pure."""

import json
from collections.abc import Mapping
from typing import Final

from panel.board.equality import answered
from panel.kernel.encoding import canonical, context
from panel.kernel.errors import Malformed
from panel.kernel.ids import BoardId, SubmissionRef

_VERSION: Final = 1


class NotAnswers(Malformed):
    """An envelope opened to something that no application of ours sealed."""

    sentence = "A sealed record is not in its form."


def info(board: BoardId, ref: SubmissionRef, policy_digest: bytes) -> bytes:
    """The context that binds equality answers to one submission."""
    return context(b"panel/equality/v1", board, ref, policy_digest)


def plaintext(given: Mapping[str, str]) -> bytes:
    """The bytes to seal: every question of the lists, declined where nothing was chosen. Raises UnknownAnswer."""
    return canonical({"answers": answered(given), "v": _VERSION})


def read(plain: bytes) -> dict[str, str]:
    """Read what `plaintext` wrote. Raises NotAnswers."""
    try:
        found = json.loads(plain)
        answers = {str(key): str(value) for key, value in found["answers"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotAnswers from error
    if canonical({"answers": answers, "v": _VERSION}) != plain:
        raise NotAnswers
    return answers
