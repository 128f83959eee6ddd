"""Before the names are open: what marker, chair and auditor have met, the mail, and the blind connection."""

import re
from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from panel.kernel.database import Database
from tests.journeys.accounts import command
from tests.journeys.cast import AUDITOR, CHAIR, DEPUTY, HR, MARKERS, SECRETS, ZEPHYRINE
from tests.journeys.journey import Journey

_BLIND = (*MARKERS, CHAIR, DEPUTY, AUDITOR)


def play(journey: Journey) -> None:
    """Her name, address and number are nowhere that those who judge can reach."""
    _no_secret_was_met(journey)
    _no_secret_in_files(journey)
    database = journey.config.database()
    _blind_connection_holds_no_secret(database)
    _markers_met_no_identifier(journey, database)
    database.dispose()


def _no_secret_was_met(journey: Journey) -> None:
    # first: there is something that could leak
    for someone in (HR, ZEPHYRINE):
        met = "\n".join(journey.at(someone).met).casefold()
        assert all(secret in met for secret in SECRETS)
    for someone in _BLIND:
        met = "\n".join(journey.at(someone).met).casefold()
        assert len(met) > 10_000, f"{someone.name} has met too little to tell"
        assert [secret for secret in SECRETS if secret in met] == [], someone.name


def _no_secret_in_files(journey: Journey) -> None:
    command(journey, "send-mail")
    letters = [path.read_text() for path in (journey.config.instance / "mail").glob("*.eml")]
    for letter in letters:
        if ZEPHYRINE.email not in letter:
            assert [secret for secret in SECRETS if secret in letter.casefold()] == []
    for log in journey.config.instance.glob("*.log"):
        assert [secret for secret in SECRETS if secret in log.read_text().casefold()] == []


def _blind_connection_holds_no_secret(database: Database) -> None:
    with database.session("named", writes=False) as db:
        tables = db.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")).all()
        assert any(secret in row for secret in SECRETS for row in _rows(db, tables))
    with database.session("blind", writes=False) as db:
        read = list(_rows(db, tables))
    assert len(read) > 50, "the blind connection reads what it needs"
    assert [secret for secret in SECRETS if any(secret in row for row in read)] == []


def _rows(db: Session, tables: list[str]) -> Iterator[str]:
    for table in tables:
        try:
            rows = db.execute(text(f'SELECT * FROM "{table}"')).all()
        except DatabaseError:
            db.rollback()
            continue
        yield from (str(row).casefold() for row in rows)


def _markers_met_no_identifier(journey: Journey, database: Database) -> None:
    with database.session("named", writes=False) as db:
        ids = db.execute(
            text("SELECT ref FROM submission UNION SELECT account FROM person UNION SELECT marker FROM person")
        )
        hexes = {value.hex() for (value,) in ids}
    numbers = set(journey.papers.numbers.values())
    assert len(hexes) > 20
    for someone in MARKERS:
        met = "\n".join(journey.at(someone).met)
        assert set(re.findall(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", met)) & hexes == set()
        assert set(re.findall(r"(?<![0-9A-Za-z-])[0-9]{6}(?![0-9A-Za-z])", met)) & numbers == set()
