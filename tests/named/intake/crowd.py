"""Two hundred who applied through the real service, in four orders that have nothing to do with one another."""

import re
import secrets
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.roles import Role
from panel.access.service import start_session
from panel.config import Config
from panel.kernel.database import Database
from panel.kernel.ids import AccountId, SubmissionRef
from panel.named.intake import closing, drafting
from tests.named.intake.scene import ANSWERS, Scene
from tests.servers import PostgresServer, cheap

T = TypeVar("T")
COUNT = 200
#: A letter for each byte.
_LETTERS = (b"bcdfghjklmnpqrstvwxz" * 13)[:256]
PAGE = 4096
MARK = re.compile(rb"canary[b-z]{20}")


@dataclass
class Crowd:
    """The board as it stands open, and what the test alone knows: who wrote what, and in which orders."""

    config: Config
    database: Database
    scene: Scene
    surnames: list[AccountId]
    drafted: list[AccountId]
    lodged: list[AccountId]
    wrote: dict[AccountId, SubmissionRef]
    marks: dict[bytes, SubmissionRef]
    #: A backup from before the first was lodged: whose drafts, in the order in which they are read, how long each is
    backup: dict[AccountId, int]
    #: and, in a file of SQLite, on which pages each lies.
    lay: dict[AccountId, set[int]]

    def pass_on(self, config: Config) -> "Crowd":
        """The same crowd on a copy of the installation."""
        database = config.database()
        scene = replace(self.scene, db=database.session("named", writes=True), keys=config.keys)
        return replace(self, config=config, database=database, scene=scene)

    def close(self) -> None:
        """HR closes the board; what comes after it is `closing.finish`."""
        self.scene.pass_deadline()
        closing.close(self.scene.db, self.scene.keys, self.scene.holder(Role.HR), self.scene.board)
        self.scene.db.commit()

    def leave(self) -> None:
        """Let go of the installation."""
        self.scene.db.close()
        self.database.dispose()


def shuffled(things: Iterable[T]) -> list[T]:
    """In an order that nobody knows."""
    found = list(things)
    secrets.SystemRandom().shuffle(found)
    return found


def word() -> str:
    """A word of 20 letters that occurs nowhere else, and does not shrink when it is compressed."""
    return secrets.token_bytes(20).translate(_LETTERS).decode()


def gather(config: Config, count: int = COUNT) -> Crowd:
    """Drafts in one order, submissions in another, and a name and an account id that follow neither."""
    database = config.database()
    scene = Scene.open(database.session("named", writes=True), config.keys)
    names = sorted(word().title() for _ in range(count))
    people = [scene.person(name=f"Tamsin {name}") for name in names]
    scene.db.commit()
    crowd = Crowd(config, database, scene, [each.account for each in people], [], [], {}, {}, {}, {})
    lengths = shuffled(range(count))
    drafts = {person: _draft(crowd, person, length) for person, length in zip(shuffled(people), lengths, strict=True)}
    _back_up(crowd)
    reader = _reading(crowd)
    for person in shuffled(people):
        mark, draft = drafts[person]
        start_session(scene.db, person.account)
        ref = crowd.wrote[person.account] = scene.submit(person, draft).ref
        scene.db.commit()
        crowd.lodged.append(person.account)
        crowd.marks[mark] = ref
    scene.db.close()
    reader.close()
    return crowd


def _reading(crowd: Crowd) -> Session:
    """Somebody looks for hours: on SQLite the write-ahead file then keeps every lodging, in order."""
    db = crowd.database.session("named", writes=False)
    db.execute(text("SELECT 1 FROM board" if crowd.database.is_sqlite else "SELECT 1"))
    return db


def _draft(crowd: Crowd, person: Person, length: int) -> tuple[bytes, drafting.Draft]:
    """A long answer, as long as nobody else's; and she declares a marker, so that there is a row."""
    mark, scene = f"canary{word()}", crowd.scene
    words = [word() for _ in range(90 + length)]
    # where no page of a file is turned: a mark cut in two would not be found
    body = " ".join([*words[:60], mark, *words[60:]])
    scene.write(person, {**ANSWERS, "we-take-ownership": body})
    known = frozenset({scene.holder(Role.MARKER).id})
    board = scene.board
    draft = drafting.save(scene.db, scene.keys, person, board, lambda d: d.knowing(d.version("Known"), known))
    scene.db.commit()
    crowd.drafted.append(person.account)
    return mark.encode(), draft


def _back_up(crowd: Crowd) -> None:
    table = "draft" if crowd.database.is_sqlite else "named.draft"
    rows = crowd.scene.db.execute(text(f"SELECT account, sealed FROM {table}")).all()
    crowd.scene.db.rollback()
    drafts = {AccountId(bytes(account)): bytes(sealed) for account, sealed in rows}
    crowd.backup = {account: len(sealed) for account, sealed in drafts.items()}
    if crowd.database.is_sqlite and len(set(crowd.backup.values())) == 1:
        empty_ahead(crowd.config)
        assert crowd.config.sqlite_path is not None
        crowd.lay = _pages(crowd.config.sqlite_path.read_bytes(), drafts)


def empty_ahead(config: Config) -> None:
    """What SQLite's write-ahead file holds goes into the database, as it does by itself now and then."""
    connection = sqlite3.connect(config.sqlite_path or "")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _pages(data: bytes, drafts: dict[AccountId, bytes]) -> dict[AccountId, set[int]]:
    """The pages into which each long value overflows. All are of one length, so all are cut at the same places."""
    begins = {data[page * PAGE + 4 : page * PAGE + 20]: page for page in range(len(data) // PAGE)}
    sealed, middle = next(iter(drafts.values())), PAGE * 2
    first = (middle - (data.index(sealed[middle : middle + 16]) % PAGE - 4)) % (PAGE - 4)
    cuts = range(first, len(sealed), PAGE - 4)
    return {
        account: {begins[each[c : c + 16]] for c in cuts if each[c : c + 16] in begins}
        for account, each in drafts.items()
    }


def prepared(folder: Path, template: Path | None, server: PostgresServer | None) -> Config:
    """An installation for a crowd, on the engine for which something is given."""
    config = cheap(folder)
    if server is None:
        assert template is not None
        shutil.copy(template, folder / "panel.sqlite3")
        return config
    with server.admin.connect() as connection:
        connection.execute(text("CREATE DATABASE panel_crowd TEMPLATE panel_template"))
    return server.config(config, "panel_crowd")


@contextmanager
def copied(crowd: Crowd, folder: Path, server: PostgresServer | None) -> Iterator[Crowd]:
    """A copy of one's own, down to the last byte and system column."""
    if server is not None:
        crowd.leave()  # nobody may be connected to a template; on SQLite the last to leave would empty the -wal file
    shutil.copytree(crowd.config.instance, folder)
    config = replace(crowd.config, instance=folder)
    name = f"panel_crowd_{secrets.token_hex(4)}"
    if server is not None:
        with server.admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE panel_crowd"))
        config = server.config(config, name)
    copy = crowd.pass_on(config)
    yield copy
    copy.leave()
    if server is not None:
        with server.admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
