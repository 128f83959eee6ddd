"""Tags and leaves are those of the design, to the byte."""

import pytest

from panel.audit.merkle import EMPTY_ROOT, leaf, root
from panel.kernel.encoding import context
from panel.kernel.ids import AccountId, BoardId, ReceiptCode, RollId, SubmissionRef
from panel.named.intake.roots import code_tag, lodged_leaf, lodged_leaves, roll_root

BOARD = BoardId(bytes(16))


def _bytes(value: int, count: int) -> bytes:
    return bytes([value]) * count


@pytest.mark.vault("V21")
def test_code_tag_is_the_known_answer() -> None:
    tag = code_tag(BOARD, AccountId(_bytes(0x11, 16)), ReceiptCode("0123456789ABCDEFGHJK"))
    assert tag.hex() == "a4562ee14c4cf2f83198609a4694cc4853ee699e5fc454e550a9c2f82a30838d"


@pytest.mark.vault("V21")
def test_lodged_leaf_is_the_known_answer() -> None:
    digests = [_bytes(value, 32) for value in (0x22, 0x33, 0x44)]
    found = lodged_leaf(BOARD, SubmissionRef(_bytes(0x11, 16)), *digests)
    assert found.hex() == "d1e9dcef00a7a0cc004835f67031adc80d03766664512f39e1a7b0d6f227359e"


def test_code_tag_differs_for_another_account_with_the_same_code() -> None:
    code = ReceiptCode.new()
    assert code_tag(BOARD, AccountId.new(), code) != code_tag(BOARD, AccountId.new(), code)


def test_lodged_leaves_are_ordered_by_ref_and_leave_out_whom_an_envelope_lacks() -> None:
    refs = [SubmissionRef(_bytes(value, 16)) for value in (3, 1, 2)]
    digests = {ref: _bytes(ref[0], 32) for ref in refs}
    leaves = lodged_leaves(BOARD, digests, digests, digests)
    wanted = [(ref, lodged_leaf(BOARD, ref, digests[ref], digests[ref], digests[ref])) for ref in sorted(refs)]
    assert list(leaves.items()) == wanted
    assert list(lodged_leaves(BOARD, digests, {refs[0]: bytes(32)}, digests)) == [refs[0]]


def test_roll_root_is_the_tree_over_roll_ids_in_order() -> None:
    roll = {RollId.new(): AccountId.new() for _ in range(5)}
    leaves = [leaf(context(b"panel/applied/v1", BOARD, row, roll[row])) for row in sorted(roll)]
    assert roll_root(BOARD, roll) == root(leaves)
    assert roll_root(BOARD, {}) == EMPTY_ROOT
