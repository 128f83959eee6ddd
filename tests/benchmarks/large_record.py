"""The record of a board that was never played, of any size, made with the pure functions alone."""

import hashlib
from datetime import date
from fractions import Fraction
from typing import Any, Final

from panel.audit.entry import body
from panel.audit.heads import Signer, head_message
from panel.audit.merkle import leaf, root
from panel.audit.queries import Signed
from panel.blind.merit.marks_root import Locked, LockedMark, LockedScore, LockedSubmission, leaves, marks_root
from panel.blind.merit.merit_list import merit_list
from panel.blind.moderation.answers import judge
from panel.blind.submissions.record_queries import Text
from panel.board.policy import Criterion, Custody, Kind, PassRule, Point, Policy, Scale
from panel.kernel.encoding import digest, digest_of
from panel.kernel.ids import BoardId, MarkerId, Number, SubmissionRef
from panel.named.intake.roots import lodged_leaf
from panel.named.oversight.record import Record
from panel.named.unsealing.record_queries import Sealed

CRITERIA: Final = 6
MARKERS: Final = 3
ON: Final = date(2026, 11, 22)
BOARD: Final = BoardId(digest(b"board")[:16])
_WORDS: Final = "I asked the control room what was known and what was guessed before I decided who would go. " * 20
_Numbered = list[tuple[Number, SubmissionRef, dict[str, str], bytes]]


def large(candidates: int) -> Record:
    """A locked board: six answers of some two kilobytes each, three marks on every one."""
    policy, signer = rules(), Signer(bytes(32))
    lodged = [_lodged(policy, n) for n in range(candidates)]
    sealed = tuple(_sealed(ref, content) for _, ref, _, content in sorted(lodged, key=lambda each: each[1]))
    locked = _locked(policy, lodged, root([each.leaf for each in sealed]))
    log, heads = _log(policy, signer, locked)
    return Record(
        board=BOARD,
        policy=policy.to_json(),
        log=log,
        heads=heads,
        locked=leaves(locked),
        texts=tuple(Text(number, answers, None, 0) for number, _, answers, _ in lodged),
        sealed=sealed,
    )


def _sealed(ref: SubmissionRef, content: bytes) -> Sealed:
    envelope, equality = _noise(ref), digest(ref)
    return Sealed(ref, envelope, equality, lodged_leaf(BOARD, ref, content, digest(envelope), equality))


def rules() -> Policy:
    """Six competencies on a scale of five."""
    criteria = tuple(Criterion(f"criterion-{n}", Kind.COMPETENCY, f"Criterion {n}", "How?") for n in range(CRITERIA))
    scale = Scale(tuple(Point(n, str(n), "As it says.") for n in range(1, 6)))
    return Policy(criteria=criteria, scale=scale, pass_rule=PassRule(Fraction(18)), custody=Custody(2, 3))


def _lodged(policy: Policy, n: int) -> tuple[Number, SubmissionRef, dict[str, str], bytes]:
    answers = dict.fromkeys(policy.keys, f"{n} {_WORDS}")
    return Number(100_000 + n), SubmissionRef(digest(f"ref {n}".encode())[:16]), answers, digest_of(answers)


def _noise(ref: SubmissionRef) -> bytes:
    return hashlib.shake_256(ref).digest(2160)


def _locked(policy: Policy, lodged: _Numbered, lodged_root: bytes) -> Locked:
    markers = [MarkerId(digest(bytes([n]))[:16]) for n in range(MARKERS)]
    marks, agreed, scores = [], [], {}
    for number, ref, _, content in lodged:
        scores[number] = {}
        for place, key in enumerate(policy.keys):
            given = [1 + content[place + 3 * n] % 5 for n in range(MARKERS)]
            held = judge(policy, key, given)
            marks += [LockedMark(number, key, m, score, content) for m, score in zip(markers, given, strict=True)]
            if held.disputed:
                agreed.append(LockedScore(number, key, sorted(given)[1], markers[0], digest(ref)))
            scores[number][key] = held.score(sorted(given)[1]) or Fraction(0)
    submissions = tuple(LockedSubmission(number, ref, content, content) for number, ref, _, content in lodged)
    places = merit_list(policy, scores)
    return Locked(BOARD, policy.digest, lodged_root, submissions, tuple(marks), tuple(agreed), places)


def _log(policy: Policy, signer: Signer, locked: Locked) -> tuple[tuple[bytes, ...], tuple[Signed, ...]]:
    """The stages, and an entry for every agreed score, which is what makes a log long."""
    seats = [("hr", 1), ("hr", 2), ("hr", 3), ("panel", 1)]
    opened: dict[str, Any] = {
        "board_key": "00" * 1216, "format": 1, "k": 2, "n": 3, "log_key": signer.public.hex(), "pieces": {},
        "policy_digest": policy.digest.hex(),
        "seats": [{"side": side, "seat": n, "keyholder": "00" * 16, "fingerprint": "00" * 32} for side, n in seats],
    }  # fmt: skip
    count = len(locked.submissions)
    closed = {"submissions": count, "lodged_root": locked.lodged_root.hex(), "roll_root": "00" * 32}
    agreed = [("score.agreed", "chair", {"number": s.number, "criterion": s.criterion}) for s in locked.scores]
    told = [
        ("board.opened", "hr", opened),
        ("board.closed", "hr", closed),
        ("board.marking", "hr", {}),
        ("board.moderation", "chair", {}),
        *agreed,
        ("board.locked", "chair", {"marks_root": marks_root(locked).hex()}),
    ]
    bodies = [
        body(BOARD, seq, kind, actor=MarkerId(bytes(16)), role=role, on=ON, facts=facts)
        for seq, (kind, role, facts) in enumerate(told)
    ]
    hashes = [leaf(each) for each in bodies]
    return tuple(bodies), tuple(_head(signer, hashes, size) for size in (1, 2, 3, 4, len(bodies)))


def _head(signer: Signer, hashes: list[bytes], size: int) -> Signed:
    at = root(hashes[:size])
    return Signed(size, at, ON, signer.id, signer.sign(head_message(BOARD, size, at, ON)))
