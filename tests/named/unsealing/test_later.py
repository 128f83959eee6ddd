"""The envelopes opened once more, because the key to the names was lost: every check again, the same names, or none."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from panel.audit import queries as audit
from panel.audit import verifier
from panel.board.lifecycle import Stage as BoardStage
from panel.board.lifecycle import WrongStage
from panel.board.queries import board as board_of
from panel.kernel import clock, keyfiles
from panel.kernel.errors import Missing
from panel.named.monitoring.models import OutcomeCount
from panel.named.oversight.service import take_record
from panel.named.results import archiving
from panel.named.unsealing import convening, queries
from panel.named.unsealing.ceremony import Act, AlreadyReleased, PanelFirst
from panel.named.unsealing.child.checks import AlreadyUnsealed
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.convening import CeremonyOpen
from panel.named.unsealing.models import RevealedRow
from panel.named.unsealing.occasion import OPENED_AGAIN, NotCalledFor, Occasion, OtherCeremony
from panel.named.unsealing.process import ask
from panel.named.unsealing.results_key import NamesUnreadable
from panel.sealed.vault.models import ReleaseRow
from panel.sealed.vault.opening import Unsound
from tests.named.unsealing.promises import log_stands
from tests.named.unsealing.stage import Stage

LOST = Occasion.LOST_KEY
_COPIED = ["board", "marks_root", "head_size", "head_root", "exceptions", "opened_by", "opened_on", "expires_on"]
AGAIN = {"occasion": LOST.value}


@pytest.fixture
def opened(locked: Stage) -> Stage:
    """The names are open, and can be read."""
    locked.almost()
    locked.finish()
    return locked


@pytest.fixture
def lost(opened: Stage) -> Stage:
    """The names are open, and the key they lie under is gone."""
    keyfiles.destroy(opened.config.keys, keyfiles.results(opened.board))
    return opened


def rows(stage: Stage) -> list[Any]:
    with stage.database.reading() as db:
        columns = RevealedRow.number, RevealedRow.account_tag, RevealedRow.nonce, RevealedRow.identity
        query = select(*columns).where(RevealedRow.board == stage.board).order_by(RevealedRow.number)
        return list(db.execute(query).all())


def counts(stage: Stage) -> list[Any]:
    keys = OutcomeCount.characteristic, OutcomeCount.group, OutcomeCount.outcome
    with stage.database.reading() as db:
        return list(db.execute(select(*keys, OutcomeCount.count).order_by(*keys)).all())


def releases(stage: Stage) -> int:
    with stage.database.reading() as db:
        return len(db.scalars(select(ReleaseRow.ceremony).order_by(ReleaseRow.ceremony)).all())


@pytest.mark.vault("V05")
def test_names_whose_key_is_lost_can_be_read_again(opened: Stage) -> None:
    names, before, counted = opened.revealed(), rows(opened), counts(opened)
    keyfiles.destroy(opened.config.keys, keyfiles.results(opened.board))
    with pytest.raises(NamesUnreadable):
        opened.revealed()
    opened.almost(LOST)
    with pytest.raises(NamesUnreadable):
        opened.revealed()
    assert opened.finish(**AGAIN) is Act.FINISH
    assert opened.revealed() == names
    after = rows(opened)
    assert [row[0] for row in after] == [row[0] for row in before]
    assert not {row[1:] for row in after} & {row[1:] for row in before}
    member = opened.people.candidates[1]
    with opened.database.reading() as db:
        own = queries.revealed_to(db, opened.config.keys, opened.board, member.account)
    assert own is not None
    assert own.name == member.name
    assert counts(opened) == counted
    assert (opened.progress().stage, releases(opened)) == (BoardStage.UNSEALED, 0)


def test_a_later_ceremony_is_logged_with_the_same_root_and_its_head_is_signed(lost: Stage) -> None:
    lost.almost(LOST)
    lost.finish(**AGAIN)
    (first,), (again,) = lost.log("board.unsealed"), lost.log("names.opened_again")
    assert first.facts == {key: again.facts[key] for key in first.facts} | {"ceremony": first.facts["ceremony"]}
    assert (again.facts["occasion"], again.facts["early"], again.role) == ("lost_key", 0, "custodian")
    assert [entry.facts.get("occasion") for entry in lost.log("ceremony.opened")] == [None, "lost_key"]
    with lost.database.reading() as db:
        log_stands(db, lost)
        assert audit.signed_heads(db, lost.board)[-1].size == again.stored.seq + 1
    told = "".join(entry.stored.body.decode() for entry in lost.log())
    assert not any(part in told for each in lost.people.candidates for part in (each.name, each.email))


@pytest.mark.parametrize("spoilt", ["another", "short", "empty"])
def test_a_key_file_that_is_no_longer_the_key_is_replaced(lost: Stage, spoilt: str) -> None:
    wrong = {"another": bytes(32), "short": bytes(7), "empty": None}[spoilt]
    path = lost.config.keys / keyfiles.results(lost.board)
    keyfiles.create(lost.config.keys, keyfiles.results(lost.board), wrong)
    if wrong is None:
        path.chmod(0o600)
        path.write_bytes(b"")
        path.chmod(0o400)
    candidate = lost.people.candidates[0].account
    with lost.database.reading() as db, pytest.raises(NamesUnreadable):
        queries.revealed_to(db, lost.config.keys, lost.board, candidate)
    lost.almost(LOST)
    lost.finish(**AGAIN)
    assert len(lost.revealed()) == len(lost.people.candidates)


def test_a_row_that_was_changed_is_put_right_under_the_key_that_still_opens_the_others(opened: Stage) -> None:
    names, key = opened.revealed(), keyfiles.read(opened.config.keys, keyfiles.results(opened.board))
    opened.spoil(
        "UPDATE {named.revealed} SET nonce = identity_nonce".replace("identity_nonce", ":n")
        + " WHERE number = :number",
        n=bytes(12),
        number=int(names[0].number),
    )
    with pytest.raises(NamesUnreadable):
        opened.revealed()
    opened.almost(LOST)
    opened.finish(**AGAIN)
    assert opened.revealed() == names
    assert keyfiles.read(opened.config.keys, keyfiles.results(opened.board)) == key


@pytest.mark.vault("V05")
def test_a_later_ceremony_asks_as_many_as_the_first(lost: Stage) -> None:
    lost.begin(occasion=LOST)
    with pytest.raises(PanelFirst):
        lost.release(lost.people.custodians[0], **AGAIN)
    lost.release(lost.people.deputy, **AGAIN)
    with pytest.raises(AlreadyReleased):
        lost.release(lost.people.chair, **AGAIN)
    assert lost.release(lost.people.custodians[0], **AGAIN) is Act.RELEASE
    with pytest.raises(AlreadyReleased):
        lost.release(lost.people.custodians[0], **AGAIN)
    with pytest.raises(NamesUnreadable):
        lost.revealed()


def test_who_is_no_custodian_begins_none(lost: Stage) -> None:
    people = lost.people
    for member in (people.hr, people.chair, people.markers[0], people.auditor, people.candidates[0]):
        with pytest.raises(Missing):
            convening.open_ceremony(
                lost.database, lost.config, lost.acting(member), lost.board, passphrase="abandon", occasion=LOST
            )
    assert lost.progress().ceremony is None


def test_there_is_no_later_ceremony_before_the_names_are_open(locked: Stage) -> None:
    for occasion in (LOST, Occasion.RECOUNT):
        with pytest.raises(WrongStage):
            locked.begin(occasion=occasion)


def test_there_is_none_without_a_need_and_none_beside_another(opened: Stage) -> None:
    with pytest.raises(NotCalledFor, match="can be read"):
        opened.begin(occasion=LOST)
    with pytest.raises(NotCalledFor, match="No result has changed"):
        opened.begin(occasion=Occasion.RECOUNT)
    with pytest.raises(WrongStage):
        opened.begin()
    keyfiles.destroy(opened.config.keys, keyfiles.results(opened.board))
    opened.begin(occasion=LOST)
    with pytest.raises(CeremonyOpen):
        opened.begin(opened.people.custodians[1], occasion=LOST)


def test_a_key_that_is_found_again_meanwhile_stays_and_the_ceremony_does_nothing(opened: Stage) -> None:
    name, keys = keyfiles.results(opened.board), opened.config.keys
    key, kept = keyfiles.read(keys, name), rows(opened)
    keyfiles.destroy(keys, name)
    opened.almost(LOST)
    keyfiles.create(keys, name, key)
    with pytest.raises(NotCalledFor):
        opened.finish(**AGAIN)
    assert (rows(opened), keyfiles.read(keys, name)) == (kept, key)
    assert opened.log("names.opened_again") == ()


def test_who_read_another_page_releases_nothing(lost: Stage) -> None:
    lost.begin(occasion=LOST)
    for read in ("opening", "recount", ""):
        with pytest.raises(OtherCeremony):
            lost.release(lost.people.chair, occasion=read)
    chair = lost.people.chair
    typed = {"words": lost.first_words, "passphrase": lost.passphrase(chair)}
    with pytest.raises(OtherCeremony):  # and so does the child, which trusts nobody who asks
        ask(lost.config, Request.by(lost.acting(chair), "release", "chair", lost.board, **typed))
    assert releases(lost) == 0


def test_the_second_to_finish_finds_it_done(lost: Stage) -> None:
    lost.almost(LOST)
    lost.finish(**AGAIN)
    with pytest.raises(AlreadyUnsealed):
        lost.release(lost.people.custodians[2], **AGAIN)


def test_it_runs_out_is_ended_and_begun_again_like_the_first(lost: Stage) -> None:
    lost.almost(LOST)
    with clock.set_to(clock.now() + timedelta(days=8)):
        with pytest.raises(Unsound) as refused:
            lost.finish(**AGAIN)
        assert refused.value.check == "C1"
        with lost.database.writing() as db:
            assert convening.close_expired(db) == 1
        assert releases(lost) == 0
        lost.almost(LOST)
        with lost.database.writing() as db:
            convening.abort(db, lost.acting(lost.people.chair), lost.board)
        assert releases(lost) == 0
        lost.almost(LOST)
        lost.finish(**AGAIN)
    assert len(lost.revealed()) == len(lost.people.candidates)
    assert [len(lost.log(f"ceremony.{how}")) for how in ("expired", "aborted")] == [1, 1]


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


def released(stage: Stage) -> list[Any]:
    keys = ReleaseRow.from_side, ReleaseRow.from_seat, ReleaseRow.to_seat
    with stage.database.reading() as db:
        return list(db.execute(select(*keys, ReleaseRow.envelope).order_by(*keys)).all())
