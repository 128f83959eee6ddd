"""Lots drawn from a board's draw: every random order of the blind side, repeatable by whoever holds the 32 bytes."""

from collections.abc import Iterable
from typing import Final, TypeVar

from panel.kernel.encoding import context, digest
from panel.kernel.ids import MarkerId, SubmissionRef

_LABEL: Final = b"panel/lot/v1"

Bytelike = TypeVar("Bytelike", bound=bytes)


def lot(draw: bytes, *ids: bytes) -> bytes:
    """SHA-256 of the draw and the ids: 32 bytes that nobody can foresee without the draw."""
    return digest(context(_LABEL, draw, *ids))


def shuffled(draw: bytes, purpose: bytes, ids: Iterable[Bytelike]) -> list[Bytelike]:
    """The ids in an order of their own for this purpose, whatever order they came in."""
    return sorted(ids, key=lambda one: lot(draw, purpose, one))


def reading_order(draw: bytes, marker: MarkerId, criterion: str, refs: Iterable[SubmissionRef]) -> list[SubmissionRef]:
    """The order in which this marker meets the answers to one question: hers alone, and another for each question.

    Votes on successive candidates pull against each other, so no two markers may share an order.
    """
    return sorted(refs, key=lambda ref: lot(draw, b"position", marker, criterion.encode(), ref))
