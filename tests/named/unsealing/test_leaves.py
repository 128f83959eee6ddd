"""The leaves that the close kept: they lead to the logged root, and the database lets nobody change them."""

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.sql.dml import UpdateBase

from panel.audit.merkle import root
from panel.board.queries import board as read_board
from panel.kernel.ids import SubmissionRef
from panel.named.intake import queries as intake
from panel.named.unsealing import cancelling
from panel.sealed.vault import queries as vault
from panel.sealed.vault.models import LodgedLeafRow
from tests.named.unsealing.stage import Stage
from tests.named.unsealing.tampering import spoilt_envelope


@pytest.mark.vault("V12")
def test_the_leaves_lead_to_the_lodged_root_in_their_order(locked: Stage) -> None:
    with locked.database.reading() as db:
        kept = vault.lodged_leaves(db, locked.board)
        assert list(kept) == sorted(kept)
        assert root(list(kept.values())) == read_board(db, locked.board).lodged_root
        assert kept == intake.lodged_leaves(db, locked.board)
    spoilt_envelope(locked)
    with locked.database.reading() as db:
        assert vault.lodged_leaves(db, locked.board) == kept
        assert intake.lodged_leaves(db, locked.board) != kept


@pytest.mark.vault("V18")
def test_nobody_changes_adds_or_takes_a_leaf(locked: Stage) -> None:
    with locked.database.reading() as db:
        ref = db.scalars(select(LodgedLeafRow.ref).order_by(LodgedLeafRow.ref)).first()
    new = {"board": locked.board, "leaf": bytes(32)}
    for statement in (
        update(LodgedLeafRow).values(leaf=bytes(32)),
        delete(LodgedLeafRow),
        insert(LodgedLeafRow).values(**new, ref=SubmissionRef.new()),
        insert(LodgedLeafRow).values(**new, ref=ref),
    ):
        with pytest.raises(DatabaseError):
            run(locked, statement)


@pytest.mark.vault("V18")
def test_sqlites_replace_is_refused_too(locked: Stage) -> None:
    if not locked.database.is_sqlite:
        pytest.skip("PostgreSQL has no REPLACE")
    with pytest.raises(DatabaseError):
        run(
            locked,
            insert(LodgedLeafRow)
            .prefix_with("OR REPLACE")
            .from_select(["board", "ref", "leaf"], select(LodgedLeafRow.board, LodgedLeafRow.ref, LodgedLeafRow.leaf)),
        )


def run(stage: Stage, statement: UpdateBase) -> None:
    with stage.database.writing() as db:
        db.execute(statement.execution_options(synchronize_session=False))


@pytest.mark.leak("L106")
def test_a_cancelled_board_keeps_no_leaf(moderated: Stage) -> None:
    hr = moderated.acting(moderated.people.hr)
    cancelling.cancel(moderated.database, moderated.config, hr, moderated.board, reason="posts")
    with moderated.database.reading() as db:
        assert vault.lodged_leaves(db, moderated.board) == {}
