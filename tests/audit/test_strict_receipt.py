"""What an auditor says to somebody with a receipt: counted, forged, of another board or destroyed."""

import json
from pathlib import Path
from typing import Any

import pytest

from panel.audit import verifier
from panel.audit.heads import receipt_message
from panel.audit.merkle import leaf
from panel.kernel.encoding import canonical, context, digest
from panel.kernel.ids import BoardId
from tests.audit.forging import closed, lines, opened
from tests.audit.test_dishonest_service import SIGNER, rewritten
from tests.audit.test_strict_record import told

pytestmark = pytest.mark.vault("V20")


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
    assert list(verifier.verify(record, (), (file,), ()))[-1] == (True, counted)
    assert said({**genuine, "board": "00" * 16}) == ["The receipt is of another board."]
    forged = ["The receipt was changed or forged."]
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
