"""The tag of a receipt code, and the leaves of the two trees that a board’s close commits to. Pure."""

from collections.abc import Mapping
from typing import Final

from panel.audit.merkle import leaf, root
from panel.kernel.encoding import context, digest
from panel.kernel.ids import AccountId, BoardId, ReceiptCode, RollId, SubmissionRef

_CODE: Final = b"panel/code/v1"
_LODGED: Final = b"panel/lodged/v1"
_APPLIED: Final = b"panel/applied/v1"


def code_tag(board: BoardId, account: AccountId, code: ReceiptCode) -> bytes:
    """32 bytes by which a submission is found: a code that was found in the street is no use to another candidate."""
    return digest(context(_CODE, board, account, code.encode("ascii")))


def lodged_leaf(board: BoardId, ref: SubmissionRef, answers: bytes, envelope: bytes, equality: bytes) -> bytes:
    """The leaf of one submission, from the digests of its answers and of both its envelopes."""
    return leaf(context(_LODGED, board, ref, answers, envelope, equality))


def lodged_leaves(
    board: BoardId,
    answers: Mapping[SubmissionRef, bytes],
    envelopes: Mapping[SubmissionRef, bytes],
    equality: Mapping[SubmissionRef, bytes],
) -> dict[SubmissionRef, bytes]:
    """The leaf of every submission that has both its envelopes, by ref, which is the order of the tree."""
    whole = sorted(answers.keys() & envelopes.keys() & equality.keys())
    return {ref: lodged_leaf(board, ref, answers[ref], envelopes[ref], equality[ref]) for ref in whole}


def roll_root(board: BoardId, roll: Mapping[RollId, AccountId]) -> bytes:
    """The root over everyone who applied and did not withdraw, by roll id; the random id hides the account."""
    return root([leaf(context(_APPLIED, board, row, roll[row])) for row in sorted(roll)])
