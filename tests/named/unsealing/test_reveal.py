"""Opened names at rest: bound to board and number, found by tag, and useless without their key."""

from dataclasses import replace

import pytest

from panel.audit import merkle
from panel.kernel.encoding import context, digest
from panel.kernel.ids import AccountId, BoardId, Number, SubmissionRef
from panel.named.unsealing import reveal
from panel.named.unsealing.reveal import NotRevealed
from panel.sealed.vault.identity import Identity
from panel.sealed.vault.opening import Opened

KEY, BOARD = b"\x07" * 32, BoardId(b"\x01" * 16)


def opened(position: int) -> Opened:
    identity = Identity(
        account=AccountId(bytes([position]) * 16),
        board=BOARD,
        content=bytes(32),
        email=f"candidate{position}@example.org",
        name=f"Candidate {position}",
        ref=SubmissionRef(bytes([position]) * 16),
        staff_no=f"S{position}",
        salt=bytes(16),
    )
    return Opened(Number(100_000 + position), identity, identity.plaintext())


def test_a_kept_name_is_read_back_with_its_number() -> None:
    kept = reveal.keep(KEY, BOARD, opened(1))
    found = reveal.read(KEY, BOARD, kept)
    assert (found.number, found.name, found.email, found.staff_no) == (
        100_001,
        "Candidate 1",
        "candidate1@example.org",
        "S1",
    )
    assert b"Candidate" not in kept.identity


def test_a_kept_name_moved_to_another_number_board_or_key_is_not_read() -> None:
    kept = reveal.keep(KEY, BOARD, opened(1))
    for key, board, row in (
        (bytes(32), BOARD, kept),
        (KEY, BoardId(bytes(16)), kept),
        (KEY, BOARD, replace(kept, number=Number(100_002))),
        (KEY, BOARD, replace(kept, nonce=bytes(12))),
        (KEY, BOARD, replace(kept, identity=kept.identity[:-1] + bytes([kept.identity[-1] ^ 1]))),
    ):
        with pytest.raises(NotRevealed):
            reveal.read(key, board, row)


def test_a_tag_needs_the_key_and_differs_by_account() -> None:
    accounts = [AccountId(bytes([n]) * 16) for n in range(3)]
    assert len({reveal.account_tag(KEY, each) for each in accounts}) == 3
    assert reveal.account_tag(KEY, accounts[0]) != reveal.account_tag(bytes(32), accounts[0])


def test_the_names_root_binds_number_ref_and_identity_in_order_of_number() -> None:
    one, two = opened(1), opened(2)
    leaves = [
        merkle.leaf(
            context(b"panel/named/v1", BOARD, each.number.to_bytes(4, "big"), each.identity.ref, digest(each.plaintext))
        )
        for each in (one, two)
    ]
    assert reveal.names_root(BOARD, [two, one]) == merkle.root(leaves)
    assert reveal.names_root(BOARD, []) == merkle.EMPTY_ROOT
