"""Whom a marker thought she recognised, as the bytes that are sealed. Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from panel.kernel.encoding import Json, canonical, context
from panel.kernel.errors import Malformed
from panel.kernel.ids import BoardId, MarkerId, SubmissionRef

#: How many guesses one envelope holds, and how long a name may be in UTF-8 bytes: together they fit its one length.
MOST: Final = 5
LONGEST: Final = 100
_VERSION: Final = 1


class NotGuesses(Malformed):
    """An envelope opened to something that no page of ours sealed."""

    sentence = "A sealed record is not in its form."


@dataclass(frozen=True)
class Guess:
    """A submission, and the name its marker thought of."""

    ref: SubmissionRef
    name: str


def info(board: BoardId, marker: MarkerId, policy_digest: bytes) -> bytes:
    """The context that binds guesses to one marker of one board."""
    return context(b"panel/guess/v1", board, marker, policy_digest)


def plaintext(guesses: Iterable[Guess]) -> bytes:
    """The bytes to seal, the same length in its envelope whether there are guesses or none."""
    given: list[Json] = [{"name": each.name, "ref": str(each.ref)} for each in guesses]
    return canonical({"guesses": given, "v": _VERSION})


def read(plain: bytes) -> tuple[Guess, ...]:
    """Read what `plaintext` wrote. Raises NotGuesses."""
    try:
        found = tuple(Guess(SubmissionRef.parse(each["ref"]), each["name"]) for each in json.loads(plain)["guesses"])
    except (ValueError, KeyError, TypeError, Malformed) as error:
        raise NotGuesses from error
    if plaintext(found) != plain:
        raise NotGuesses
    return found
