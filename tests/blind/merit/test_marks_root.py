"""The marks root: one value for one state of the tables, another for any other."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from panel.audit.merkle import leaf
from panel.audit.proofs import inclusion, verify_inclusion
from panel.blind.merit.marks_root import Locked, LockedMark, LockedScore, LockedSubmission, leaves, marks_root
from panel.blind.merit.merit_list import Outcome, Place
from panel.kernel.ids import BoardId, MarkerId, Number, SubmissionRef

FIRST, SECOND = Number(123456), Number(654321)
MARKERS = [MarkerId(bytes([n]) * 16) for n in (1, 2)]

LOCKED = Locked(
    board=BoardId(bytes(16)),
    policy_digest=b"\x22" * 32,
    lodged_root=b"\x33" * 32,
    submissions=(
        LockedSubmission(FIRST, SubmissionRef(b"\x11" * 16), b"\x44" * 32, b"\x44" * 32),
        LockedSubmission(SECOND, SubmissionRef(b"\x12" * 16), b"\x55" * 32, b"\x56" * 32),
    ),
    marks=tuple(
        LockedMark(number, "ownership", marker, score, bytes([score]) * 32)
        for number, marker, score in ((FIRST, MARKERS[0], 3), (FIRST, MARKERS[1], 4), (SECOND, MARKERS[0], 1))
    ),
    scores=(LockedScore(SECOND, "ownership", 2, MARKERS[1], b"\x66" * 32),),
    places=(
        Place(FIRST, 1, Outcome.PASSED, Fraction(7, 2), {"ownership": Fraction(7, 2)}),
        Place(SECOND, 2, Outcome.NOT_PASSED, Fraction(2), {"ownership": Fraction(2)}),
    ),
)

CHANGES = {
    "board": {"board": BoardId(b"\x01" * 16)},
    "policy": {"policy_digest": bytes(32)},
    "lodged root": {"lodged_root": bytes(32)},
    "lost submission": {"submissions": LOCKED.submissions[:1]},
    "number": {"submissions": (replace(LOCKED.submissions[0], number=Number(123457)), LOCKED.submissions[1])},
    "redaction": {"submissions": (replace(LOCKED.submissions[0], shown_digest=bytes(32)), LOCKED.submissions[1])},
    "lost mark": {"marks": LOCKED.marks[1:]},
    "score": {"marks": (replace(LOCKED.marks[0], score=4), *LOCKED.marks[1:])},
    "evidence": {"marks": (replace(LOCKED.marks[0], evidence_digest=bytes(32)), *LOCKED.marks[1:])},
    "marker": {"marks": (replace(LOCKED.marks[0], marker=MarkerId(bytes(16))), *LOCKED.marks[1:])},
    "agreed score": {"scores": (replace(LOCKED.scores[0], score=3),)},
    "reason": {"scores": (replace(LOCKED.scores[0], reason_digest=bytes(32)),)},
    "outcome": {"places": (LOCKED.places[0], replace(LOCKED.places[1], outcome=Outcome.PASSED))},
    "total": {"places": (replace(LOCKED.places[0], total=Fraction(4)), LOCKED.places[1])},
    "score by criterion": {"places": (replace(LOCKED.places[0], scores={"ownership": Fraction(4)}), LOCKED.places[1])},
}


@pytest.mark.vault("V21")
def test_root_is_the_known_answer() -> None:
    assert marks_root(LOCKED).hex() == "bc51cde78fde8edca888ab394fb2a395f8893b9e7edb5b74926d2ff2e0c43521"


def test_root_does_not_depend_on_the_order_of_rows() -> None:
    shuffled = replace(
        LOCKED, submissions=LOCKED.submissions[::-1], marks=LOCKED.marks[::-1], places=LOCKED.places[::-1]
    )
    assert marks_root(shuffled) == marks_root(LOCKED)


@pytest.mark.vault("V06")
@pytest.mark.parametrize("name", CHANGES)
def test_root_changes_with_every_part(name: str) -> None:
    assert marks_root(replace(LOCKED, **CHANGES[name])) != marks_root(LOCKED)


def test_leaves_stand_in_the_published_order() -> None:
    kinds = [json.loads(data)["leaf"] for data in leaves(LOCKED)]
    assert kinds == ["header", *["submission"] * 2, *["mark"] * 3, "agreed_score", *["place"] * 2]


def test_leaves_hold_no_float_and_fractions_in_lowest_terms() -> None:
    place = json.loads(leaves(LOCKED)[-2], parse_float=pytest.fail)
    assert place["total"] == "7/2"
    assert place["scores"] == {"ownership": "7/2"}


def test_each_leaf_can_be_proved_into_the_root() -> None:
    hashes = [leaf(data) for data in leaves(LOCKED)]
    for index, entry in enumerate(hashes):
        assert verify_inclusion(entry, index, len(hashes), inclusion(hashes, index), marks_root(LOCKED))
