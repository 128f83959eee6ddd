"""Rows of opened names that somebody with the database put there or changed: they open nothing to anybody."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from panel.kernel import keyfiles
from panel.kernel.errors import Missing
from panel.kernel.ids import MarkerId, Number, OpeningId
from panel.named.unsealing import queries
from panel.named.unsealing.results_key import NamesUnreadable
from tests.named.unsealing.again import AGAIN, LOST, rows
from tests.named.unsealing.sitting import ask, name, target
from tests.named.unsealing.stage import CANDIDATES, Stage
from tests.named.unsealing.tampering import submissions

pytestmark = pytest.mark.vault("V15")


def forged(stage: Stage, number: int, asked_by: MarkerId) -> None:
    """A row as an early opening leaves it, for a name that nobody asked for."""
    stage.spoil(
        "INSERT INTO {named.single_opening} (id, board, number, asked_by, ground, reason, seats, opened_on, nonce, "
        "identity) VALUES (:id, :board, :number, :who, 'life', 'None.', '[]', '2026-01-01', :nonce, :junk)",
        id=bytes(OpeningId.new()),
        board=bytes(stage.board),
        number=number,
        who=bytes(asked_by),
        nonce=bytes(12),
        junk=bytes(48),
    )


def test_a_name_taken_back_is_not_kept_for_a_custodian_whose_row_the_log_does_not_know(locked: Stage) -> None:
    ref, number, _ = submissions(locked)[0]
    locked.spoil("UPDATE {blind.submission} SET state = 'withdrawn' WHERE ref = :ref", ref=bytes(ref))
    custodian = locked.people.custodians[2]
    forged(locked, number, custodian.marker)
    locked.almost()
    locked.finish()
    assert len(locked.revealed()) == CANDIDATES - 1
    with pytest.raises((Missing, NamesUnreadable)):
        name(locked, custodian, Number(number))


def test_a_name_opened_early_is_not_read_by_whom_the_table_alone_says_asked(moderated: Stage) -> None:
    number, (asked, other, _) = target(moderated).number, moderated.people.custodians
    ask(moderated, number)
    moderated.spoil("UPDATE {named.single_opening} SET asked_by = :who", who=bytes(other.marker))
    for custodian in (asked, other):
        with pytest.raises(Missing):
            name(moderated, custodian, number)


@pytest.mark.leak("L103")
def test_no_candidate_is_shown_another_whose_row_was_given_her_tag(opened: Stage) -> None:
    (one, other), first = rows(opened)[:2], opened.revealed()[0]
    for tag, number in ((bytes(32), one[0]), (one[1], other[0]), (other[1], one[0])):
        opened.spoil("UPDATE {named.revealed} SET account_tag = :t WHERE number = :n", t=tag, n=int(number))
    with opened.database.reading() as db, pytest.raises(NamesUnreadable):
        queries.revealed_to(db, opened.config.keys, opened.board, first.account)
    with pytest.raises(NamesUnreadable):
        opened.revealed()
    opened.almost(LOST)
    opened.finish(**AGAIN)
    with opened.database.reading() as db:
        assert queries.revealed_to(db, opened.config.keys, opened.board, first.account) == first


def test_a_key_that_others_can_read_is_not_thrown_away_for_that(moderated: Stage) -> None:
    """A ceremony that failed after it would leave the name that was opened early unreadable for good."""
    number, asked = target(moderated).number, moderated.people.custodians[0]
    ask(moderated, number)
    moderated.season.lock()
    path = moderated.config.keys / keyfiles.results(moderated.board)
    path.chmod(0o444)
    before = path.read_bytes()
    moderated.almost()
    with pytest.raises(keyfiles.KeyExposed):
        moderated.finish()
    assert path.read_bytes() == before
    path.chmod(0o400)
    moderated.finish()
    assert name(moderated, asked, number) == target(moderated).author.name
    assert len(moderated.revealed()) == CANDIDATES - 1


@pytest.mark.vault("V18")
def test_the_database_puts_nobody_back_who_took_her_application_back(locked: Stage) -> None:
    (ref, *_), (other, *_), *_ = submissions(locked)
    submission, roll = locked.table("submission", "blind"), locked.table("roll", "named")
    who = bytes(locked.people.candidates[0].account)
    with locked.database.writing("blind") as db:
        db.execute(text(f"UPDATE {submission} SET state = 'withdrawn' WHERE ref = :ref"), {"ref": bytes(ref)})
        db.execute(text(f"UPDATE {submission} SET state = 'set_aside' WHERE ref = :ref"), {"ref": bytes(other)})
    with locked.database.writing() as db:
        db.execute(text(f"UPDATE {roll} SET state = 'stood_down' WHERE account = :who"), {"who": who})
    for side, change in (
        ("blind", f"UPDATE {submission} SET state = 'lodged' WHERE state = 'withdrawn'"),
        ("blind", f"UPDATE {submission} SET state = 'lodged' WHERE state = 'set_aside'"),
        ("blind", f"UPDATE {submission} SET state = 'withdrawn' WHERE state = 'set_aside'"),
        ("named", f"UPDATE {roll} SET state = 'applied' WHERE state = 'stood_down'"),
    ):
        with pytest.raises(DBAPIError), locked.database.writing(side) as db:
            db.execute(text(change))
