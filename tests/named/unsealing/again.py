"""What tests of later ceremonies look at, and what they type."""

from typing import Any

from sqlalchemy import select

from panel.named.monitoring.models import OutcomeCount
from panel.named.unsealing.models import RevealedRow
from panel.named.unsealing.occasion import Occasion
from panel.sealed.vault.models import ReleaseRow
from tests.named.unsealing.stage import Stage

LOST = Occasion.LOST_KEY
AGAIN = {"occasion": LOST.value}


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


def released(stage: Stage) -> list[Any]:
    keys = ReleaseRow.from_side, ReleaseRow.from_seat, ReleaseRow.to_seat
    with stage.database.reading() as db:
        return list(db.execute(select(*keys, ReleaseRow.envelope).order_by(*keys)).all())
