"""A small board played through the real services, with all that is needed to open it written down beside it.

Everybody in it is invented, so its passphrases, codes and keys may stand in a file.
"""

import json
from pathlib import Path
from typing import Any, Final

from sqlalchemy import inspect, select
from sqlalchemy.orm import DeclarativeBase, Session

from panel import installation
from panel.blind.submissions.models import SubmissionRow
from panel.board.lifecycle import Stage
from panel.kernel import clock, keyfiles
from panel.named.intake.models import RollRow
from panel.named.oversight.service import take_record
from panel.named.unsealing import queries
from panel.named.unsealing.models import CeremonyRow, RevealedRow
from panel.named.unsealing.process import in_this_process
from panel.playing import custody
from panel.playing.season import Season
from panel.playing.stopwatch import Stopwatch
from panel.sealed.equality.models import EqualityEnvelopeRow
from panel.sealed.vault import queries as vault
from panel.sealed.vault.custody import REHEARSAL, STANDARD, Kind, lock, unlock
from panel.sealed.vault.envelope import FORMAT
from panel.sealed.vault.models import EnvelopeRow, KeyholderRow, ReleaseRow, SeatRow, SlotRow, VaultRow
from tests.servers import cheap

CANDIDATES: Final = 20


def made(folder: Path) -> tuple[str, bytes]:
    """The golden file and the record with names, of a board with 20 candidates and custody 2 of 3."""
    config = cheap(folder)
    installation.prepare(config)
    database = config.database()
    season = Season(config, database, Stopwatch(), clock.now(), label="Golden")
    with clock.set_to(season.moment), in_this_process(config):
        season.play(CANDIDATES, markers=4, criteria=2, until=Stage.LOCKED)
        custody.begin_ceremony(database, config, season.people, season.board, season.passphrases, releases=2)
        with database.reading() as db:
            found = _sealed(db, season)
        custody._release(database, config, season.people.custodians[1], season.board, season.passphrases)
    with database.writing() as db:
        found |= _opened(db, season)
        record = take_record(db, config.keys, season.board, None, "system", names=True).to_zip()
    database.dispose()
    return json.dumps(found, indent=1, sort_keys=True) + "\n", record


def _sealed(db: Session, season: Season) -> dict[str, Any]:
    """What lies in the tables while a ceremony waits for its last custodian, and what its keyholders wrote down."""
    here = season.board
    sheets = season.passphrases.sheets
    return {
        "format": FORMAT,
        "pepper": _text(keyfiles.read(season.config.keys, keyfiles.PEPPER)),
        "vault": _rows(db, VaultRow, board=here)[0],
        "keyholders": [
            row | {"passphrase": sheets[account].passphrase, "recovery": sheets[account].recovery}
            for account in sorted(sheets)
            for row in _rows(db, KeyholderRow, account=account)
        ],
        "slots": [*_rows(db, SlotRow), _hard(db, season)],
        "seats": _rows(db, SeatRow, board=here),
        "ceremony": _rows(db, CeremonyRow, board=here)[0],
        "releases": _rows(db, ReleaseRow, board=here),
        "roll": _rows(db, RollRow, board=here),
        "submissions": [
            {name: row[name] for name in ("ref", "number", "answers_digest")}
            for row in _rows(db, SubmissionRow, board=here)
        ],
        "envelopes": _rows(db, EnvelopeRow, board=here),
        "equality_envelopes": _rows(db, EqualityEnvelopeRow, board=here),
    }


def _hard(db: Session, season: Season) -> dict[str, Any]:
    """One more slot of the first custodian: the same passphrase, with the settings of a real installation."""
    member = season.people.custodians[0]
    secret, pepper = season.passphrases.of(member).encode(), keyfiles.read(season.config.keys, keyfiles.PEPPER)
    holder = queries.keyholder(db, member.account)
    assert holder is not None
    seed = unlock(vault.slot(db, holder.id, Kind.PASSPHRASE), secret, pepper, REHEARSAL)
    hard = lock(holder.id, Kind.PASSPHRASE, secret, seed=seed, profile=STANDARD, pepper=pepper)
    return {name: _text(value) for name, value in vars(hard).items()}


def _opened(db: Session, season: Season) -> dict[str, Any]:
    """What the ceremony left, and the people as they applied: whatever opens has to say the same."""
    people = {str(member.account): member for member in season.people.candidates}
    return {
        "results_key": _text(keyfiles.read(season.config.keys, keyfiles.results(season.board))),
        "revealed": _rows(db, RevealedRow, board=season.board),
        "people": {
            account: {"name": member.name, "email": member.email, "staff_no": member.staff_no}
            for account, member in people.items()
        },
    }


def _rows(db: Session, table: type[DeclarativeBase], **where: Any) -> list[dict[str, Any]]:
    """Rows by primary key, columns as text."""
    query = select(*table.__table__.c).filter_by(**where).order_by(*inspect(table).primary_key)
    return [{name: _text(value) for name, value in row._mapping.items()} for row in db.execute(query)]


def _text(value: Any) -> Any:
    """Bytes as hexadecimal digits, dates as ISO; numbers and text as they are."""
    if isinstance(value, bytes):
        return value.hex()
    return value if isinstance(value, (int, str, type(None))) else str(value)
