"""Opening: the right coalition and untouched envelopes give every identity; anything else names what failed."""

import itertools
import secrets
from collections.abc import Iterable

import pytest

from panel.kernel.ids import AccountId, BoardId, KeyholderId, Number, SubmissionRef
from panel.sealed.vault import opening
from panel.sealed.vault.envelope import FORMAT, KeyPair, identity_info, seal
from panel.sealed.vault.identity import LIMITS, Identity, NotIdentity
from panel.sealed.vault.opening import SealedRow, Unsound, Vault
from panel.sealed.vault.sharing import Seat, Share, Sharing, Side, commit, encode, xor

BOARD, POLICY = BoardId(b"\x01" * 16), b"\x02" * 32
SHARING = Sharing(2, 3)
HALF, PANEL_HALF = secrets.token_bytes(32), secrets.token_bytes(32)
PIECES = SHARING.split(HALF)
KEY = KeyPair.from_seed(xor(HALF, PANEL_HALF))
HOLDER = KeyPair.from_seed(secrets.token_bytes(32))
VAULT = Vault(
    board=BOARD,
    policy_digest=POLICY,
    public_key=KEY.public,
    sharing=SHARING,
    commitments={
        Side.HR: tuple(commit(BOARD, Side.HR, index, piece) for index, piece in enumerate(PIECES)),
        Side.PANEL: (commit(BOARD, Side.PANEL, 0, PANEL_HALF),),
    },
)


def shares(seats: Iterable[int]) -> list[Share]:
    return [SHARING.share(PIECES, seat) for seat in seats]


def identity(position: int, **changes: object) -> Identity:
    parts = {
        "account": AccountId(bytes([position]) * 16),
        "board": BOARD,
        "content": bytes([position]) * 32,
        "email": f"candidate{position}@example.org",
        "name": f"Nia O’Connor-{position}",
        "ref": SubmissionRef(bytes([position + 100]) * 16),
        "staff_no": f"S{position:05d}",
    }
    return Identity(**{**parts, **changes})  # type: ignore[arg-type]


def row(position: int, inside: Identity | None = None, **changes: object) -> SealedRow:
    who = identity(position)
    info = identity_info(BOARD, who.ref, POLICY, who.content)
    parts = {
        "ref": who.ref,
        "number": Number(100_000 + position),
        "answers_digest": who.content,
        "format": FORMAT,
        "sealed": seal(KEY.public, info, (inside or who).plaintext()),
    }
    return SealedRow(**{**parts, **changes})  # type: ignore[arg-type]


@pytest.mark.vault("V04")
@pytest.mark.parametrize("coalition", [c for size in range(4) for c in itertools.combinations((1, 2, 3), size)])
@pytest.mark.parametrize("panel", [True, False])
def test_the_board_key_needs_k_custodians_and_the_panel(coalition: tuple[int, ...], panel: bool) -> None:
    half = {opening.WHOLE: PANEL_HALF} if panel else {}
    if len(coalition) >= 2 and panel:
        assert opening.board_key(VAULT, shares(coalition), half).public == KEY.public
    else:
        with pytest.raises(Unsound) as refused:
            opening.board_key(VAULT, shares(coalition), half)
        assert refused.value.check == "C5"


def test_a_wrong_half_gives_no_key() -> None:
    with pytest.raises(Unsound):
        opening.board_key(VAULT, shares((1, 2)), {opening.WHOLE: bytes(32)})


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_custodian_opens_her_own_share(number: int) -> None:
    seat = Seat(Side.HR, number, KeyholderId.new())
    share = SHARING.share(PIECES, number)
    sealed = seal(HOLDER.public, seat.info(BOARD, POLICY), encode(share))
    assert opening.own_share(HOLDER, VAULT, seat, sealed) == share


@pytest.mark.vault("V04")
def test_a_share_that_differs_in_one_bit_names_its_seat() -> None:
    seat = Seat(Side.HR, 2, KeyholderId.new())
    share = SHARING.share(PIECES, 2)
    index = min(share)
    for bit in range(0, 256, 17):
        flipped = (int.from_bytes(share[index], "big") ^ (1 << bit)).to_bytes(32, "big")
        sealed = seal(HOLDER.public, seat.info(BOARD, POLICY), encode({**share, index: flipped}))
        with pytest.raises(Unsound) as refused:
            opening.own_share(HOLDER, VAULT, seat, sealed)
        assert refused.value.seats == ("hr 2",)


@pytest.mark.vault("V04")
def test_a_share_that_does_not_open_is_refused_by_the_check_that_owns_it_in_its_words() -> None:
    seat = Seat(Side.HR, 2, KeyholderId.new())
    for_another = seal(HOLDER.public, seat.info(BoardId(bytes(16)), POLICY), encode(SHARING.share(PIECES, 2)))
    no_share = seal(HOLDER.public, seat.info(BOARD, POLICY), b"no share")
    for sealed in (for_another, no_share, bytes(2160)):
        with pytest.raises(Unsound) as refused:
            opening.own_share(HOLDER, VAULT, seat, sealed)
        assert (refused.value.check, refused.value.seats) == ("C5", ("hr 2",))
        assert refused.value.message == opening.WHY["C5"] != Unsound.sentence


def test_another_seats_pieces_are_refused_in_this_seat() -> None:
    seat = Seat(Side.HR, 1, KeyholderId.new())
    sealed = seal(HOLDER.public, seat.info(BOARD, POLICY), encode(SHARING.share(PIECES, 3)))
    with pytest.raises(Unsound):
        opening.own_share(HOLDER, VAULT, seat, sealed)


def test_the_panels_share_is_whole_and_held_to_its_commitment() -> None:
    seat = Seat(Side.PANEL, 1, KeyholderId.new())
    for half, fits in ((PANEL_HALF, True), (bytes(32), False)):
        sealed = seal(HOLDER.public, seat.info(BOARD, POLICY), encode({opening.WHOLE: half}))
        if fits:
            assert opening.own_share(HOLDER, VAULT, seat, sealed) == {opening.WHOLE: half}
        else:
            with pytest.raises(Unsound):
                opening.own_share(HOLDER, VAULT, seat, sealed)


def test_untouched_envelopes_give_every_identity_by_number() -> None:
    told: list[int] = []
    opened = opening.identities(KEY, VAULT, [row(3), row(1), row(2)], told.append)
    assert told == [1, 2, 3]
    assert [one.number for one in opened] == [100_001, 100_002, 100_003]
    assert [one.identity.account for one in opened] == [identity(n).account for n in (1, 2, 3)]


@pytest.mark.vault("V06")
@pytest.mark.vault("V07")
@pytest.mark.parametrize(
    "spoilt",
    [
        row(2, sealed=row(3).sealed),
        row(2, answers_digest=bytes(32)),
        row(2, format=9),
        row(2, identity(2, ref=SubmissionRef.new())),
        row(2, identity(2, board=BoardId.new())),
        row(2, identity(2, content=bytes(32))),
        row(2, sealed=bytes(2160)),
    ],
    ids=["swapped", "answers", "format", "ref inside", "board inside", "content inside", "forged"],
)
def test_a_spoilt_envelope_opens_nothing_and_is_named_by_number(spoilt: SealedRow) -> None:
    with pytest.raises(Unsound) as refused:
        opening.identities(KEY, VAULT, [row(1), spoilt, row(4)])
    assert (refused.value.check, refused.value.numbers) == ("C7", (100_002,))


@pytest.mark.vault("V06")
def test_the_people_inside_are_the_people_on_the_roll() -> None:
    opened = opening.identities(KEY, VAULT, [row(1), row(2)])
    accounts = [one.identity.account for one in opened]
    opening.compare_people(opened, accounts)
    for roll, numbers in (
        (accounts[:1], (100_002,)),
        ([*accounts, AccountId.new()], ()),
        ([accounts[0], AccountId.new()], (100_002,)),
        ([], (100_001, 100_002)),
    ):
        with pytest.raises(Unsound) as refused:
            opening.compare_people(opened, roll)
        assert (refused.value.check, refused.value.numbers) == ("C8", numbers)


@pytest.mark.vault("V07")
@pytest.mark.leak("L104")
def test_two_envelopes_of_one_person_are_refused_by_number() -> None:
    twin = identity(2, account=identity(1).account)
    opened = opening.identities(KEY, VAULT, [row(1), row(2, twin)])
    with pytest.raises(Unsound) as refused:
        opening.compare_people(opened, [identity(1).account])
    assert refused.value.numbers == (100_001, 100_002)


@pytest.mark.vault("V13")
def test_the_fixed_part_of_an_identity_and_its_limits_fit_the_envelope() -> None:
    assert len(identity(1, email="", name="", staff_no="").plaintext()) == 290
    assert LIMITS == {"name": 300, "email": 254, "staff_no": 64}
    longest = identity(1, email="e" * LIMITS["email"], name="é" * (LIMITS["name"] // 2), staff_no="9" * 64)
    assert len(longest.plaintext()) == 290 + sum(LIMITS.values())
    assert row(1, longest).sealed


def test_a_printed_identity_shows_no_salt() -> None:
    who = identity(1)
    assert "salt" not in repr(who)
    assert who != identity(1)


def test_only_the_form_that_was_sealed_is_an_identity() -> None:
    plain = identity(1).plaintext()
    assert Identity.read(plain).plaintext() == plain
    changed = (plain.replace(b'"v":1', b'"v":2'), plain.replace(b'"name"', b'"nome"'))
    for other in (b"", b"[]", b"{}", plain + b" ", *changed):
        with pytest.raises(NotIdentity):
            Identity.read(other)


def test_what_the_log_keeps_of_a_refusal_is_numbers_and_seats() -> None:
    assert opening.refusal(Unsound("C7", [100_002, 100_001], ["hr 1"])) == {
        "check": "C7",
        "numbers": [100_001, 100_002],
        "seats": ["hr 1"],
    }


@pytest.mark.vault("V07")
def test_an_envelope_set_aside_hides_nobody_whom_another_holds() -> None:
    twin = identity(2, account=identity(1).account)
    opened, aside = opening.identities(KEY, VAULT, [row(1)]), opening.those_that_open(KEY, VAULT, [row(2, twin)])
    roll = [identity(1).account, identity(2).account]
    opening.compare_people(opened, roll, unopened=1)
    with pytest.raises(Unsound) as refused:
        opening.compare_people(opened, roll, unopened=1, aside=aside)
    assert (refused.value.check, refused.value.numbers) == ("C8", (100_001, 100_002))
    assert opening.those_that_open(KEY, VAULT, [row(3, sealed=bytes(2160))]) == ()
