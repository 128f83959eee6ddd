"""The record of a board whose names were opened without some numbers: it proves the rest, and says which."""

from collections.abc import Callable
from pathlib import Path

import pytest

from panel.audit import verifier
from panel.kernel.ids import Number
from panel.named.oversight.service import take_record
from tests.named.unsealing.stage import Stage
from tests.named.unsealing.tampering import missing_envelope, spoilt_envelope
from tests.named.unsealing.test_exceptions import again, spoil


@pytest.mark.vault("V20")
@pytest.mark.parametrize("change", [spoilt_envelope, missing_envelope], ids=lambda change: change.__name__)
def test_a_record_proves_every_envelope_but_those_set_aside(
    locked: Stage, tmp_path: Path, change: Callable[[Stage], None]
) -> None:
    numbers = [int(each) for each in spoil(locked, change)]
    file = tmp_path / "record.zip"
    file.write_bytes(record(locked))
    told = {sentence: holds for holds, sentence in verifier.verify(file, (), (), ())}
    assert [sentence for sentence, holds in told.items() if not holds] == [
        f"The answers or envelopes of {numbers} are not those of the close: swapped, changed or lost."
    ]
    again(locked, tuple(map(Number, numbers)))
    file.write_bytes(record(locked))
    told = {sentence: holds for holds, sentence in verifier.verify(file, (), (), ())}
    assert all(told.values())
    assert any(sentence.endswith(f"for the locked marks; set aside: {numbers}.") for sentence in told)


def record(locked: Stage) -> bytes:
    with locked.database.writing() as db:
        return take_record(db, locked.config.keys, locked.board, None, "system").to_zip()
