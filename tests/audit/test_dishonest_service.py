"""A service that signs whatever it likes: its log must still tell of lawful acts, and one honest head tells more."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from panel.audit import verifier
from panel.audit.heads import Signer, head_message
from panel.audit.merkle import leaf, root
from panel.kernel.encoding import canonical
from panel.kernel.ids import BoardId
from tests.audit.forging import Files, closed, opened

Entries = list[dict[str, Any]]
Change = Callable[[Entries], object]
#: The installation's key, stolen or misused.
SIGNER = Signer(b"\x05" * 32)

pytestmark = pytest.mark.vault("V20")


def rewritten(data: bytes, change: Change) -> Files:
    """The whole log written and signed anew after a change to its entries."""
    files = opened(data)
    entries = [json.loads(line) for line in files["log.jsonl"].splitlines()]
    _of(entries, "board.opened")["facts"]["log_key"] = SIGNER.public.hex()
    change(entries)
    board = BoardId.parse(entries[0]["log"])
    for opening in (entry for entry in entries if entry["kind"] == "ceremony.opened"):
        opening["facts"]["head_size"] = entries.index(opening)
    bodies = [canonical({**entry, "seq": seq}) for seq, entry in enumerate(entries)]
    stages = [n + 1 for n, entry in enumerate(entries) if entry["kind"].startswith("board.")]
    sizes = {*stages, *(n for n, entry in enumerate(entries) if entry["kind"] == "ceremony.opened"), len(entries)}
    heads = [_head(board, [leaf(body) for body in bodies[:size]], size) for size in sorted(sizes)]
    return {**files, "log.jsonl": b"\n".join([*bodies, b""]), "heads.jsonl": b"\n".join([*heads, b""])}


def _of(entries: Entries, kind: str) -> dict[str, Any]:
    return next(entry for entry in entries if entry["kind"] == kind)


def _head(board: BoardId, leaves: list[bytes], size: int) -> bytes:
    at, on = root(leaves), date(2026, 11, 22)
    signature = SIGNER.sign(head_message(board, size, at, on))
    digests = {"key_id": SIGNER.id.hex(), "root": at.hex(), "signature": signature.hex()}
    return canonical({**digests, "on": on.isoformat(), "size": size})


def faults(files: Files, folder: Path, *heads: str) -> list[str]:
    file = folder / "forged.zip"
    file.write_bytes(closed(files))
    return [sentence for holds, sentence in verifier.verify(file, heads, (), ()) if not holds]


def entry(kind: str, role: str, facts: dict[str, Any], like: dict[str, Any]) -> dict[str, Any]:
    return {**like, "kind": kind, "role": role, "facts": facts, "actor": "11" * 16}


def before(entries: Entries, kind: str, told: str, facts: dict[str, Any], role: str = "chair") -> None:
    """Put an entry of kind `told` in front of the first of `kind`."""
    entries.insert(entries.index(_of(entries, kind)), entry(told, role, facts, entries[0]))


def set_facts(entries: Entries, kind: str, **facts: Any) -> None:
    _of(entries, kind)["facts"].update(facts)


AMENDED = {"seq": 1, "number": 1, "criterion": "a", "before": "3/1", "after": "4/1", "reason_digest": "00" * 32}
UNLAWFUL: dict[str, tuple[Change, str]] = {
    "stage left out": (lambda log: log.remove(_of(log, "board.marking")), "its stages in order"),
    "stages swapped": (lambda log: log.append(log.pop(log.index(_of(log, "board.closed")))), "its stages in order"),
    "moved by a marker": (lambda log: _of(log, "board.locked").update(role="marker"), "somebody moved it who may not"),
    "another policy": (lambda log: set_facts(log, "board.opened", policy_digest="00" * 32), "The rules are not"),
    "another quorum": (lambda log: set_facts(log, "board.opened", k=1), "The rules are not"),
    "another count": (lambda log: set_facts(log, "board.closed", submissions=6), "the close counted 6"),
    "another lodged root": (
        lambda log: set_facts(log, "board.closed", lodged_root="00" * 32),
        "locked for other rules",
    ),
    "another marks root": (lambda log: set_facts(log, "board.locked", marks_root="00" * 32), "A mark, agreed score"),
    "locked twice": (lambda log: before(log, "board.unsealed", "board.locked", {}), "is not once in its log"),
    "one custodian": (lambda log: set_facts(log, "board.unsealed", seats=["hr 1", "panel 1"]), "enough releases"),
    "no panel": (lambda log: set_facts(log, "board.unsealed", seats=["hr 1", "hr 2"]), "enough releases"),
    "no such seat": (lambda log: set_facts(log, "board.unsealed", seats=["hr 1", "hr 9", "panel 1"]), "enough"),
    "no release": (lambda log: log.remove(_of(log, "ceremony.released")), "enough releases"),
    "other marks": (lambda log: set_facts(log, "ceremony.opened", marks_root="00" * 32), "releases were not for"),
    "exceptions": (lambda log: set_facts(log, "board.unsealed", exceptions=[1]), "releases were not for"),
    "amended meanwhile": (
        lambda log: before(log, "board.unsealed", "amendment.confirmed", {**AMENDED, "decided_by": "22" * 16}),
        "A later change had ended",
    ),
    "seat moved meanwhile": (lambda log: before(log, "board.unsealed", "seat.handed_over", {}), "A later change"),
    "aborted": (
        lambda log: before(
            log, "board.unsealed", "ceremony.aborted", {"ceremony": _of(log, "board.unsealed")["facts"]["ceremony"]}
        ),
        "A later change had ended",
    ),
    "amended alone": (
        lambda log: log.append(entry("amendment.confirmed", "chair", {**AMENDED, "decided_by": "11" * 16}, log[0])),
        "confirmed by the person who had decided it",
    ),
    "opened early by too few": (
        lambda log: before(log, "board.locked", "envelope.opened_early", {"number": 1, "seats": ["hr 1", "hr 2"]}),
        "opened early by too few",
    ),
    "a name too few": (lambda log: set_facts(log, "board.unsealed", names_root="00" * 32), "The names are not"),
}


@pytest.mark.parametrize("name", UNLAWFUL)
def test_what_a_signed_log_tells_must_be_lawful(records: dict[str, Path], name: str, tmp_path: Path) -> None:
    change, fault = UNLAWFUL[name]
    said = faults(rewritten(records["named"].read_bytes(), change), tmp_path)
    assert any(fault in sentence for sentence in said), (name, said)


def test_a_log_rewritten_as_a_whole_is_told_by_one_honest_head_alone(records: dict[str, Path], tmp_path: Path) -> None:
    honest = records["named"].read_bytes()
    files = rewritten(honest, lambda log: log.append(entry("texts.left", "chair", {"texts": 1}, log[0])))
    assert faults(files, tmp_path) == []
    for line in opened(honest)["heads.jsonl"].splitlines():
        head = json.loads(line)
        (fault,) = faults(files, tmp_path, f"{head['size']}:{head['root']}")
        assert "is not of this log" in fault


def test_lawful_acts_after_the_lock_are_counted(records: dict[str, Path], tmp_path: Path) -> None:
    def acts(log: Entries) -> None:
        before(log, "board.locked", "envelope.opened_early", {"number": 1, "seats": ["hr 1", "hr 3", "panel 1"]})
        log.append(entry("amendment.confirmed", "chair", {**AMENDED, "decided_by": "22" * 16}, log[0]))
        before(log, "ceremony.opened", "unseal.refused", {"check": "C3", "numbers": [], "seats": []}, "custodian")

    files = rewritten(records["named"].read_bytes(), acts)
    assert faults(files, tmp_path) == []
    said = [sentence for _, sentence in verifier.verify(tmp_path / "forged.zip", (), (), ())]
    assert "Amendments: 1; envelopes opened early: 1; openings refused: 1." in said


def test_a_name_that_was_sealed_for_another_submission_is_told(records: dict[str, Path], tmp_path: Path) -> None:
    files = rewritten(records["named"].read_bytes(), lambda _: None)
    lines = files["names.jsonl"].splitlines()
    first, second = json.loads(lines[0]), json.loads(lines[1])
    first["identity"], second["identity"] = second["identity"], first["identity"]
    swapped = [canonical(first), canonical(second), *lines[2:], b""]
    (fault,) = faults({**files, "names.jsonl": b"\n".join(swapped)}, tmp_path)
    assert fault == f"The name beside {first['number']} was sealed for another submission."
