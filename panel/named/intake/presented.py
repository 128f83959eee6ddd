"""A receipt that somebody shows: read from its text, and compared with itself. Pure; it trusts nothing it reads."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Self
from unicodedata import combining

from panel.audit.heads import receipt_message, verifies
from panel.audit.proofs import verify_inclusion
from panel.blind.submissions.answers import answers_digest
from panel.kernel.errors import Invalid, Malformed
from panel.kernel.ids import BoardId, SubmissionRef
from panel.named.intake.receipt import FORMAT, Counted
from panel.named.intake.roots import lodged_leaf

_DIGEST: Final = 32
_SIGNATURE: Final = 64
#: A tree of so many levels holds more submissions than there are people.
_DEEPEST: Final = 40
#: Far more accents than one letter has, and few enough to be put in order at once.
_MOST_MARKS: Final = 1_000


class NotReceipt(Invalid):
    """What was shown is not the text of a receipt."""

    sentence = "Paste the whole text of a receipt, from the first { to the last }"


@dataclass(frozen=True)
class Presented:
    """What a receipt says of itself. Only board, ref and the three digests are signed, through the leaf."""

    board: BoardId
    ref: SubmissionRef
    policy_digest: bytes
    answers: Mapping[str, str]
    answers_digest: bytes
    envelope_digest: bytes
    equality_digest: bytes
    leaf: bytes
    signature: bytes
    counted: Counted | None

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a receipt's text. Raises NotReceipt."""
        try:
            found = json.loads(text, object_pairs_hook=_once)
            # a lone half of a character can be written as JSON, and as no text that anybody could have lodged
            json.dumps(found, ensure_ascii=False).encode()
            return cls.of(found)
        except (ValueError, RecursionError) as error:
            raise NotReceipt from error

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Self:
        """The same from what a receipt's file holds. Raises NotReceipt."""
        try:
            if found["kind"] != "receipt" or found["format"] != FORMAT:
                raise NotReceipt
            return cls(
                board=BoardId.parse(found["board"]),
                ref=SubmissionRef.parse(found["ref"]),
                policy_digest=_bytes(found["policy_digest"]),
                answers=_texts(found["answers"]),
                answers_digest=_bytes(found["answers_digest"]),
                envelope_digest=_bytes(found["envelope_digest"]),
                equality_digest=_bytes(found["equality_digest"]),
                leaf=_bytes(found["leaf"]),
                signature=_bytes(found["signature"], _SIGNATURE),
                counted=_counted(found["counted"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError, Malformed) as error:
            raise NotReceipt from error

    def signed_by(self, *publics: bytes) -> bool:
        """Whether one of these keys signed it, and its leaf is that of what it says."""
        digests = (self.answers_digest, self.envelope_digest, self.equality_digest)
        if lodged_leaf(self.board, self.ref, *digests) != self.leaf:
            return False
        message = receipt_message(self.board, self.leaf)
        return any(verifies(public, self.signature, message) for public in publics)

    @property
    def answers_agree(self) -> bool:
        """Whether the answers in it are the ones that were signed for."""
        return answers_digest(self.answers) == self.answers_digest

    def leads_to(self, lodged_root: bytes, size: int) -> bool:
        """Whether the path in it leads to that root of a tree of so many submissions."""
        way = self.counted
        if way is None or way.size != size:
            return False
        return verify_inclusion(self.leaf, way.index, size, way.path, lodged_root)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """No key twice: a person would read the one, and a program check the other."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _bytes(text: str, length: int = _DIGEST) -> bytes:
    found = bytes.fromhex(text)
    if len(found) != length or found.hex() != text:
        raise ValueError("not so many hexadecimal digits")
    return found


def _texts(found: Mapping[str, Any]) -> dict[str, str]:
    answers = dict(found.items())
    if not all(isinstance(text, str) for text in answers.values()):
        raise TypeError("an answer is not text")
    if any(_piled(part) for each in answers.items() for part in each):
        raise ValueError("more marks on a letter than any writing has")
    return answers


def _piled(text: str) -> bool:
    """Whether marks are piled on a letter without end: to put those in order takes the square of their number."""
    runs = groupby(text, lambda character: combining(character) > 0)
    return not text.isascii() and any(marks and sum(1 for _ in run) > _MOST_MARKS for marks, run in runs)


def _counted(found: Mapping[str, Any] | None) -> Counted | None:
    if found is None:
        return None
    index, size, path = found["index"], found["size"], found["path"]
    if type(index) is not int or type(size) is not int or len(path) > _DEEPEST:
        raise ValueError("not a path")
    return Counted(index, size, tuple(_bytes(step) for step in path), _bytes(found["lodged_root"]))
