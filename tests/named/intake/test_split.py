"""One application becomes parts that know nothing of each other, and every name fits the one length of an envelope."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.kernel.encoding import digest_of
from panel.kernel.ids import AccountId, BoardId, MarkerId, SubmissionRef
from panel.named.intake.draft import Details, Draft
from panel.named.intake.split import IdentityTooLong, Incomplete, check_details, split
from panel.sealed.vault.envelope import SEALED, KeyPair, seal

BOARD, ACCOUNT = BoardId.new(), AccountId.new()
MARKER = MarkerId.new()
DRAFT = Draft(
    answers={"ownership": "I kept the log.", "courage": "I said no."},
    details=Details("Siân O’Neill-Żak", "sian@rail.example", "BT44718"),
    known=frozenset({MARKER}),
    equality={"sex": "female"},
)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def test_split_gives_answers_identity_exclusions_and_equality_apart() -> None:
    ref = SubmissionRef.new()
    parts = split(BOARD, ACCOUNT, ref, DRAFT)
    assert parts.answers == DRAFT.answers
    assert parts.answers_digest == digest_of({"courage": "I said no.", "ownership": "I kept the log."})
    assert parts.exclusions == {MARKER}
    assert parts.equality["sex"] == "female"
    assert parts.equality["religion"] == "declined"


def test_identity_names_the_person_the_ref_and_the_digest_of_the_answers() -> None:
    ref = SubmissionRef.new()
    parts = split(BOARD, ACCOUNT, ref, DRAFT)
    identity = json.loads(parts.identity)
    assert sorted(identity) == ["account", "board", "content", "email", "name", "ref", "salt", "staff_no", "v"]
    assert (identity["name"], identity["ref"]) == ("Siân O’Neill-Żak", str(ref))
    assert identity["content"] == parts.answers_digest.hex()
    assert split(BOARD, ACCOUNT, ref, DRAFT).identity != parts.identity


def test_identity_has_290_fixed_bytes() -> None:
    nobody = replace(DRAFT, details=Details("", "", ""))
    assert len(split(BOARD, ACCOUNT, SubmissionRef.new(), nobody).identity) == 290


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (replace(DRAFT, details=None), "Enter your details."),
        (replace(DRAFT, known=None), "Say who of the panel knows your work."),
        (replace(DRAFT, equality=None), "Look at the equality questions. You can decline each of them."),
    ],
)
def test_split_refuses_a_draft_with_a_part_missing(draft: Draft, sentence: str) -> None:
    with pytest.raises(Incomplete) as refused:
        split(BOARD, ACCOUNT, SubmissionRef.new(), draft)
    assert refused.value.details == (sentence,)


@pytest.mark.vault("V13")
@pytest.mark.leak("L93")
@given(ANY_TEXT, ANY_TEXT, st.text(max_size=70))
def test_any_name_gives_an_envelope_of_one_length_or_a_form_error(name: str, email: str, staff_no: str) -> None:
    pair = KeyPair.from_seed(bytes(32))
    draft = replace(DRAFT, details=Details(name, email, staff_no))
    try:
        identity = split(BOARD, ACCOUNT, SubmissionRef.new(), draft).identity
    except IdentityTooLong:
        return
    assert len(seal(pair.public, b"any", identity)) == SEALED


@pytest.mark.vault("V13")
@pytest.mark.parametrize(
    ("details", "said"),
    [
        (Details("é" * 150, "e" * 254, "s" * 64), None),
        (Details("é" * 150 + "x", "e", "s"), "Full name"),
        (Details("n", "e" * 255, "s"), "Email address"),
        (Details("n", "e", "s" * 65), "Staff number"),
        (Details("\\" * 300, "\\" * 254, "\\" * 64), "too long together"),
    ],
)
def test_one_byte_over_a_limit_is_an_error_that_names_the_field(details: Details, said: str | None) -> None:
    if said is None:
        check_details(details)
        return
    with pytest.raises(IdentityTooLong) as refused:
        check_details(details)
    assert said in " ".join((refused.value.message, *refused.value.details))
