"""Each demand of the verifier by itself: a record that only this one refuses, and what it says of the honest ones."""

import contextlib
import io
import json
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from panel.audit import verifier
from panel.audit.heads import Signer, receipt_message
from panel.audit.merkle import leaf
from panel.kernel.encoding import canonical, context, digest
from panel.kernel.ids import BoardId
from panel.named.oversight.record import MANIFEST, zipped
from tests.audit.forging import Files, closed, opened
from tests.audit.test_dishonest_service import SIGNER, Entries, _head, _of, before, entry, faults, rewritten, set_facts

pytestmark = pytest.mark.vault("V20")

Change = Callable[[Entries], object]
ALTERED = "Bytes of it were changed, or it is not whole."
OTHERWISE = "It is not put together as a record is."
LENGTHY = "It is longer than any record."
FORM = "A line is not in its form."
NO_ID = "An id or digest is not in its form."
NO_HEAD = "A signed head is missing."
MOVED = "The board did not go through its stages in order, or somebody moved it who may not."
PLACED = "A mark, agreed score or place was changed: they lead to "


def told(data: bytes, folder: Path, *given: Any) -> list[str]:
    """What does not hold."""
    file = folder / "strict.zip"
    file.write_bytes(data)
    return [sentence for holds, sentence in verifier.verify(file, *(given or ((), (), ()))) if not holds]


def lines(files: Files, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files[name].splitlines()]


def with_lines(files: Files, name: str, found: list[dict[str, Any]]) -> Files:
    return {**files, name: b"".join(canonical(each) + b"\n" for each in found)}


def put_together(files: list[tuple[str, bytes]], at: int = 0) -> bytes:
    """A zip of these members in this order, otherwise as a record is."""
    parts, index = b"", b""
    for name, body in files:
        about = struct.pack("<HHHHHLLLHH", 20, 0, 0, 0, 33, zlib.crc32(body), len(body), len(body), len(name), 0)
        index += b"PK\x01\x02\x14\x03" + about + struct.pack("<HHHLL", 0, 0, 0, 0o100600 << 16, len(parts))
        index += name.encode()
        parts += b"PK\x03\x04" + about + name.encode() + body
    return (
        parts
        + index
        + struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, len(files), len(files), len(index), len(parts), at)
    )


@pytest.mark.parametrize(
    ("name", "missing"),
    [("locked", {"answers": 0, "names": 0}), ("named", {"opening": 0}), ("archived", {"names": 0})],
)
def test_what_it_says_of_an_honest_record(records: dict[str, Path], name: str, missing: dict[str, int]) -> None:
    said = [sentence for _, sentence in verifier.verify(records[name], (), (), ())]
    common = [
        r"The log has (\d+) entries and rebuilds to the signed root [0-9a-f]{64}\.",
        r"All \d signed heads verify; SHA-256 of the log key at the founding ([0-9a-f]{64}), at the end \1\.",
        "Not checked: no head of your own was given, so a log written wholly anew would not be noticed.",
        f"The board went through its stages in order, up to {name.replace('named', 'published')}, moved each time by a "
        "part that may.",
        "The rules are the ones fixed when the board opened.",
        "The 30 marks, the agreed scores and the merit list lead to the root in the log.",
        "Not checked: the destroyed texts." if name == "archived" else "Every answer is as it was lodged and shown.",
        "Not checked: the envelopes, which were destroyed when the board was archived."
        if name == "archived"
        else "The 5 submissions and their envelopes are those of the close, but for any set aside.",
        "Not checked: who applied. The roll names people and is in no record; its root is in the log.",
        "Not checked: the opening of the names, which had not taken place when this record was made."
        if name == "locked"
        else r"Opened by hr \d, hr \d, panel \d for the locked marks; set aside: none\.",
        "Amendments: 0; envelopes opened early: 0; openings refused: 0.",
        *["The 5 names are those that were opened, each for its own submission."] * (name == "named"),
    ]
    assert len(said) == len(common)
    assert [wanted for wanted, one in zip(common, said, strict=True) if not re.fullmatch(wanted, one)] == []


@pytest.mark.parametrize("at", [4, 6, 8, 10, 12, 14, 28])
def test_a_header_says_nothing_but_what_it_must(records: dict[str, Path], at: int, tmp_path: Path) -> None:
    data = records["locked"].read_bytes()
    changed = told(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], tmp_path)
    assert changed == [ALTERED] or at == 28


def test_its_members_lie_in_order_with_nothing_beside_them(records: dict[str, Path], tmp_path: Path) -> None:
    files = sorted(opened(records["locked"].read_bytes()).items())
    assert told(put_together(files), tmp_path) == []
    for odd in (
        put_together(files[::-1]),
        put_together(files) + b"\x00",
        put_together(files)[:-1],
        put_together(files, at=1),
    ):
        assert told(odd, tmp_path) == [OTHERWISE]
    (_, twice) = files[0], files[0]
    for odd in (put_together([*files, twice]), put_together([*files, ("notes.txt", b"")])):
        assert told(odd, tmp_path) == ["It holds a file that no record has, or one file twice."]


@pytest.mark.parametrize("name", ["envelopes.jsonl", "heads.jsonl", "submissions.jsonl", MANIFEST])
def test_every_file_is_there(records: dict[str, Path], name: str, tmp_path: Path) -> None:
    files = opened(records["archived"].read_bytes())
    made = closed({key: body for key, body in files.items() if key != name}) if name != MANIFEST else None
    data = made or put_together(sorted((key, body) for key, body in files.items() if key != MANIFEST))
    assert told(data, tmp_path) == ["A file is missing from it."]


@pytest.mark.parametrize(
    "said", [{"format": 2}, {"kind": "extract"}, {"names": False}, {"board": "00" * 16}, {"note": "right"}]
)
def test_the_manifest_says_what_this_is(records: dict[str, Path], said: dict[str, Any], tmp_path: Path) -> None:
    files = opened(records["named"].read_bytes())
    manifest = canonical({**json.loads(files[MANIFEST]), **said})
    wanted = ["The manifest does not list these files as they are."]
    assert told(zipped({**files, MANIFEST: manifest}), tmp_path) == wanted


def test_the_bounds_are_where_they_are_said_to_be(
    records: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (verifier.MOST, verifier.LOG, verifier.LONGEST, verifier.LINES) == (2**28, 2**25, 2**20, 2_000_000)
    data = records["locked"].read_bytes()
    files = opened(data)
    count = sum(body.count(b"\n") for body in files.values())
    length = len(files["log.jsonl"]) + len(files["heads.jsonl"])
    longest = max(len(line) for body in files.values() for line in body.splitlines())
    for bound, least, fault in (
        ("MOST", len(data), "It is larger than any record."),
        ("LINES", count, LENGTHY),
        ("LOG", length, LENGTHY),
        ("LONGEST", longest + 1, FORM),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(verifier, bound, least)
            assert told(data, tmp_path) == []
            patched.setattr(verifier, bound, least - 1)
            assert told(data, tmp_path) == [fault]


def test_lines_have_the_keys_of_their_file_and_end(records: dict[str, Path], tmp_path: Path) -> None:
    files = opened(records["named"].read_bytes())
    for name in ("heads.jsonl", "envelopes.jsonl", "submissions.jsonl", "names.jsonl"):
        first, *rest = lines(files, name)
        for odd in ({**first, "note": "right"}, {key: first[key] for key in sorted(first)[1:]}):
            assert FORM in told(closed(with_lines(files, name, [odd, *rest])), tmp_path), name
        assert told(closed({**files, name: files[name][:-1]}), tmp_path) != [], name


@pytest.mark.parametrize("key", [SIGNER.public.hex().upper(), SIGNER.public.hex() + "00", SIGNER.public.hex()[2:]])
def test_a_digest_has_one_writing(records: dict[str, Path], key: str, tmp_path: Path) -> None:
    files = rewritten(records["named"].read_bytes(), lambda log: set_facts(log, "board.opened", log_key=key))
    assert faults(files, tmp_path) == [NO_ID]


@pytest.mark.parametrize("name", ["locked", "archived"])
def test_no_signed_head_may_be_missing(records: dict[str, Path], name: str, tmp_path: Path) -> None:
    files = opened(records[name].read_bytes())
    log, heads = lines(files, "log.jsonl"), lines(files, "heads.jsonl")
    stages = [n + 1 for n, each in enumerate(log) if each["kind"][6:] in verifier.STAGES]
    wanted = {*stages, *(each["facts"]["head_size"] for each in log if each["kind"] == "ceremony.opened"), len(log)}
    if name == "archived":
        wanted = wanted - {stages[-1]} | {stages[-1] + 1}
    for head in heads:
        left = with_lines(files, "heads.jsonl", [each for each in heads if each != head])
        assert (NO_HEAD in faults(left, tmp_path)) is (head["size"] in wanted)


def test_heads_grow_and_are_whole_numbers(records: dict[str, Path], tmp_path: Path) -> None:
    files = rewritten(records["named"].read_bytes(), lambda _: None)
    board = BoardId.parse(lines(files, "log.jsonl")[0]["log"])
    heads, first = lines(files, "heads.jsonl"), files["log.jsonl"].splitlines()[0]
    one = json.loads(_head(board, [leaf(first)], 1))
    rest = [head for head in heads if head["size"] != 1]
    assert faults(with_lines(files, "heads.jsonl", [one, *rest]), tmp_path) == []
    for odd in ([{**one, "size": True}, *rest], [heads[0], *heads], [heads[1], heads[0], *heads[2:]]):
        said = faults(with_lines(files, "heads.jsonl", odd), tmp_path)
        assert any("are not what was signed: one was changed" in each for each in said)


def test_a_head_is_signed_with_a_key_that_was_named(records: dict[str, Path], tmp_path: Path) -> None:
    other = Signer(b"\x06" * 32).public.hex()
    files = rewritten(records["named"].read_bytes(), lambda log: set_facts(log, "board.opened", log_key=other))
    said = faults(files, tmp_path)
    assert len(said) == 1
    assert said[0].endswith("is not signed with the key named at the founding, or one given by --key.")
    heads = lines(rewritten(records["named"].read_bytes(), lambda _: None), "heads.jsonl")
    spoilt = [{**heads[0], "signature": "00" * 64}, *heads[1:]]
    files = with_lines(rewritten(records["named"].read_bytes(), lambda _: None), "heads.jsonl", spoilt)
    assert [each.startswith("The head at") for each in faults(files, tmp_path)] == [True]
    # the auditor's own key vouches for heads that another one signed, as after a lost key
    made = rewritten(records["named"].read_bytes(), lambda log: set_facts(log, "board.opened", log_key=other))
    assert told(closed(made), tmp_path, (), (), (SIGNER.public.hex(),)) == []
    assert told(closed(made), tmp_path, (), (), (SIGNER.public.hex(), "11" * 32)) == []


@pytest.mark.parametrize("at", [0, 3])
@pytest.mark.parametrize("said", [{"log": "00" * 16}, {"seq": 99}])
def test_entries_are_of_this_log_and_numbered(
    records: dict[str, Path], at: int, said: dict[str, Any], tmp_path: Path
) -> None:
    files = rewritten(records["locked"].read_bytes(), lambda _: None)
    log = lines(files, "log.jsonl")
    board, sizes = BoardId.parse(log[0]["log"]), [head["size"] for head in lines(files, "heads.jsonl")]
    log[at + (at == 0 and "log" in said)] |= said
    bodies = [canonical(each) for each in log]
    heads = [_head(board, [leaf(body) for body in bodies[:size]], size) for size in sizes]
    made = {**files, "log.jsonl": b"\n".join([*bodies, b""]), "heads.jsonl": b"\n".join([*heads, b""])}
    assert NO_HEAD in faults(made, tmp_path)


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
    assert "The marks were locked for other rules or submissions than this board has." in said


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
    wrong = ["The names are not those that were opened."]
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


def receipt(data: bytes, **changes: Any) -> dict[str, Any]:
    """What a candidate was given, signed by the misused key."""
    files = opened(data)
    card = next(each for each in lines(files, "locked.jsonl") if each["leaf"] == "submission")
    (seal,) = (each for each in lines(files, "envelopes.jsonl") if each["ref"] == card["ref"])
    (lodged,) = (each for each in lines(files, "submissions.jsonl") if each["number"] == card["number"])
    board, ref = lines(files, "log.jsonl")[0]["log"], changes.get("ref", card["ref"])
    sealed = digest(bytes.fromhex(seal["sealed"])).hex()
    parts = (board, ref, card["answers_digest"], sealed, seal["equality_digest"])
    made = leaf(context(b"panel/lodged/v1", *map(bytes.fromhex, parts)))
    said = {"answers": lodged["answers"], "board": board, "envelope_digest": sealed, "ref": ref}
    said |= {"equality_digest": seal["equality_digest"], "key_id": SIGNER.id.hex()}
    return {**said, "signature": SIGNER.sign(receipt_message(BoardId.parse(board), made)).hex()}


def test_a_receipt_is_genuine_and_counted_or_not(records: dict[str, Path], tmp_path: Path) -> None:
    data = closed(rewritten(records["locked"].read_bytes(), lambda _: None))
    genuine, file, record = receipt(data), tmp_path / "receipt.json", tmp_path / "strict.zip"

    def said(of: dict[str, Any]) -> list[str]:
        file.write_text(json.dumps(of))
        return told(data, tmp_path, (), (file,), ())

    assert said(genuine) == []
    counted = "The receipt is genuine, and its submission was counted."
    assert [one for one in verifier.verify(record, (), (file,), ())][-1] == (True, counted)
    assert said({**genuine, "board": "00" * 16}) == ["The receipt is of another board."]
    forged = ["The receipt was changed, or was not signed by this service: it proves nothing."]
    changed = ({"answers": {}}, {"envelope_digest": "00" * 32}, {"equality_digest": "00" * 32}, {"ref": "00" * 16})
    for odd in (*changed, {"key_id": "00" * 32}, {"signature": "00" * 64}):
        assert said({**genuine, **odd}) == forged
    assert said(receipt(data, ref="00" * 16)) == ["The receipt is genuine, but its submission was not counted."]


def test_a_receipt_of_an_archived_board_says_that_its_submission_was_destroyed(
    records: dict[str, Path], tmp_path: Path
) -> None:
    files, file = rewritten(records["archived"].read_bytes(), lambda _: None), tmp_path / "receipt.json"
    board, ref = lines(files, "log.jsonl")[0]["log"], "11" * 16
    parts = (board, ref, digest(canonical({})).hex(), "22" * 32, "33" * 32)
    signature = SIGNER.sign(
        receipt_message(BoardId.parse(board), leaf(context(b"panel/lodged/v1", *map(bytes.fromhex, parts))))
    )
    said = {"answers": {}, "board": board, "envelope_digest": "22" * 32, "equality_digest": "33" * 32, "ref": ref}
    file.write_text(json.dumps({**said, "key_id": SIGNER.id.hex(), "signature": signature.hex()}))
    record = tmp_path / "record.zip"
    record.write_bytes(closed(files))
    sentences = [*verifier.verify(record, (), (file,), ())]
    assert sentences[-1] == (True, "The receipt is genuine, and its submission was destroyed.")


def test_each_line_is_marked_and_the_end_tells_whether_all_holds(records: dict[str, Path], tmp_path: Path) -> None:
    def said(*arguments: str) -> tuple[int, list[str]]:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            code = verifier.main([str(records["locked"]), *arguments])
        return code, out.getvalue().splitlines()

    head = lines(opened(records["locked"].read_bytes()), "heads.jsonl")[-1]
    good, bad = f"{head['size']}:{head['root']}", f"{head['size']}:{'00' * 32}"
    code, marked = said("--head", good)
    assert (code, {line[:7] for line in marked}) == (0, {"holds  ", "note   "})
    assert f"holds  The log continues your head of {head['size']} entries." in marked
    assert all(line.startswith("note   Not checked:") for line in marked if "Not checked" in line)
    code, marked = said("--head", good, "--head", bad)
    assert (code, [line[:6] for line in marked].count("FAILS ")) == (1, 1)
    assert said("--key", "11" * 32)[0] == 1
    assert said("--key", head["key_id"], "--head", good)[0] == 1
