"""The record on both databases: the same bytes twice, sound as it was made, and telling of whatever was changed."""

import json
from contextlib import nullcontext
from pathlib import Path

import pytest
from sqlalchemy import select

from panel.audit import verifier
from panel.audit.heads import Signer
from panel.audit.queries import signed_heads
from panel.blind.submissions import queries as submissions
from panel.blind.submissions.models import SubmissionRow
from panel.board.lifecycle import Stage as Stages
from panel.board.queries import board as board_of
from panel.kernel import keyfiles
from panel.kernel.encoding import canonical
from panel.named.intake.receipt import receipt
from panel.named.oversight.recount import recount
from panel.named.oversight.service import NoNames, NotLocked, take_record
from panel.named.results import service as results
from tests.audit.forging import closed
from tests.audit.forging import opened as unzipped
from tests.named.oversight.conftest import WORDS
from tests.named.unsealing.stage import Stage
from tests.world import Visit


def take(stage: Stage, *, names: bool = False) -> bytes:
    with stage.database.writing() as db:
        return take_record(db, stage.config.keys, stage.board, None, "system", names=names).to_zip()


def kept(stage: Stage, folder: Path, *, names: bool = False) -> Path:
    file = folder / "record.zip"
    file.write_bytes(take(stage, names=names))
    return file


def faults(file: Path, *receipts: Path, heads: tuple[str, ...] = (), keys: tuple[str, ...] = ()) -> list[str]:
    return [sentence for holds, sentence in verifier.verify(file, heads, receipts, keys) if not holds]


def receipts(stage: Stage, folder: Path) -> list[Path]:
    """Every candidate's receipt as the file she keeps."""
    found = []
    with stage.database.reading() as db:
        board = board_of(db, stage.board)
        tags = list(db.scalars(select(SubmissionRow.code_tag).order_by(SubmissionRow.ref)))
        for n, tag in enumerate(tags):
            mine = receipt(db, stage.config.keys, board, submissions.by_code(db, stage.board, tag))
            found.append(folder / f"receipt-{n}.json")
            found[-1].write_text(json.dumps(mine.to_json()))
    return found


@pytest.mark.vault("V20")
@pytest.mark.leak("L46")
def test_a_record_is_sound_and_the_same_bytes_when_it_is_taken_again(opened: Stage, tmp_path: Path) -> None:
    first = take(opened, names=True)
    assert take(opened, names=True) == first
    assert [entry.facts["names"] for entry in opened.log("record.exported")] == [True, True]
    (tmp_path / "record.zip").write_bytes(first)
    assert faults(tmp_path / "record.zip") == []
    assert recount(tmp_path / "record.zip").same
    # what was logged since is in the next one
    with opened.database.writing() as db:
        results.export(db, opened.config.keys, opened.acting(opened.people.hr), opened.board, "csv")
    (tmp_path / "record.zip").write_bytes(later := take(opened, names=True))
    assert later != first
    assert b"export.made" in later
    assert faults(tmp_path / "record.zip") == []


@pytest.mark.leak("L56")
def test_a_record_holds_what_was_lodged_and_what_the_panel_was_shown(opened: Stage, tmp_path: Path) -> None:
    file = kept(opened, tmp_path)
    members = unzipped(file.read_bytes())
    texts = [json.loads(line) for line in members["submissions.jsonl"].splitlines()]
    cut = [text for text in texts if text["shown"]]
    assert [text["shown"]["version"] for text in cut] == [2]
    assert all(WORDS in text for text in cut[0]["answers"].values())
    assert not any(WORDS in text for text in cut[0]["shown"]["answers"].values())
    assert "Without a place, since withdrawn or set aside: 1." in recount(file).sentence
    everything = file.read_bytes().decode("utf-8", "replace")
    people = [part for who in opened.people.candidates for part in (who.name, who.email, who.staff_no)]
    assert not [part for part in people if part in everything]


@pytest.mark.vault("V20")
@pytest.mark.leak("L102")
def test_what_the_owner_of_the_database_changes_after_the_lock_is_told(opened: Stage, tmp_path: Path) -> None:
    assert faults(kept(opened, tmp_path)) == []
    swap = "UPDATE {blind.mark} SET score = 6 - score WHERE score <> 3"
    opened.spoil(swap)
    (fault,) = faults(kept(opened, tmp_path))
    assert "A mark, agreed score or place was changed" in fault
    opened.spoil(swap)
    assert faults(kept(opened, tmp_path)) == []
    opened.spoil("UPDATE {blind.merit_entry} SET outcome = 'passed', rank = 1")
    assert "place was changed" in faults(kept(opened, tmp_path))[0]


@pytest.mark.vault("V20")
def test_swapped_envelopes_and_changed_answers_are_told(opened: Stage, tmp_path: Path) -> None:
    opened.spoil(
        "UPDATE {sealed.equality_envelope} SET sealed = :zeros WHERE board = :board",
        zeros=bytes(2160),
        board=bytes(opened.board),
    )
    (fault,) = faults(kept(opened, tmp_path))
    assert fault.startswith("The answers or envelopes of [")
    assert fault.endswith("] are not those of the close: swapped, changed or lost.")
    with opened.database.reading() as db:
        number = db.scalars(select(SubmissionRow.number).order_by(SubmissionRow.number)).first()
    answers = canonical(dict.fromkeys(opened.season.policy.keys, "I did it all alone.")).decode()
    opened.spoil(
        "UPDATE {blind.submission} SET answers = :answers WHERE number = :number", answers=answers, number=number
    )
    assert any(f"The answers of {number} are not those lodged" in fault for fault in faults(kept(opened, tmp_path)))


@pytest.mark.vault("V20")
def test_a_spoilt_log_is_told_and_a_record_is_still_made(opened: Stage, tmp_path: Path) -> None:
    with opened.database.reading() as db:
        head = signed_heads(db, opened.board)[2]
    body = opened.log("board.closed")[0].stored.body
    changed = body.replace(b'"submissions":5', b'"submissions":4')
    opened.spoil("UPDATE {open.log_entry} SET body = :new WHERE body = :old", new=changed, old=body)
    said = faults(kept(opened, tmp_path), heads=(f"{head.size}:{head.root.hex()}",))
    assert any("of the log are not what was signed" in fault for fault in said)
    opened.spoil("UPDATE {open.log_entry} SET body = :new WHERE body = :old", new=b"{\n\xff", old=changed)
    assert faults(kept(opened, tmp_path)) != []


@pytest.mark.vault("V12")
@pytest.mark.vault("V20")
def test_a_receipt_proves_its_submission_and_a_changed_one_proves_nothing(opened: Stage, tmp_path: Path) -> None:
    file, mine = kept(opened, tmp_path), receipts(opened, tmp_path)
    assert len(mine) == 5
    assert faults(file, *mine) == []
    said = json.loads(mine[0].read_text())
    spoilt = tmp_path / "spoilt.json"
    for change in (
        {"answers": {**said["answers"], next(iter(said["answers"])): "Another answer."}},
        {"envelope_digest": "00" * 32},
        {"signature": "00" * 64},
        {"key_id": "00" * 32},
    ):
        spoilt.write_text(json.dumps(said | change))
        assert faults(file, spoilt) == ["The receipt was changed or forged."]
    spoilt.write_text(json.dumps(said | {"board": "00" * 16}))
    assert faults(file, spoilt) == ["The receipt is of another board."]
    for text in ("", "[]", "{", '"a"', "9" * 5000):
        spoilt.write_text(text)
        assert len(faults(file, spoilt)) == 1
    lost = unzipped(file.read_bytes())
    lost["envelopes.jsonl"] = b"".join(
        line + b"\n" for line in lost["envelopes.jsonl"].splitlines() if said["ref"].encode() not in line
    )
    file.write_bytes(closed(lost))
    assert any("its submission was not counted" in fault for fault in faults(file, mine[0]))


@pytest.mark.vault("V20")
def test_another_name_is_refused(opened: Stage, tmp_path: Path) -> None:
    file = kept(opened, tmp_path, names=True)
    members = unzipped(file.read_bytes())
    lines = members["names.jsonl"].splitlines()
    assert len(lines) == 4  # the fifth was withdrawn
    first, second = json.loads(lines[0]), json.loads(lines[1])
    for change in (
        {**first, "identity": {**first["identity"], "name": "Somebody Else"}},
        {**first, "identity": second["identity"]},
        {**first, "number": second["number"]},
    ):
        file.write_bytes(closed({**members, "names.jsonl": b"\n".join([canonical(change), *lines[1:], b""])}))
        assert any("name" in fault for fault in faults(file))


def test_heads_signed_after_a_lost_key_hold_once_the_new_key_is_confirmed(opened: Stage, tmp_path: Path) -> None:
    (opened.config.keys / keyfiles.LOG).unlink()
    file = kept(opened, tmp_path)
    assert faults(file) == []  # the last head was signed by the key of the founding
    with opened.database.writing() as db:
        results.export(db, opened.config.keys, opened.acting(opened.people.hr), opened.board, "csv")
    file = kept(opened, tmp_path)
    (fault,) = faults(file)
    assert "is not signed with the key named at the founding, or one given by --key" in fault
    assert faults(file, keys=(Signer.of(opened.config.keys).public.hex(),)) == []


def test_only_a_locked_board_has_a_record_and_only_open_names_are_in_one(visit: Visit) -> None:
    for stage, season in visit.boards.items():
        for names in (False, True):
            refusal = NoNames if stage.reached(Stages.LOCKED) else NotLocked
            allowed = stage in {Stages.UNSEALED, Stages.PUBLISHED} if names else stage.reached(Stages.LOCKED)
            expected = nullcontext() if allowed else pytest.raises(refusal)
            with visit.database.writing() as db, expected:
                take_record(db, visit.config.keys, season.board, None, "system", names=names)
