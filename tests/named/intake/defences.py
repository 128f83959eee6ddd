"""The defences of the close, each with a switch that turns it off."""

import secrets
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from panel.blind.submissions import service as submission_service
from panel.kernel.ids import Number
from panel.named.intake import closing
from panel.sealed.equality import service as equality
from panel.sealed.vault import service as vault
from tests.named.intake.crowd import COUNT, Crowd, empty_ahead

Switch = Callable[[Crowd, pytest.MonkeyPatch], None]


def as_lodged(crowd: Crowd, patch: pytest.MonkeyPatch) -> None:
    """The shuffle does nothing to rows that were read as they lay."""

    place: dict[Any, int] = {account: n for n, account in enumerate(crowd.lodged)}
    place |= {crowd.wrote[account]: n for account, n in list(place.items())}

    class Idle(secrets.SystemRandom):
        def shuffle(self, rows: Any) -> None:
            rows.sort(key=lambda row: place[row[0] if isinstance(row, tuple) else row.get("ref", row.get("account"))])

    patch.setattr("secrets.SystemRandom", Idle)


def one_after_another(_crowd: Crowd, patch: pytest.MonkeyPatch) -> None:
    """Numbers are dealt as they come."""
    patch.setattr(Number, "deal", staticmethod(lambda count: [Number(100_000 + n) for n in range(count)]))


def no_rewrite(_crowd: Crowd, patch: pytest.MonkeyPatch) -> None:
    """The close leaves every row where it is; numbers are dealt all the same."""
    for module in (vault, equality, closing.allocation):
        patch.setattr(module, "rewrite", lambda db, board: None)
    patch.setattr(closing, "_rewrite_roll", lambda db, board: None)
    patch.setattr(submission_service, "rewrite", lambda db, board: COUNT)


def no_scrub(_crowd: Crowd, patch: pytest.MonkeyPatch) -> None:
    """Neither VACUUM nor checkpoint."""
    patch.setattr(closing, "scrub", lambda database: True)


def only_checkpoint(crowd: Crowd, patch: pytest.MonkeyPatch) -> None:
    """The write-ahead file is emptied, but nothing is vacuumed."""

    def checkpoint(_database: object) -> bool:
        empty_ahead(crowd.config)
        return True

    patch.setattr(closing, "scrub", checkpoint)


def only_vacuum(crowd: Crowd, patch: pytest.MonkeyPatch) -> None:
    """VACUUM without the checkpoint after it, on a connection whose write-ahead file is never begun anew."""

    def vacuum(_database: object) -> bool:
        connection = crowd.database.engine("named").raw_connection()
        connection.execute("VACUUM")  # type: ignore[attr-defined]
        connection.close()
        return True

    patch.setattr(closing, "scrub", vacuum)


def leave_deleted(crowd: Crowd, _patch: pytest.MonkeyPatch) -> None:
    """What is deleted is not written over."""

    @event.listens_for(crowd.database.engine("named"), "connect")
    def forget(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA secure_delete=OFF")

    crowd.database.engine("named").dispose()
