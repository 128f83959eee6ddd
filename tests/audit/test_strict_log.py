"""The log and its signed heads: each demand of the verifier by a log that only this one refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from panel.audit import verifier
from panel.audit.heads import Signer
from panel.audit.merkle import leaf
from panel.kernel.encoding import canonical
from panel.kernel.ids import BoardId
from tests.audit.forging import closed, lines, opened, with_lines
from tests.audit.test_dishonest_service import SIGNER, _head, faults, rewritten, set_facts
from tests.audit.test_strict_record import told

pytestmark = pytest.mark.vault("V20")

NO_HEAD = "A signed head is missing."


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
