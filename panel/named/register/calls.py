"""Letters to those who have work on a board: further markers who were given answers, and leaders when a marker pauses.

The blind side gives that work and can post nothing. So the daily round looks for it.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.access.queries import accounts_of
from panel.blind.allocation import queries as allocation
from panel.blind.allocation.leaders import leads
from panel.blind.seeding import queries as seeding
from panel.board.lifecycle import Stage
from panel.board.queries import Board, boards
from panel.kernel.ids import BoardId, MarkerId
from panel.named.accounts.letters import Letter
from panel.named.accounts.posting import post
from panel.named.register.models import CalledRow


class About(StrEnum):
    """Which work."""

    GIVEN = "given"
    PAUSED = "paused"


_Key: TypeAlias = tuple[BoardId, MarkerId, About]


def call(db: Session) -> int:
    """Post a letter to everyone who has work that she was not written to about; how many letters.

    Part of the daily round. Whoever has done it before the round comes gets none.
    """
    said = _said(db)
    news = {key: count for key, count in _work(db) if count > said.get(key, 0)}
    for (board, person, about), count in sorted(news.items()):
        db.merge(CalledRow(board=board, person=person, about=about.value, count=count))
    recipients = {person for _board, person, _about in news}
    if recipients:
        post(db, accounts_of(db, recipients).values(), Letter.CHANGED)
    return len(recipients)


def _work(db: Session) -> Iterator[tuple[_Key, int]]:
    for board in boards(db):
        if board.stage is Stage.MODERATION:
            yield from _given(db, board)
        elif board.stage is Stage.MARKING and board.policy.conduct.seed_every:
            yield from _paused(db, board)


def _given(db: Session, board: Board) -> Iterator[tuple[_Key, int]]:
    for marker, load in allocation.loads(db, board.id).items():
        if load.open:
            yield (board.id, marker, About.GIVEN), load.ever


def _paused(db: Session, board: Board) -> Iterator[tuple[_Key, int]]:
    if seeding.running(db, board.id):
        begun = seeding.begun(db, board.id)
        yield from (((board.id, leader, About.PAUSED), begun) for leader in leads(db, board.id))


def _said(db: Session) -> dict[_Key, int]:
    columns = CalledRow.board, CalledRow.person, CalledRow.about, CalledRow.count
    rows = db.execute(select(*columns).order_by(*columns))
    return {(board, person, About(about)): count for board, person, about, count in rows}
