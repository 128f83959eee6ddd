"""A draft keeps every part under its own version, and all drafts of a board have one length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.board.policy import Criterion, Kind, Policy
from panel.kernel.ids import AccountId, BoardId, MarkerId, ReceiptCode
from panel.named.intake import locker
from panel.named.intake.draft import DETAILS, Details, Draft, DraftTooLong, StalePart, size
from panel.named.intake.locker import Unreadable

POLICY = Policy(
    criteria=(
        Criterion("ownership", Kind.COMPETENCY, "We take ownership", "When did you?", word_limit=300),
        Criterion("courage", Kind.VALUE, "Courage", whole=True),
    )
)
KEY, BOARD, ACCOUNT = bytes(range(32)), BoardId.new(), AccountId.new()
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(TEXT, TEXT, st.booleans(), st.lists(TEXT, max_size=3))
def test_a_draft_reads_back_as_it_was_written(answer: str, name: str, knows: bool, colleagues: list[str]) -> None:
    known = frozenset({MarkerId.new()}) if knows else None
    draft = Draft(
        {"ownership": answer},
        Details(name, "a@b.example", colleagues=tuple(colleagues)),
        known,
        {"sex": "female"},
        {"ownership": 3, DETAILS: 1},
        ReceiptCode.new(),
        amends=knows,
    )
    read = Draft.read(draft.plaintext(size(POLICY)))
    assert read.plaintext(size(POLICY)) == draft.plaintext(size(POLICY))
    assert (read.known, read.code, read.amends, read.edition) == (known, draft.code, knows, draft.edition)


@pytest.mark.leak("L93")
@given(st.text('abc é\n"', max_size=3000))
def test_every_draft_of_a_board_has_one_length(answer: str) -> None:
    wide = size(POLICY)
    locked = locker.lock(KEY, BOARD, ACCOUNT, Draft({"ownership": answer}).plaintext(wide))
    assert (len(locked.sealed), len(locked.nonce)) == (wide + locker.TAG, locker.NONCE)


def test_a_draft_that_does_not_fit_is_refused() -> None:
    with pytest.raises(DraftTooLong):
        Draft({"ownership": "x" * size(POLICY)}).plaintext(size(POLICY))


def test_size_follows_from_the_word_limits_alone() -> None:
    assert size(POLICY) == 23 * 1024 + 1024
    assert size(POLICY) % 1024 == 0


@pytest.mark.leak("L81")
def test_each_part_has_a_version_of_its_own_and_an_old_one_is_refused() -> None:
    draft = Draft().answered("ownership", 0, "First.").answered("courage", 0, "Other.")
    assert draft.answered("ownership", 1, "Second.").answers == {"ownership": "Second.", "courage": "Other."}
    with pytest.raises(StalePart):
        draft.answered("ownership", 0, "From the other tab.")
    with pytest.raises(StalePart):
        draft.detailed(1, Details("n", "e"))


@pytest.mark.vault("V21")
@pytest.mark.parametrize(
    ("plain", "known"),
    [
        ("", "07f5f4169bbf55a8400cd47ea6fd400f"),
        ("0100000000000000", "c2ef328e5c71c83b843122130f7364b761e0b97427e3df28"),
    ],
)
def test_the_cipher_is_that_of_rfc_8452(plain: str, known: str) -> None:
    cipher = locker.AESGCMSIV(bytes([1]) + bytes(31))
    assert cipher.encrypt(bytes([3]) + bytes(11), bytes.fromhex(plain), b"").hex() == known


def test_a_draft_opens_only_for_its_own_board_account_and_key() -> None:
    locked = locker.lock(KEY, BOARD, ACCOUNT, b"mine")
    assert locker.unlock(KEY, BOARD, ACCOUNT, locked) == b"mine"
    for key, board, account in [
        (bytes(32), BOARD, ACCOUNT),
        (KEY, BoardId.new(), ACCOUNT),
        (KEY, BOARD, AccountId.new()),
    ]:
        with pytest.raises(Unreadable):
            locker.unlock(key, board, account, locked)
    with pytest.raises(Unreadable):
        locker.unlock(
            KEY, BOARD, ACCOUNT, locker.Locked(locked.nonce, locked.sealed[:-1] + bytes([locked.sealed[-1] ^ 1]))
        )


def test_two_savings_of_one_text_look_different() -> None:
    assert locker.lock(KEY, BOARD, ACCOUNT, b"mine").sealed != locker.lock(KEY, BOARD, ACCOUNT, b"mine").sealed
