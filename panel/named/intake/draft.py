"""An application still being written, in parts with versions of their own, so that two tabs lose nothing. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Self

from panel.blind.submissions.answers import longest
from panel.blind.submissions.redaction import AuthorRecord
from panel.board.policy import Policy
from panel.kernel.encoding import Json, canonical, digest_of
from panel.kernel.errors import Invalid, Stale
from panel.kernel.ids import MarkerId, ReceiptCode

#: The parts that are not answers; an answer's part is the key of its criterion, which never begins with a capital.
DETAILS: Final = "Details"
KNOWN: Final = "Known"
EQUALITY: Final = "Equality"

_BESIDES_ANSWERS: Final = 16 * 1024
_STEP: Final = 1024
_MARK: Final = b"\x80"


class DraftTooLong(Invalid):
    """All drafts of a board have one length, and this one does not fit it."""

    sentence = "There is more text in your application than can be saved. Shorten your longest answer."


class StalePart(Stale):
    """The same part was saved in another tab since this page was opened."""

    sentence = "You changed this somewhere else since you opened this page."


@dataclass(frozen=True)
class Details:
    """Who she is, for the envelope, and what else would name her, for the text check alone."""

    name: str
    email: str
    staff_no: str = ""
    other_names: str = ""
    collar_no: str = ""
    phone: str = ""
    station: str = ""
    unit: str = ""
    manager: str = ""
    colleagues: tuple[str, ...] = ()

    def record(self) -> AuthorRecord:
        """What the text check looks for."""
        return AuthorRecord(
            names=tuple(filter(None, (self.name, self.other_names))),
            email=self.email,
            staff_no=self.staff_no,
            collar_no=self.collar_no,
            phone=self.phone,
            station=self.station,
            unit=self.unit,
            manager=self.manager,
            colleagues=self.colleagues,
        )


@dataclass(frozen=True)
class Draft:
    """What she has written so far; None where she has not been yet.

    `code`: her receipt code, drawn when the draft was begun, so that she can write it down before she submits.
    `amends`: whether it replaces what she submitted with that code.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    details: Details | None = None
    known: frozenset[MarkerId] | None = None
    equality: Mapping[str, str] | None = None
    versions: Mapping[str, int] = field(default_factory=dict)
    code: ReceiptCode | None = None
    amends: bool = False

    def version(self, part: str) -> int:
        """How often a part was saved."""
        return self.versions.get(part, 0)

    @property
    def begun(self) -> bool:
        """Whether anything was saved yet."""
        return bool(self.versions)

    @property
    def edition(self) -> str:
        """All that the page for checking showed, as 32 hexadecimal digits: anything written since makes it another."""
        return digest_of(self._written())[:16].hex()

    def answered(self, part: str, version: int, text: str) -> Self:
        """With one answer written; the same text sent twice is no conflict. Raises StalePart."""
        if version < self.version(part) and self.answers.get(part) == text:
            return self
        return replace(self._after(part, version), answers={**self.answers, part: text})

    def detailed(self, version: int, details: Details) -> Self:
        """With her details. Raises StalePart."""
        return replace(self._after(DETAILS, version), details=details)

    def knowing(self, version: int, known: frozenset[MarkerId]) -> Self:
        """With the people who know her work. Raises StalePart."""
        return replace(self._after(KNOWN, version), known=known)

    def equal(self, version: int, equality: Mapping[str, str]) -> Self:
        """With her equality answers. Raises StalePart."""
        return replace(self._after(EQUALITY, version), equality=dict(equality))

    def _after(self, part: str, version: int) -> Self:
        if version != self.version(part):
            raise StalePart
        return replace(self, versions={**self.versions, part: version + 1})

    def plaintext(self, size: int) -> bytes:
        """`size` bytes, padded (ISO 7816-4) so that all drafts of a board are alike. Raises DraftTooLong."""
        plain = canonical(self._written())
        if len(plain) >= size:
            raise DraftTooLong
        return plain + _MARK + bytes(size - len(plain) - 1)

    def _written(self) -> dict[str, Json]:
        return {
            "answers": self.answers,
            "details": asdict(self.details) if self.details else None,
            "known": None if self.known is None else [str(marker) for marker in sorted(self.known)],
            "equality": self.equality,
            "versions": self.versions,
            "code": self.code,
            "amends": self.amends,
        }

    @classmethod
    def read(cls, padded: bytes) -> Self:
        """Read what `plaintext` wrote."""
        found: dict[str, Any] = json.loads(padded[: padded.rindex(_MARK)])
        details, known, code = found["details"], found["known"], found["code"]
        return cls(
            answers=found["answers"],
            details=details and Details(**{**details, "colleagues": tuple(details["colleagues"])}),
            known=None if known is None else frozenset(map(MarkerId.parse, known)),
            equality=found["equality"],
            versions=found["versions"],
            code=code and ReceiptCode(code),
            amends=found["amends"],
        )


def size(policy: Policy) -> int:
    """The one length in bytes of every draft of a board, from its word limits: a multiple of 1,024."""
    room = sum(longest(criterion) for criterion in policy.questions) + _BESIDES_ANSWERS
    return -(-room // _STEP) * _STEP
