"""How a record must be written, to the byte, and what is said of an honest one."""

import contextlib
import io
import json
import re
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from panel.audit import verifier
from panel.kernel.encoding import canonical
from panel.named.oversight.record import MANIFEST, zipped
from tests.audit.forging import closed, lines, opened, with_lines
from tests.audit.test_dishonest_service import SIGNER, faults, rewritten, set_facts

pytestmark = pytest.mark.vault("V20")

ALTERED = "Bytes of it were changed, or it is not whole."
OTHERWISE = "It is not put together as a record is."
LENGTHY = "It is longer than any record."
FORM = "A line is not in its form."
NO_ID = "An id or digest is not in its form."


def told(data: bytes, folder: Path, *given: Any) -> list[str]:
    """What does not hold."""
    file = folder / "strict.zip"
    file.write_bytes(data)
    return [sentence for holds, sentence in verifier.verify(file, *(given or ((), (), ()))) if not holds]


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


@pytest.mark.parametrize("name", ["locked", "named", "archived"])
def test_what_it_says_of_an_honest_record(records: dict[str, Path], name: str) -> None:
    said = [sentence for _, sentence in verifier.verify(records[name], (), (), ())]
    reached = name.replace("named", "published")
    common = [
        r"The log has (\d+) entries and rebuilds to the signed root [0-9a-f]{64}\.",
        r"All \d signed heads verify; SHA-256 of the log key at the founding ([0-9a-f]{64}), at the end \1\.",
        "Not checked: no head of your own was given, so a log written wholly anew would not be noticed.",
        f"The board went through its stages in order, up to {reached}, moved each time by a part that may.",
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
        turned = json.dumps(dict(reversed(first.items())), ensure_ascii=False, separators=(",", ":")).encode()
        odd_order = files[name].replace(files[name].splitlines()[0], turned, 1)
        assert FORM in told(closed({**files, name: odd_order}), tmp_path), name


@pytest.mark.parametrize("key", [SIGNER.public.hex().upper(), SIGNER.public.hex() + "00", SIGNER.public.hex()[2:]])
def test_a_digest_has_one_writing(records: dict[str, Path], key: str, tmp_path: Path) -> None:
    files = rewritten(records["named"].read_bytes(), lambda log: set_facts(log, "board.opened", log_key=key))
    assert faults(files, tmp_path) == [NO_ID]


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
