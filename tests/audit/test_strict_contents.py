"""Rules, marks, answers, envelopes and names: each demand by a record that only this one refuses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from panel.audit import verifier
from panel.kernel.encoding import canonical, digest
from tests.audit.forging import Files, lines, opened, with_lines
from tests.audit.test_dishonest_service import Entries, _of, before, faults, rewritten, set_facts

pytestmark = pytest.mark.vault("V20")

MOVED = "The board did not go through its stages in order, or somebody moved it who may not."


@pytest.mark.parametrize("stage", verifier.STAGES)
def test_each_stage_is_entered_by_the_part_that_may(records: dict[str, Path], stage: str, tmp_path: Path) -> None:
    may = {"moderation": {"chair", "deputy"}, "locked": {"chair", "deputy"}, "unsealed": {"custodian"}}
    name = "archived" if stage == "archived" else "named"
    data = records[name].read_bytes()
    for role in ("hr", "chair", "deputy", "custodian", "marker", "system"):
        said = faults(rewritten(data, lambda log, role=role: _of(log, f"board.{stage}").update(role=role)), tmp_path)  # type: ignore[misc]
        assert (MOVED in said) is (role not in may.get(stage, {"hr"})), role


@pytest.mark.parametrize("facts", [{"k": 3}, {"n": 4}, {"policy_digest": "00" * 32}])
def test_the_rules_are_those_of_the_founding(records: dict[str, Path], facts: dict[str, Any], tmp_path: Path) -> None:
    said = faults(
        rewritten(records["locked"].read_bytes(), lambda log: set_facts(log, "board.opened", **facts)), tmp_path
    )
    assert "The rules are not the ones that candidates were shown when the board opened." in said


def relocked(data: bytes, change: Callable[[list[dict[str, Any]]], object], **others: Any) -> Files:
    """Leaves changed before the lock, and the log written for them."""
    leaves = lines(opened(data), "locked.jsonl")
    change(leaves)
    root = verifier.roots([canonical(each) for each in leaves])[-1].hex()

    def lock(log: Entries) -> None:
        set_facts(log, "board.locked", marks_root=root)
        for each in log:
            if each["kind"] == "ceremony.opened":
                each["facts"]["marks_root"] = root
        if redacted := others.get("redacted"):
            before(log, "board.locked", "redaction.decided", {"number": redacted})

    return with_lines(rewritten(data, lock), "locked.jsonl", leaves)


@pytest.mark.parametrize("key", ["board", "policy_digest", "lodged_root"])
def test_the_marks_are_bound_to_the_board_its_rules_and_submissions(
    records: dict[str, Path], key: str, tmp_path: Path
) -> None:
    data = records["named"].read_bytes()
    assert faults(relocked(data, lambda _: None), tmp_path) == []
    said = faults(relocked(data, lambda leaves: leaves[0].update({key: "00" * 16})), tmp_path)
    assert "The marks were locked for other rules or submissions." in said


def test_a_submission_is_shown_as_it_was_decided(records: dict[str, Path], tmp_path: Path) -> None:
    data = records["locked"].read_bytes()
    first, *rest = lines(opened(data), "submissions.jsonl")
    number, shown = first["number"], {"answers": {**first["answers"], "more": "…"}, "version": 1}

    def hide(leaves: list[dict[str, Any]]) -> None:
        (card,) = (each for each in leaves if each["leaf"] == "submission" and each["number"] == number)
        card["shown_digest"] = digest(canonical(shown["answers"])).hex()

    honest = relocked(data, hide, redacted=number)
    wrong = f"The answers of {number} are not those lodged, or not as the panel was shown them."
    for odd, fine in (
        (first | {"shown": shown}, True),
        (first | {"shown": {**shown, "version": 2}}, False),
        (first | {"shown": {**shown, "answers": first["answers"]}}, False),
        (first | {"shown": None}, False),
        (first | {"answers": shown["answers"], "shown": shown}, False),
        (first | {"shown": shown, "number": number + 1}, False),
    ):
        assert faults(with_lines(honest, "submissions.jsonl", [odd, *rest]), tmp_path) == ([] if fine else [wrong])
    undecided = with_lines(relocked(data, hide), "submissions.jsonl", [first | {"shown": shown}, *rest])
    assert faults(undecided, tmp_path) == [wrong]


def test_an_envelope_is_that_of_the_close(records: dict[str, Path], tmp_path: Path) -> None:
    files = opened(records["locked"].read_bytes())
    first, *rest = lines(files, "envelopes.jsonl")
    (number,) = (
        each["number"] for each in lines(files, "locked.jsonl") if each.get("ref") == first["ref"] and "number" in each
    )
    for odd in ({"sealed": "00" * 2160}, {"equality_digest": "00" * 32}):
        said = faults(with_lines(files, "envelopes.jsonl", [first | odd, *rest]), tmp_path)
        assert said == [f"The answers or envelopes of [{number}] are not those of the close: swapped, changed or lost."]
    for odd_lines in ([first | {"leaf": "00" * 32}, *rest], rest, [first, first, *rest], []):
        said = faults(with_lines(files, "envelopes.jsonl", odd_lines), tmp_path)
        assert said == ["The submissions are not those of the close: one was added or lost."]


def test_what_is_set_aside_was_spoilt_or_refused_with_what_was(records: dict[str, Path], tmp_path: Path) -> None:
    data = records["named"].read_bytes()
    envelopes, cards = lines(opened(data), "envelopes.jsonl"), lines(opened(data), "locked.jsonl")
    numbers = {each["ref"]: each["number"] for each in cards if each["leaf"] == "submission"}
    spoilt, sound, third = (numbers[each["ref"]] for each in envelopes[:3])
    broken = [envelopes[0] | {"sealed": "00" * 2160}, *envelopes[1:]]

    def said(aside: list[int], check: str, *refused: int) -> list[str]:
        def change(log: Entries) -> None:
            for kind in ("ceremony.opened", "board.unsealed"):
                set_facts(log, kind, exceptions=sorted(aside))
            facts = {"check": check, "numbers": list(refused), "seats": []}
            before(log, "ceremony.opened", "unseal.refused", facts, "custodian")

        return faults(with_lines(rewritten(data, change), "envelopes.jsonl", broken), tmp_path)

    intact = "were set aside although the envelope is intact."
    assert said([spoilt], "C7", spoilt) == []
    assert said([spoilt, sound], "C8", spoilt, sound) == []
    assert said([spoilt, sound], "C7", spoilt, sound) == [f"[{sound}] {intact}"]
    assert said([spoilt, sound], "C8", spoilt, third) == [f"[{sound}] {intact}"]
    assert said([spoilt, sound], "C8", spoilt, sound, third) == [f"[{sound}] {intact}"]
    assert said([spoilt, sound, third], "C8", sound, third) == [f"{sorted([sound, third])} {intact}"]
    assert said([sound], "C8", sound)[0].startswith(f"The answers or envelopes of [{spoilt}]")


def test_a_name_that_was_not_opened_is_told(records: dict[str, Path], tmp_path: Path) -> None:
    files = rewritten(records["named"].read_bytes(), lambda _: None)
    first, *rest = lines(files, "names.jsonl")
    wrong = ["The names are not those opened."]
    first["identity"]["name"] = "Somebody Else"
    assert faults(with_lines(files, "names.jsonl", [first, *rest]), tmp_path) == wrong
    assert faults(with_lines(files, "names.jsonl", rest), tmp_path) == wrong
    for key in ("board", "ref", "content"):
        first, *rest = lines(files, "names.jsonl")
        first["identity"][key] = "00" * 16
        (fault,) = faults(with_lines(files, "names.jsonl", [first, *rest]), tmp_path)
        assert fault == f"The name beside {first['number']} was sealed for another submission."


@pytest.mark.parametrize("seats", [["hr 1", "hr 2"], ["hr 1", "panel 1"], ["hr 1", "hr 2", "panel 9"]])
def test_an_envelope_opened_early_takes_as_many(records: dict[str, Path], seats: list[str], tmp_path: Path) -> None:
    def early(log: Entries) -> None:
        before(log, "board.locked", "envelope.opened_early", {"number": 1, "seats": seats})

    assert faults(rewritten(records["named"].read_bytes(), early), tmp_path) == [
        "An envelope was opened early by too few."
    ]
