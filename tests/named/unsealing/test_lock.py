"""Signing the lock: by a leader no candidate declared, when everything is settled, and for good."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from panel.audit import queries as audit
from panel.blind.marking.models import MarkRow
from panel.blind.merit import queries as merit
from panel.board.lifecycle import Stage as BoardStage
from panel.board.queries import board as read_board
from panel.kernel.encoding import words
from panel.named.accounts.models import Outgoing
from tests.named.unsealing.stage import Stage
from tests.named.unsealing.tampering import submissions
from tests.named.unsealing.visitor import Visitor, plain


def address(stage: Stage) -> str:
    return f"/boards/{stage.board}/lock"


@pytest.mark.parametrize("leader", ["chair", "deputy"])
def test_a_leader_signs_the_lock_and_reads_the_eight_words(moderated: Stage, leader: str) -> None:
    visitor = Visitor.of(moderated, getattr(moderated.people, leader))
    assert "Every answer has its score" in plain(visitor.get(address(moderated)))
    assert "Confirm that the marks are final" in plain(visitor.post(address(moderated)))
    signed = visitor.post(address(moderated), sure="y")
    with moderated.database.reading() as db:
        held, root = read_board(db, moderated.board), merit.marks_root(db, moderated.board)
        heads, log = audit.signed_heads(db, moderated.board), audit.head(db, moderated.board)
    assert (held.stage, held.marks_root) == (BoardStage.LOCKED, root)
    assert all(word in plain(visitor.get(signed.location)) for word in words(root))
    assert heads[-1].size == log.size
    entry = moderated.log("board.locked")[0]
    assert (entry.facts, entry.role) == ({"marks_root": root.hex()}, leader)


def test_keyholders_and_auditor_are_told_to_look(moderated: Stage) -> None:
    Visitor.of(moderated, moderated.people.chair).post(address(moderated), sure="y")
    with moderated.database.reading() as db:
        told = set(db.scalars(select(Outgoing.account).order_by(Outgoing.account)))
    assert told == {member.account for member in (*moderated.people.keyholders, moderated.people.auditor)}


@pytest.mark.leak("L102")
def test_locked_marks_do_not_move(moderated: Stage) -> None:
    Visitor.of(moderated, moderated.people.chair).post(address(moderated), sure="y")
    with pytest.raises(DBAPIError), moderated.database.writing() as db:
        db.execute(update(MarkRow).where(MarkRow.board == moderated.board).values(score=1))


@pytest.mark.leak("L70")
def test_a_leader_whom_a_candidate_declared_does_not_sign(moderated: Stage) -> None:
    moderated.spoil(
        "INSERT INTO {blind.exclusion} (ref, marker) VALUES (:ref, :marker)",
        ref=bytes(submissions(moderated)[0][0]),
        marker=bytes(moderated.people.chair.marker),
    )
    assert Visitor.of(moderated, moderated.people.chair).get(address(moderated)).status_code == 404
    assert Visitor.of(moderated, moderated.people.deputy).get(address(moderated)).status_code == 200


def test_an_unsettled_answer_keeps_the_board_open(moderated: Stage) -> None:
    moderated.spoil("DELETE FROM {blind.agreed_score}")
    moderated.spoil("UPDATE {blind.mark} SET score = 1")
    moderated.spoil(
        "UPDATE {blind.mark} SET score = 5 WHERE marker = :one", one=bytes(moderated.people.markers[0].marker)
    )
    page = Visitor.of(moderated, moderated.people.chair).get(address(moderated))
    assert "Agree a score for the answers still open" in plain(page)
    assert 'name="sure"' not in page.text


def test_the_page_names_nobody(moderated: Stage) -> None:
    page = Visitor.of(moderated, moderated.people.chair).get(address(moderated)).text
    everyone = (*moderated.people.candidates, *moderated.people.markers, moderated.people.hr)
    assert not any(member.name in page or member.email in page for member in everyone)
