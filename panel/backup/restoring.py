"""Restoring a backup: into what is empty, all or nothing, and only after the whole file was found sound."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Final

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from migrations import current, triggers
from panel import installation
from panel.audit.models import LogEntry
from panel.backup import rows
from panel.backup.box import Header, Kind, Spoilt, header_of, opened
from panel.backup.keys import PrivateKey
from panel.backup.taking import FILES
from panel.board import backups
from panel.config import Config
from panel.kernel import keyfiles
from panel.kernel.database import Database
from panel.kernel.errors import Malformed, Misconfigured
from panel.named.intake import drafting
from panel.named.unsealing import server_secrets

#: A line is one row, and no form takes more than half a megabyte: what is far longer would only fill the memory.
_LONGEST: Final = 64 * 1024 * 1024


class FromLater(Misconfigured):
    """Its tables are not known here."""

    sentence = "That backup was made by a later version of this service. Install that version, then restore."


class SecretsFirst(Misconfigured):
    """Without pepper and log key the restored database would start with others, and nothing would prove itself."""

    sentence = (
        "Restore the secrets first, from their own backup. If they are lost for good, say so with --without-secrets."
    )


class KeysThere(Misconfigured):
    """A secret is never overwritten."""

    sentence = "The folder of secrets holds others already. Nothing was restored."


def restore(config: Config, file: Path, key: PrivateKey, *, without_secrets: bool = False) -> Header:
    """Put back what the file holds; what it says of itself.

    Of a database: into one without rows, migrated to today's tables, in one transaction. Sessions, links for a password
    and drafts are not in it; boards that were open get a new key for drafts. That it was restored is logged.
    One that was stopped, at whatever place, is simply run again.
    Raises NoBackup, OtherKey, Spoilt, FromLater, NotEmpty, SecretsFirst and KeysThere.
    """
    try:
        with file.open("rb") as source:
            header = header_of(source)
            config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
            for _chunk in opened(source, key):
                pass  # to the end, before anything is written: a file that is not whole is not used at all
            if header.kind is Kind.DATABASE:
                _restore_database(config, header, source, key, without_secrets=without_secrets)
            else:
                _restore_keys(config.keys, header.kind, source, key)
    except OSError as error:
        raise Malformed(f"{file} cannot be read: {error.strerror}.") from error
    return header


def _restore_keys(folder: Path, kind: Kind, source: BinaryIO, key: PrivateKey) -> None:
    try:
        found = {name: bytes.fromhex(secret) for name, secret in map(json.loads, _lines(opened(source, key)))}
        lacking = {name: secret for name, secret in found.items() if not keyfiles.exists(folder, name)}
    except (ValueError, TypeError, AttributeError) as error:
        raise Spoilt from error
    # a key of drafts is in no backup of ours, and one that somebody else knows would open what is written from now on
    if not all(any(fnmatchcase(name, pattern) for pattern in FILES[kind]) for name in found):
        raise Spoilt
    # what is there already and the same was put there by a restore that was stopped
    if any(keyfiles.read(folder, name) != found[name] for name in found.keys() - lacking):
        raise KeysThere
    for name, secret in lacking.items():
        keyfiles.create(folder, name, secret)


def _restore_database(
    config: Config, header: Header, source: BufferedReader, key: PrivateKey, *, without_secrets: bool
) -> None:
    _demand_known(header.revision)
    if not without_secrets and not all(keyfiles.exists(config.keys, name) for name in (keyfiles.PEPPER, keyfiles.LOG)):
        raise SecretsFirst
    owner = Database(config.owner_url(), None, durable=config.durable)
    try:
        with _in_one(owner) as connection, Session(connection) as db:
            file = _digest(source)
            if not _is_in(db, file):
                _fill(connection, header, _lines(opened(source, key)))
                _begin_again(db, config.keys)
                backups.note_restored(db, header.on, file)
            lost = server_secrets.give_up(db, config.keys) if without_secrets else ()
            db.flush()
    finally:
        owner.dispose()
    server_secrets.make_anew(config.keys, lost)
    installation.prepare(config)


@contextmanager
def _in_one(owner: Database) -> Iterator[Connection]:
    """A transaction for all of it: whatever stops a restore leaves the database as empty as it was."""
    with owner.engine("named").connect() as connection:
        if owner.is_sqlite:
            # asked before the transaction, within which SQLite would not listen: migrating makes tables anew
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            try:
                yield connection
            except rows.MADE_UP as error:  # a value of the right kind that means nothing, such as half an id
                raise rows.OtherTables from error
            if owner.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise rows.OtherTables


def _digest(source: BufferedReader) -> bytes:
    source.seek(0)
    return hashlib.file_digest(source, hashlib.sha256).digest()


def _is_in(db: Session, file: bytes) -> bool:
    """Whether this very file was restored, and what follows was stopped. Raises NotEmpty if anything else is there."""
    try:
        rows.demand_empty(db.connection())
    except rows.NotEmpty:
        ours = any(table.name == LogEntry.__tablename__ for table in rows.tables(db.connection()))
        if ours and backups.just_restored(db, file) and rows.untouched(db.connection()):
            return True
        raise
    return False


def _fill(connection: Connection, header: Header, lines: Iterable[bytes]) -> None:
    installation.migrate_in(connection, to=header.revision)
    rows.demand_empty(connection)
    triggers.drop(connection)
    rows.load(connection, lines)
    installation.migrate_in(connection)  # which makes the triggers too


def _begin_again(db: Session, keys: Path) -> None:
    """What no backup holds: keys for the drafts of open boards.

    What every start looks at is looked at here too: rows that it could not read are refused before they are in.
    """
    installation.furnish(db)
    drafting.make_keys(db, keys)


def _demand_known(revision: str) -> None:
    try:
        ScriptDirectory.from_config(current.settings()).get_revision(revision)
    except CommandError as error:
        raise FromLater from error


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for chunk in chunks:
        rest, *more = chunk.split(b"\n")
        waiting += rest
        if more:
            *whole, rest = more
            yield bytes(waiting)
            yield from whole
            waiting = bytearray(rest)
        if len(waiting) > _LONGEST:
            raise Spoilt
    if waiting:
        raise Spoilt
