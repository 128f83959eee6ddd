"""What a later ceremony checks and the database refuses, and what is left of one in archive and record."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from panel.audit import queries as audit
from panel.audit import verifier
from panel.board.lifecycle import WrongStage
from panel.board.queries import board as board_of
from panel.kernel import clock, keyfiles
from panel.named.oversight.service import take_record
from panel.named.results import archiving
from panel.named.unsealing.occasion import OPENED_AGAIN, OtherCeremony
from panel.named.unsealing.results_key import NamesUnreadable
from panel.sealed.vault.opening import Unsound
from tests.named.unsealing.again import AGAIN, LOST, released, releases, rows
from tests.named.unsealing.stage import Stage

_COPIED = ["board", "marks_root", "head_size", "head_root", "exceptions", "opened_by", "opened_on", "expires_on"]


def withdrawn(stage: Stage) -> None:
    number = int(rows(stage)[0][0])
    stage.spoil("UPDATE {blind.submission} SET state = 'withdrawn' WHERE number = :number", number=number)


def stood_down(stage: Stage) -> None:
    who = stage.people.candidates[0].account
    stage.spoil("UPDATE {named.roll} SET state = 'stood_down' WHERE account = :who", who=bytes(who))


def mark_changed(stage: Stage) -> None:
    stage.spoil("UPDATE {blind.mark} SET score = 1 + score % 4")


def log_cut(stage: Stage) -> None:
    stage.spoil("UPDATE {open.log_entry} SET body = :body WHERE seq = 1", body=b"{}")


def key_changed(stage: Stage) -> None:
    who = bytes(stage.people.custodians[2].account)
    stage.spoil("UPDATE {sealed.keyholder} SET public_key = :key WHERE account = :who", key=bytes(1216), who=who)


def envelope_gone(stage: Stage) -> None:
    stage.spoil("DELETE FROM {sealed.envelope} WHERE ref = (SELECT min(ref) FROM {sealed.envelope})")


def envelope_spoilt(stage: Stage) -> None:
    stage.spoil(
        "UPDATE {sealed.envelope} SET sealed = :sealed WHERE ref = (SELECT min(ref) FROM {sealed.envelope})",
        sealed=bytes(2160),
    )


def roll_changed(stage: Stage) -> None:
    who = stage.people.candidates[0].account
    stage.spoil("UPDATE {named.roll} SET account = :new WHERE account = :who", new=bytes(16), who=bytes(who))


def overdue(stage: Stage) -> None:
    stage.spoil("UPDATE {named.ceremony} SET expires_on = '2020-01-01' WHERE state = 'open'")


@pytest.mark.vault("V06")
@pytest.mark.parametrize(
    ("change", "check"),
    [
        (overdue, "C1"),
        (log_cut, "C2"),
        (mark_changed, "C3"),
        (key_changed, "C4"),
        (roll_changed, "C6"),
        (envelope_spoilt, "C7"),
        (envelope_gone, "C9"),
        (withdrawn, "C10"),
        (stood_down, "C10"),
    ],
)
def test_every_check_is_made_again_and_only_the_refusal_is_written(
    lost: Stage, change: Callable[[Stage], None], check: str
) -> None:
    lost.almost(LOST)
    change(lost)
    before = rows(lost)
    with pytest.raises(Unsound) as refused:
        lost.finish(**AGAIN)
    assert refused.value.check == check
    assert rows(lost) == before
    assert not keyfiles.exists(lost.config.keys, keyfiles.results(lost.board))
    with lost.database.reading() as db:
        assert [each for each in audit.stored_entries(db, lost.board) if OPENED_AGAIN.encode() in each.body] == []


@pytest.mark.vault("V07")
def test_what_was_released_for_the_unsealing_opens_nothing_later(locked: Stage) -> None:
    """Somebody kept the rows that the unsealing deleted, and puts them in the place of new ones."""
    locked.almost()
    kept = released(locked)
    locked.finish()
    keyfiles.destroy(locked.config.keys, keyfiles.results(locked.board))
    locked.almost(LOST)
    for side, seat, to, envelope in kept:
        locked.spoil(
            "UPDATE {sealed.release} SET envelope = :e WHERE from_side = :s AND from_seat = :f AND to_seat = :t",
            e=envelope,
            s=side,
            f=seat,
            t=to,
        )
    with pytest.raises(Unsound) as refused:
        locked.finish(**AGAIN)
    assert refused.value.check == "C5"
    with pytest.raises(NamesUnreadable):
        locked.revealed()


@pytest.mark.vault("V06")
def test_a_ceremony_that_is_said_to_be_for_something_else_opens_nothing(lost: Stage) -> None:
    """Keyholders consented to what the log says, not to what somebody wrote into the table since."""
    lost.almost(LOST)
    lost.spoil("UPDATE {named.ceremony} SET occasion = 'recount' WHERE state = 'open'")
    with pytest.raises(OtherCeremony):
        lost.finish(**AGAIN)
    with pytest.raises(Unsound) as refused:
        lost.finish(occasion="recount")
    assert refused.value.check == "C1"


@pytest.mark.vault("V18")
def test_the_database_refuses_a_ceremony_at_another_stage_and_another_purpose(lost: Stage) -> None:
    lost.begin(occasion=LOST)
    for change in (
        "UPDATE {} SET occasion = 'recount'",
        "UPDATE {} SET exceptions = '[1]'",
        f"INSERT INTO {{}} SELECT {{}}, {', '.join(_COPIED)}, 'aborted', 'opening' FROM {{}}",
    ):
        place = lost.table("ceremony", "named")
        new = "zeroblob(16)" if lost.database.is_sqlite else "decode(repeat('00', 16), 'hex')"
        statement = change.format(place, *((new, f"{place} LIMIT 1") if "INSERT" in change else ()))
        with pytest.raises(DBAPIError), lost.database.writing() as db:
            db.execute(text(statement))


def test_archiving_ends_a_later_ceremony_and_destroys_everything(lost: Stage) -> None:
    lost.almost(LOST)
    lost.finish(**AGAIN)
    lost.season.publish()
    keyfiles.destroy(lost.config.keys, keyfiles.results(lost.board))
    lost.almost(LOST)
    with lost.database.writing() as db:
        board = board_of(db, lost.board)
    years = timedelta(days=31 * (board.policy.retention_months + 1))
    lost.season.ahead += years
    with clock.set_to(clock.now() + years):
        with lost.database.writing() as db:
            archiving.archive(db, lost.config.keys, lost.acting(lost.people.hr), lost.board)
        assert (releases(lost), rows(lost)) == (0, [])
        assert lost.progress().ceremony is None
        with pytest.raises(WrongStage):
            lost.begin(occasion=LOST)
    kinds = [entry.kind for entry in lost.log()]
    assert kinds[-3:] == ["ceremony.overtaken", "board.archived", "texts.destroyed"]


@pytest.mark.vault("V20")
def test_the_record_holds_the_later_ceremony_and_verifies_with_its_names(lost: Stage, tmp_path: Path) -> None:
    lost.almost(LOST)
    lost.finish(**AGAIN)
    with lost.database.writing() as db:
        made = take_record(db, lost.config.keys, lost.board, None, "system", names=True)
    file = tmp_path / "record.zip"
    file.write_bytes(made.to_zip())
    told = list(verifier.verify(file, (), (), ()))
    assert [sentence for holds, sentence in told if not holds] == []
    assert [sentence for _, sentence in told if sentence.startswith("Opened again by")] != []
