"""The verifier by itself: it accepts a record as it was made, and no other."""

import contextlib
import io
import json
import os
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from panel.audit import verifier
from panel.config import ROOT
from panel.named.oversight.record import MANIFEST, zipped
from tests.audit.forging import closed, forged, opened

#: How many of the single changes are made; `PANEL_MUTATIONS=10000` makes the whole number.
MUTATIONS = int(os.environ.get("PANEL_MUTATIONS", "700"))
#: Run the verifier with no network and with none of what the service is made of.
ALONE = """
import runpy, socket, sys

class Shut:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"panel", "sqlalchemy", "flask", "migrations"}:
            raise ImportError(name)

def refuse(*arguments, **options):
    raise OSError("there is no network")

sys.meta_path.insert(0, Shut())
socket.socket = socket.create_connection = refuse
sys.argv = ["verifier.py", *sys.argv[1:]]
runpy.run_path("verifier.py", run_name="__main__")
"""

pytestmark = pytest.mark.vault("V20")


def told(file: Path, heads: tuple[str, ...] = (), receipts: tuple[Path, ...] = ()) -> list[tuple[bool, str]]:
    return list(verifier.verify(file, heads, receipts, ()))


def sound(file: Path, *heads: str) -> bool:
    return all(holds for holds, _ in told(file, heads))


def faults(file: Path, *heads: str) -> list[str]:
    return [sentence for holds, sentence in told(file, heads) if not holds]


@pytest.mark.parametrize("name", ["locked", "unsealed", "published", "archived", "named"])
def test_a_record_as_it_was_made_is_accepted(records: dict[str, Path], name: str) -> None:
    assert faults(records[name]) == []


def test_it_runs_alone_in_an_empty_folder_without_network(records: dict[str, Path], tmp_path: Path) -> None:
    shutil.copy(ROOT / "panel" / "audit" / "verifier.py", tmp_path)
    shutil.copy(records["named"], tmp_path / "record.zip")
    command = [sys.executable, "-I", "-c", ALONE, "record.zip"]
    good = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env={})
    assert (good.returncode, good.stderr) == (0, "")
    assert "names are those that were opened" in good.stdout
    _, spoilt = forged(records["named"].read_bytes(), 1)
    (tmp_path / "record.zip").write_bytes(spoilt)
    bad = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env={})
    assert (bad.returncode, bad.stderr) == (1, "")
    assert "FAILS" in bad.stdout


@pytest.mark.parametrize("name", ["locked", "named", "archived"])
def test_every_single_change_is_refused(records: dict[str, Path], name: str, tmp_path: Path) -> None:
    honest, mutant = records[name].read_bytes(), tmp_path / "mutant.zip"
    made, accepted = 0, []
    for turn in range(MUTATIONS // 3 + 1):
        what, changed = forged(honest, turn)
        if changed == honest:
            continue
        made += 1
        mutant.write_bytes(changed)
        if sound(mutant):
            accepted.append((turn, what))
    assert accepted == []
    assert made > MUTATIONS // 3 * 0.9


def test_what_is_no_record_is_refused_in_one_plain_sentence(tmp_path: Path) -> None:
    deep = zipped({MANIFEST: b"{}", "policy.json": b"[" * 100_000})
    zeros = io.BytesIO()
    with zipfile.ZipFile(zeros, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("log.jsonl", bytes(20_000_000))
    claims = b"PK\x03\x04" + struct.pack("<HHHHHLLLHH", 20, 0, 0, 0, 33, 0, 2**32 - 1, 2**32 - 1, 9, 0) + b"log.jsonl"
    for n, data in enumerate((b"", b"PK\x03\x04", deep, zeros.getvalue(), claims, b"\xff" * 999)):
        file = tmp_path / str(n)
        file.write_bytes(data)
        assert [holds for holds, _ in told(file)] == [False], data[:20]
    assert len(faults(tmp_path / "absent")) == len(faults(tmp_path)) == 1


def test_depth_length_and_odd_values_are_refused_without_a_traceback(records: dict[str, Path], tmp_path: Path) -> None:
    files = opened(records["named"].read_bytes())
    odd = (
        b"[" * 200_000,
        b"9" * 5_000,
        b'"\\ud800"',
        b"NaN",
        b"1.5",
        b"null",
        b"[]",
        b'"' + b"a" * 2**22 + b'"',
        b"\xff",
    )
    for name in files:
        for value in odd:
            file = tmp_path / "odd.zip"
            file.write_bytes(
                closed({**files, name: value + b"\n"}) if name != MANIFEST else zipped({**files, name: value})
            )
            with contextlib.redirect_stdout(io.StringIO()) as said:
                assert verifier.main([str(file)]) == 1, (name, value[:9])
            assert "Traceback" not in said.getvalue()


def test_nothing_that_a_record_says_can_steer_the_terminal(records: dict[str, Path], tmp_path: Path) -> None:
    files = opened(records["locked"].read_bytes())
    line = files["submissions.jsonl"].splitlines()[0]
    leaf = next(each for each in files["locked.jsonl"].splitlines() if b'"leaf":"submission"' in each)
    steered = leaf.replace(b'"number":', b'"number":"\\u001b[2J","old":')
    file = tmp_path / "steered.zip"
    texts = line.replace(b'"number":', b'"number":"\\u001b[2J","old":')
    file.write_bytes(closed({**files, "locked.jsonl": steered + b"\n", "submissions.jsonl": texts + b"\n"}))
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert verifier.main([str(file)]) == 1
    assert "\x1b" not in said.getvalue()


def test_an_honest_head_is_continued_and_a_fork_or_a_later_one_is_not(records: dict[str, Path]) -> None:
    heads = [json.loads(line) for line in opened(records["published"].read_bytes())["heads.jsonl"].splitlines()]
    kept = [f"{head['size']}:{head['root']}" for head in heads]
    assert sound(records["published"], *kept)
    fork = f"{heads[2]['size']}:{heads[3]['root']}"
    later = f"{heads[-1]['size'] + 1}:{heads[-1]['root']}"
    for head in (fork, later):
        (fault,) = faults(records["published"], head)
        assert fault == f"Your head of {head.split(':')[0]} is not of this log, or of a later day."
    assert not sound(records["published"], "twelve:00")


def test_an_archived_record_says_what_can_no_longer_be_checked(records: dict[str, Path]) -> None:
    said = " ".join(sentence for _, sentence in told(records["archived"]))
    assert "Not checked: the destroyed texts." in said
    assert "Not checked: the envelopes, which were destroyed" in said
