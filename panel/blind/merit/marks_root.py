"""The locked marks as one digest: a Merkle root over canonical leaves. No leaf leaves before the record opens."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from panel.audit.merkle import leaf, root
from panel.blind.merit.merit_list import Place
from panel.board.policy import ratio
from panel.kernel.encoding import Json, canonical
from panel.kernel.ids import BoardId, MarkerId, Number, SubmissionRef

_FORMAT: Final = 1


@dataclass(frozen=True)
class LockedSubmission:
    """One submission: the digest of its answers as lodged, and of the version markers were shown."""

    number: Number
    ref: SubmissionRef
    answers_digest: bytes
    shown_digest: bytes


@dataclass(frozen=True)
class LockedMark:
    """One independent mark, with the digest of its evidence."""

    number: Number
    criterion: str
    marker: MarkerId
    score: int
    evidence_digest: bytes


@dataclass(frozen=True)
class LockedScore:
    """One agreed score: who set it, and the digest of her reason."""

    number: Number
    criterion: str
    score: int
    marker: MarkerId
    reason_digest: bytes


@dataclass(frozen=True)
class Locked:
    """All that the lock fixes, in any order; `leaves` puts it in its own."""

    board: BoardId
    policy_digest: bytes
    lodged_root: bytes
    submissions: tuple[LockedSubmission, ...]
    marks: tuple[LockedMark, ...]
    scores: tuple[LockedScore, ...]
    places: tuple[Place, ...]


def marks_root(locked: Locked) -> bytes:
    """32 bytes: the root over the leaves of everything locked."""
    return root([leaf(data) for data in leaves(locked)])


def leaves(locked: Locked) -> tuple[bytes, ...]:
    """The data of every leaf: header, submissions, marks, agreed scores, merit list; each canonical JSON."""
    return tuple(canonical(fields) for fields in _all(locked))


def _all(locked: Locked) -> Iterator[Json]:
    yield _header(locked)
    yield from (_submission(each) for each in sorted(locked.submissions, key=lambda each: each.number))
    yield from (_mark(each) for each in sorted(locked.marks, key=_mark_key))
    yield from (_score(each) for each in sorted(locked.scores, key=lambda each: (each.number, each.criterion)))
    yield from (_place(each) for each in _in_order(locked.places))


def _header(locked: Locked) -> Json:
    return {
        "leaf": "header",
        "format": _FORMAT,
        "board": str(locked.board),
        "policy_digest": locked.policy_digest.hex(),
        "lodged_root": locked.lodged_root.hex(),
        "submissions": len(locked.submissions),
        "marks": len(locked.marks),
        "agreed_scores": len(locked.scores),
        "places": len(locked.places),
    }


def _submission(each: LockedSubmission) -> Json:
    return {
        "leaf": "submission",
        "number": each.number,
        "ref": str(each.ref),
        "answers_digest": each.answers_digest.hex(),
        "shown_digest": each.shown_digest.hex(),
    }


def _mark(each: LockedMark) -> Json:
    return {
        "leaf": "mark",
        "number": each.number,
        "criterion": each.criterion,
        "marker": str(each.marker),
        "score": each.score,
        "evidence_digest": each.evidence_digest.hex(),
    }


def _mark_key(each: LockedMark) -> tuple[Number, str, MarkerId]:
    return each.number, each.criterion, each.marker


def _score(each: LockedScore) -> Json:
    return {
        "leaf": "agreed_score",
        "number": each.number,
        "criterion": each.criterion,
        "score": each.score,
        "marker": str(each.marker),
        "reason_digest": each.reason_digest.hex(),
    }


def _in_order(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda place: (place.rank, place.number))


def _place(each: Place) -> Json:
    return {
        "leaf": "place",
        "number": each.number,
        "rank": each.rank,
        "outcome": each.outcome.value,
        "total": ratio(each.total),
        "scores": {key: ratio(score) for key, score in each.scores.items()},
    }
