"""What the tables must still say of a board's close, from plain facts: the checks C6 and C9. Pure."""

from collections.abc import Collection, Mapping

from panel.audit.merkle import root
from panel.kernel.ids import Number, SubmissionRef
from panel.sealed.vault.opening import Unsound


def check_roll(closed: Mapping[str, object], recomputed: bytes) -> None:
    """C6: the roll root is that of the close."""
    if closed.get("roll_root") != recomputed.hex():
        raise Unsound("C6")


def check_lodged(
    closed: Mapping[str, object],
    kept: Mapping[SubmissionRef, bytes],
    found: Mapping[SubmissionRef, bytes],
    proved: Mapping[SubmissionRef, Number],
) -> None:
    """C6: the leaves that the close kept lead to its lodged root, and each submission `proved` has its leaf still.

    `found`: leaves recomputed from the tables. Who is set aside is not proved here but by her receipt; of an envelope
    that was changed nothing can be recomputed, which is why the close keeps the leaves.
    """
    if closed.get("lodged_root") != root([kept[ref] for ref in sorted(kept)]).hex():
        raise Unsound("C6")
    changed = [number for ref, number in proved.items() if ref not in kept or found.get(ref) != kept[ref]]
    if changed:
        raise Unsound("C6", changed)


def check_counts(
    closed: Mapping[str, object],
    numbers: Mapping[SubmissionRef, Number],
    exceptions: Collection[Number],
    *sealed: Collection[SubmissionRef],
) -> None:
    """C9: submissions number what the close says, and so do envelopes of both kinds, but for the numbers set aside.

    `numbers`: of every submission. `sealed`: the submissions that have an envelope, by kind.
    """
    lacking = {number for refs in sealed for ref, number in numbers.items() if ref not in refs} - set(exceptions)
    strange = any(ref not in numbers for refs in sealed for ref in refs)
    if len(numbers) != closed.get("submissions") or strange or lacking:
        raise Unsound("C9", lacking)
