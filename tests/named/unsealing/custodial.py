"""What tests look up about a board's custody, and do to it."""

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select

from panel.access.queries import holders
from panel.access.roles import Role
from panel.board import queries as boards
from panel.cli import cli
from panel.named.accounts.models import Outgoing
from panel.named.unsealing import custody_queries, keyholding
from panel.named.unsealing.custody_queries import Custody
from panel.named.unsealing.reach import Reach, Strength
from panel.playing.company import Member
from panel.sealed.vault import queries as vault
from panel.sealed.vault.sharing import Seat
from tests.named.unsealing.stage import Stage


def seat_of(stage: Stage, member: Member) -> Seat | None:
    with stage.database.reading() as db:
        card = vault.seats_of(db, member.account).get(stage.board)
    return card and card.seat


def roles_of(stage: Stage, member: Member) -> set[Role]:
    with stage.database.reading() as db:
        return {each.role for each in holders(db, stage.board) if each.account == member.account}


def custody(stage: Stage) -> Custody:
    with stage.database.reading() as db:
        return custody_queries.custody(db, boards.board(db, stage.board))


def strength(stage: Stage) -> Strength:
    found = custody(stage).strength
    assert found is not None
    return found


def stands(stage: Stage, member: Member) -> Reach:
    return next(place.reach for place in custody(stage).places if place.account == member.account)


def retire(stage: Stage, member: Member) -> None:
    with stage.database.writing() as db:
        keyholding.retire(db, stage.acting(member))


def posted(stage: Stage) -> set[bytes]:
    """Whose letters wait; the outbox is emptied."""
    with stage.database.writing() as db:
        found = {bytes(each) for each in db.scalars(select(Outgoing.account).order_by(Outgoing.account))}
        db.execute(delete(Outgoing))
    return found


def run(stage: Stage, *arguments: str) -> tuple[int, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("panel.cli.from_environment", lambda: stage.config)
        done = CliRunner().invoke(cli, arguments)
    return done.exit_code, done.output
