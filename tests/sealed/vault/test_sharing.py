"""Sharing by XOR: exactly the coalitions that should open do, and a changed bit is noticed."""

import hashlib
import itertools
import secrets

import pytest

from panel.kernel.ids import BoardId, CeremonyId, KeyholderId
from panel.sealed.vault.sharing import (
    Disagreement,
    Purpose,
    Seat,
    Sharing,
    Side,
    TooFew,
    commit,
    decode,
    encode,
)

SCHEMES = [(k, n) for n in range(2, 8) for k in range(1, n + 1)]
SECRET = bytes(range(32))


@pytest.mark.vault("V21")
def test_known_first_piece_of_two_of_three() -> None:
    drawn = iter([b"\x01" * 32, b"\x02" * 32])
    pieces = Sharing(2, 3).split(SECRET, lambda _: next(drawn))
    assert pieces[0].hex() == "03020100070605040b0a09080f0e0d0c13121110171615141b1a19181f1e1d1c"
    assert pieces[1:] == (b"\x01" * 32, b"\x02" * 32)


@pytest.mark.vault("V04")
@pytest.mark.leak("L105")
def test_every_coalition_opens_if_and_only_if_it_has_k_seats() -> None:
    tried = 0
    for k, n in SCHEMES:
        sharing = Sharing(k, n)
        pieces = sharing.split(SECRET)
        for size in range(1, n + 1):
            for coalition in itertools.combinations(range(1, n + 1), size):
                shares = [sharing.share(pieces, seat) for seat in coalition]
                tried += 1
                if size >= k:
                    assert sharing.combine(shares) == SECRET
                else:
                    with pytest.raises(TooFew):
                        sharing.combine(shares)
    assert tried == 1509


@pytest.mark.parametrize(("k", "n", "count"), [(2, 3, 2), (3, 5, 6), (4, 7, 20)])
def test_seats_hold_the_expected_number_of_pieces(k: int, n: int, count: int) -> None:
    sharing = Sharing(k, n)
    assert {len(sharing.held_by(seat)) for seat in range(1, n + 1)} == {count}


def test_k_minus_one_seats_miss_exactly_the_piece_named_after_them() -> None:
    sharing = Sharing(3, 5)
    for index, absent in enumerate(sharing.sets):
        held = {piece for seat in absent for piece in sharing.held_by(seat)}
        assert set(range(len(sharing.sets))) - held == {index}


@pytest.mark.vault("V04")
def test_every_flipped_bit_of_a_share_breaks_its_commitment() -> None:
    board, sharing = BoardId.new(), Sharing(2, 3)
    pieces = sharing.split(secrets.token_bytes(32))
    known = [commit(board, Side.HR, index, piece) for index, piece in enumerate(pieces)]
    for index, piece in enumerate(pieces):
        for bit in range(256):
            flipped = (int.from_bytes(piece, "big") ^ (1 << bit)).to_bytes(32, "big")
            assert commit(board, Side.HR, index, flipped) != known[index]


def test_two_seats_that_hold_different_bytes_disagree() -> None:
    sharing = Sharing(2, 3)
    pieces = sharing.split(SECRET)
    first, second = sharing.share(pieces, 1), sharing.share(pieces, 2)
    both = set(first) & set(second)
    second[both.pop()] = bytes(32)
    with pytest.raises(Disagreement):
        sharing.combine([first, second])


def test_a_share_is_written_and_read_alike() -> None:
    sharing = Sharing(4, 7)
    share = sharing.share(sharing.split(SECRET), 3)
    assert len(encode(share)) == 660
    assert decode(encode(share)) == share


@pytest.mark.parametrize("data", [b"", bytes(32), bytes(34), bytes(66), b"\x01" + bytes(32) + b"\x00" + bytes(32)])
def test_a_share_out_of_form_is_refused(data: bytes) -> None:
    with pytest.raises(Disagreement):
        decode(data)


@pytest.mark.parametrize(("k", "n"), [(0, 3), (4, 3), (2, 8)])
def test_an_impossible_quorum_is_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="k of n"):
        Sharing(k, n)


def test_only_32_bytes_are_shared() -> None:
    with pytest.raises(ValueError, match="32"):
        Sharing(2, 3).split(bytes(31))


@pytest.mark.vault("V21")
def test_known_release_context() -> None:
    nothing = hashlib.sha256(b"[]").digest()
    purpose = Purpose(BoardId(bytes(16)), CeremonyId(b"\x01" * 16), b"\x02" * 32, b"\x03" * 32, nothing)
    info = purpose.info(Side.HR, 1, 2)
    assert len(info) == 168
    assert hashlib.sha256(info).hexdigest() == "177db4c5e2fa3d8b17f8d93ab74cd42349d0f86667dcd75a9524534f6223b950"


def test_no_two_seats_share_a_context() -> None:
    board, holder = BoardId.new(), KeyholderId.new()
    seats = [Seat(side, number, holder) for side in Side for number in range(1, 8)]
    assert len({seat.info(board, bytes(32)) for seat in seats}) == len(seats)


def test_a_seat_is_called_by_its_side_and_number() -> None:
    assert [str(Seat(side, 2, KeyholderId.new())) for side in (Side.HR, Side.PANEL)] == ["hr 2", "panel 2"]
