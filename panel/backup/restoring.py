"""Restoring a backup: into what is empty, all or nothing, and only after the whole file was found sound."""

import json
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import BinaryIO, Final

from alembic.script import ScriptDirectory
from alembic.util import CommandError

from migrations import current, triggers
from panel import installation
from panel.access import service as access
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

    sentence = "The folder of secrets is not empty. Nothing was restored."


def restore(config: Config, file: Path, key: PrivateKey, *, without_secrets: bool = False) -> Header:
    """Put back what the file holds; what it says of itself.

    Of a database: into one without rows, migrated to today's tables. Sessions, links for a password and drafts are not
    in it; boards that were open get a new key for drafts. That it was restored is logged.
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
        there = any(keyfiles.exists(folder, name) for name in found)
    except (ValueError, TypeError, AttributeError) as error:
        raise Spoilt from error
    # a key of drafts is in no backup of ours, and one that somebody else knows would open what is written from now on
    if not all(any(fnmatchcase(name, pattern) for pattern in FILES[kind]) for name in found):
        raise Spoilt
    if there:
        raise KeysThere
    for name, secret in found.items():
        keyfiles.create(folder, name, secret)


def _restore_database(
    config: Config, header: Header, source: BinaryIO, key: PrivateKey, *, without_secrets: bool
) -> None:
    _demand_known(header.revision)
    if not without_secrets and not all(keyfiles.exists(config.keys, name) for name in (keyfiles.PEPPER, keyfiles.LOG)):
        raise SecretsFirst
    owner = Database(config.owner_url(), None, durable=config.durable)
    try:
        _fill(config, owner, header, _lines(opened(source, key)))
    finally:
        owner.dispose()
    installation.migrate(config)
    if without_secrets:
        installation.replace_secrets(config)
    installation.prepare(config)
    _begin_again(config, header)


def _fill(config: Config, owner: Database, header: Header, lines: Iterable[bytes]) -> None:
    with owner.engine("named").connect() as connection:
        rows.demand_empty(connection)
    installation.migrate(config, to=header.revision)
    with owner.engine("named").begin() as connection:
        rows.demand_empty(connection)
        triggers.drop(connection)
        rows.load(connection, lines)
        triggers.create(connection)


def _begin_again(config: Config, header: Header) -> None:
    database = config.database("named")
    try:
        with database.writing() as db:
            access.end_all_sessions(db)
            drafting.make_keys(db, config.keys)
            backups.note_restored(db, header.on)
    finally:
        database.dispose()


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
