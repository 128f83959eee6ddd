"""Records made to hang or fill an auditor's computer, and what she brings of her own."""

import contextlib
import io
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from panel.audit import verifier
from panel.config import ROOT
from tests.audit.forging import closed, opened
from tests.audit.test_dishonest_service import SIGNER, Entries, before, entry, faults, rewritten, set_facts

pytestmark = pytest.mark.vault("V20")

NO_HEAD = "Not checked: no head of your own was given, so a log written wholly anew would not be noticed."
ROOMY = 600 * 2**20


def told(file: Path, heads: tuple[str, ...] = (), keys: tuple[str, ...] = ()) -> dict[str, bool]:
    return {sentence: holds for holds, sentence in verifier.verify(file, heads, (), keys)}


def test_piled_marks_do_not_hang_it(records: dict[str, Path], tmp_path: Path) -> None:
    files, file = opened(records["locked"].read_bytes()), tmp_path / "marks.zip"
    piled = "\u0301\u0316" * 200_000
    file.write_bytes(
        closed({**files, "submissions.jsonl": f'{{"answers":"{piled}","number":1,"shown":null}}\n'.encode()})
    )
    start = time.perf_counter()
    assert not all(told(file).values())
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("name", ["log.jsonl", "heads.jsonl", "locked.jsonl", "envelopes.jsonl"])
def test_many_short_lines_do_not_fill_the_computer(records: dict[str, Path], name: str, tmp_path: Path) -> None:
    files, file = opened(records["locked"].read_bytes()), tmp_path / "many.zip"
    file.write_bytes(closed({**files, name: b"{}\n" * 3_000_000}))
    command = [sys.executable, str(ROOT / "panel" / "audit" / "verifier.py"), str(file)]

    def little() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (ROOMY, ROOMY))

    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=little, timeout=60)
    assert (done.returncode, done.stderr) == (1, "")
    assert "It is longer than any record." in done.stdout


def test_a_long_log_is_refused_before_it_is_read(records: dict[str, Path], tmp_path: Path) -> None:
    files, file = opened(records["locked"].read_bytes()), tmp_path / "long.zip"
    line = files["log.jsonl"].splitlines()[0] + b"\n"
    file.write_bytes(closed({**files, "log.jsonl": line * (2**25 // len(line) + 1)}))
    assert told(file) == {"It is longer than any record.": False}


@pytest.mark.parametrize(
    "head", ["", "1", "0:" + "0" * 64, "-1:" + "0" * 64, "1:" + "A" * 64, "1:00", "1:2:3", "9" * 11]
)
def test_a_head_is_read_strictly(records: dict[str, Path], head: str) -> None:
    assert told(records["locked"], (head,)) == {"A head is not SIZE:ROOT.": False}


def test_it_says_when_no_head_was_given(records: dict[str, Path]) -> None:
    assert NO_HEAD in told(records["locked"])
    last = json.loads(opened(records["locked"].read_bytes())["heads.jsonl"].splitlines()[-1])
    assert NO_HEAD not in told(records["locked"], (f"{last['size']}:{last['root']}",))
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert verifier.main([str(records["locked"])]) == 0
    assert f"SHA-256 of the log key at the founding {last['key_id']}, at the end {last['key_id']}." in said.getvalue()


def test_a_key_of_the_auditor_pins_the_log(records: dict[str, Path], tmp_path: Path) -> None:
    log = map(json.loads, opened(records["named"].read_bytes())["log.jsonl"].splitlines())
    founding = next(each for each in log if each["kind"] == "board.opened")
    genuine = str(founding["facts"]["log_key"])
    assert all(told(records["named"], keys=(genuine,)).values())
    file = tmp_path / "anew.zip"
    file.write_bytes(closed(rewritten(records["named"].read_bytes(), lambda _: None)))
    assert all(told(file).values())
    (fault,) = [sentence for sentence, holds in told(file, keys=(genuine,)).items() if not holds]
    assert "No key given by --key" in fault
    assert all(told(file, keys=(SIGNER.public.hex(),)).values())


def test_a_sound_envelope_set_aside_is_told(records: dict[str, Path], tmp_path: Path) -> None:
    data = records["named"].read_bytes()
    number = json.loads(opened(data)["submissions.jsonl"].splitlines()[0])["number"]

    def aside(log: Entries) -> None:
        for kind in ("ceremony.opened", "board.unsealed"):
            set_facts(log, kind, exceptions=[number])
        refused = {"check": "C8", "numbers": [number], "seats": []}
        before(log, "ceremony.opened", "unseal.refused", refused, "custodian")

    said = faults(rewritten(data, aside), tmp_path)
    assert said == [f"[{number}] were set aside although the envelope is intact."]


def test_texts_are_destroyed_at_the_archiving_alone(records: dict[str, Path], tmp_path: Path) -> None:
    data = records["locked"].read_bytes()
    lines = [each for each in opened(data)["locked.jsonl"].splitlines() if b'"leaf":"place"' not in each]
    root = verifier.roots(lines)[-1].hex()

    def destroyed(log: Entries) -> None:
        log.append(entry("texts.destroyed", "hr", {"marks_root": root}, log[0]))

    files = {**rewritten(data, destroyed), "locked.jsonl": b"\n".join([*lines, b""])}
    assert faults(files, tmp_path) == ["Texts were destroyed at another time than when it was archived."]
