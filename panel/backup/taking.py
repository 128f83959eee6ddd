"""Taking a backup: one encrypted file of the database, of the secrets, or of the keys of the opened names."""

import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from migrations import current
from panel.backup import rows
from panel.backup.box import Header, Kind, sealed
from panel.backup.keys import PublicKey
from panel.board import backups
from panel.config import Config
from panel.kernel import keyfiles
from panel.kernel.clock import today
from panel.kernel.database import Database
from panel.kernel.errors import Malformed, Misconfigured

#: The names of the files in each backup of keys; those of drafts are in none, for they die at the close.
FILES: Final = {Kind.SECRETS: ("pepper", "log.key", "authenticators.key"), Kind.RESULTS: ("results/*.key",)}


class NotMigrated(Misconfigured):
    """There is nothing to back up."""

    sentence = "There is no database yet. Start the service once: panel serve."


def take_database(config: Config, file: Path, to: PublicKey) -> backups.Backup:
    """Back up every row as it is at one moment, and log that it was done: a number and a day.

    Rows stand in the order of their random keys. It is logged before the first byte is written and again when the file
    is whole, so that one that was stopped in between stays noticed.
    Raises TwiceADay, and Malformed where the file is there already or cannot be written.
    """
    if config.sqlite_path and not config.sqlite_path.exists():
        raise NotMigrated
    database = config.database("named")
    try:
        with _new(file) as (new, draught), _begun(database, draught) as number:
            with snapshot(database) as connection:
                header = Header(Kind.DATABASE, today(), _revision(connection), to.id)
                _fill(new, sealed(header, to, rows.written(connection)))
            with _published(draught, file), database.writing() as db:
                return backups.note_taken(db, number)
    finally:
        database.dispose()


def stopped_before(config: Config, noted: backups.Backup) -> tuple[backups.Backup, ...]:
    """The backups just before this one that were stopped, and of which something may be left."""
    database = config.database("named")
    try:
        with database.reading() as db:
            return backups.stopped_before(db, noted.number)
    finally:
        database.dispose()


@contextmanager
def _begun(database: Database, draught: Path) -> Iterator[int]:
    """The number of a backup that is begun; what fails is logged once nothing is left, what is killed stays begun."""
    with database.reading() as db:
        _revision(db.connection())
    with database.writing() as db:
        number = backups.note_begun(db).number
    try:
        yield number
    except Exception:
        draught.unlink(missing_ok=True)
        with database.writing() as db:
            backups.note_failed(db, number)
        raise


def take_keys(config: Config, file: Path, to: PublicKey, kind: Kind) -> int:
    """Back up the server's own secrets, or the keys of opened names; how many files. Raises as `take_database`."""
    found = [path for pattern in FILES[kind] for path in sorted(config.keys.glob(pattern))]
    if not found:
        raise Misconfigured(f"There is nothing of that kind in {config.keys} to back up.")
    names = [path.relative_to(config.keys).as_posix() for path in found]
    lines = (json.dumps([name, keyfiles.read(config.keys, name).hex()]).encode() + b"\n" for name in names)
    with _new(file) as (new, draught):
        _fill(new, sealed(Header(kind, today(), "", to.id), to, lines))
        with _published(draught, file):
            pass
    return len(names)


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A connection all of whose reads see one moment; it keeps nobody from writing."""
    options = {} if database.is_sqlite else {"isolation_level": "REPEATABLE READ"}
    with database.reading() as db:
        yield db.connection(execution_options=options)


def _revision(connection: Connection) -> str:
    try:
        (revision,) = current.migrated(connection)
    except (DBAPIError, ValueError) as error:
        raise NotMigrated from error
    return revision


@contextmanager
def _new(file: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A file beside the wanted one, for its owner alone, that is gone at the end in any case."""
    draught = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        if file.exists():
            raise FileExistsError(17, "File exists")
        handle = os.open(draught, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as new:
            yield new, draught
    except OSError as error:
        raise Malformed(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        draught.unlink(missing_ok=True)


def _fill(new: BinaryIO, pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        new.write(piece)
    new.flush()
    os.fsync(new.fileno())


@contextmanager
def _published(draught: Path, file: Path) -> Iterator[None]:
    """The whole file under its name, which nothing has yet: a link never replaces what is there. Failing undoes it."""
    os.link(draught, file)
    try:
        _sync(file.parent)
        yield
    except Exception:
        file.unlink()
        raise


def _sync(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
