"""Where something could leak besides pages: rows, mails, logs, files and errors."""

import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from fnmatch import fnmatch
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from flask import Flask
from sqlalchemy import Table, select

from panel.audit.heads import Signer
from panel.blindcheck.canaries import Family, Kind
from panel.blindcheck.findings import Findings
from panel.blindcheck.planting import Planted
from panel.blindcheck.routes import doors
from panel.blindcheck.scanner import Scanner
from panel.board.lifecycle import Stage
from panel.config import ROOT
from panel.kernel.tables import BASES
from panel.named.accounts import head_posting, posting
from panel.named.accounts.mail import Transport
from panel.named.intake.queries import states
from panel.web.logs import AllowListed

#: What the tables of each room may hold before the names are open. Both sides of one person, in one row: never.
_ROOMS: Final = {
    "named": (Family.WHO,),
    "sealed": (Family.CODE,),
    "blind": (Family.WHAT, Family.CODE),
}
#: In the open room the account id stands, beside the id by which the blind side knows a person, hidden from that side.
_IN_OPEN: Final = {"person": (Family.WHO,)}
#: All that a service writes into the folder of an installation. The database is looked through row by row.
_FILES: Final = ("panel.sqlite3*", "keys/*", "security/*.jsonl", "mail/*.eml")
_ADDRESS: Final = frozenset({Kind.EMAIL, Kind.USER_NAME})


def look_through_rows(season: Planted, stage: Stage, scanner: Scanner, findings: Findings) -> None:
    """Every row of every table, until the names are open."""
    if stage.reached(Stage.UNSEALED):
        return
    with season.database.reading() as db:
        for table in (table for base in BASES for table in base.metadata.sorted_tables):
            for row in db.execute(select(table)):
                _row(table, row, stage, scanner, findings)


def _row(table: Table, row: Any, stage: Stage, scanner: Scanner, findings: Findings) -> None:
    room = str(table.schema)
    allowed = _ROOMS.get(room, _IN_OPEN.get(table.name, ()))
    data = b"\n".join(_bytes(value) for value in row)
    hits = scanner.find(data)
    if table.name == "log_entry" and stage.reached(Stage.MODERATION):  # it says for which number a score was agreed
        hits = [hit for hit in hits if hit.canary.kind is not Kind.NUMBER]
    findings.kept(f"{stage}, table {room}.{table.name}", f"table {room}", hits, *allowed)


def _bytes(value: Any) -> bytes:
    """As hex, and as text if it is one: two letters in random bytes are nobody's initials."""
    if not isinstance(value, bytes):
        return str(value).encode()
    return value.hex().encode() + (b"\n" + value if _is_text(value) else b"")


def _is_text(value: bytes) -> bool:
    try:
        return "".join(value.decode().split()).isprintable()
    except UnicodeDecodeError:
        return False


def look_through_mail(season: Planted, stage: Stage, scanner: Scanner, findings: Findings) -> None:
    """Send what waits, as the daily round does: nobody's message holds more than her own address."""
    sent: list[EmailMessage] = []
    with season.database.writing() as db:
        posting.tell_changes(db, states(db))
        head_posting.post_heads(db, Signer.of(season.config.keys))
    posting.send(season.database, Transport(sent.append, season.config.mail_from, season.config.base_url))
    for mail in sent:
        hers = {n for n, member in enumerate(season.people.candidates) if member.email == mail["To"]}
        for hit in scanner.find(mail.as_bytes()):
            if hit.canary.kind in _ADDRESS and hit.canary.person in hers and hit.where in {"", "header To"}:
                findings.met.add(("mail", hit.canary.family))
            else:
                findings.note(f"{stage}, mail '{mail['Subject']}'", str(hit))


def look_through_files(instance: Path, stage: Stage, scanner: Scanner, findings: Findings) -> None:
    """Every file of the installation is one that it may write, and holds no more than an account's id."""
    for path in sorted(each for each in instance.rglob("*") if each.is_file()):
        name = str(path.relative_to(instance))
        if not any(fnmatch(name, pattern) for pattern in _FILES):
            findings.note(f"{stage}, file {name}", "no service writes such a file")
        if not name.startswith("panel.sqlite3"):
            allowed = (Family.WHO,) if name.startswith("security/") else ()
            findings.kept(f"{stage}, file {name}", "files", scanner.find(path.read_bytes()), *allowed)


def static_digest() -> str:
    """What is served as it lies: a digest of all of it, which no board may change."""
    folder = ROOT / "panel" / "static"
    files = {str(path.relative_to(folder)): path.read_bytes().hex() for path in sorted(folder.rglob("*.*"))}
    return hashlib.sha256(json.dumps(files).encode()).hexdigest()


class _Kept(logging.Handler):
    """Keeps every line as our log would write it, and of other libraries all that they say."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def listening(stage: Stage, scanner: Scanner, findings: Findings) -> Iterator[None]:
    """What is logged meanwhile names nobody and nothing."""
    ours, others = _Kept(AllowListed()), _Kept(logging.Formatter())
    log, root = logging.getLogger("panel"), logging.getLogger()
    before = log.handlers
    log.handlers = [ours]  # what it says is looked through, not shown
    root.addHandler(others)
    try:
        yield
    finally:
        log.handlers = before
        root.removeHandler(others)
    for line in (*ours.lines, *others.lines):
        findings.kept(f"{stage}, log", "log", scanner.find(line.encode()))


def fail_everywhere(app: Flask, season: Planted, stage: Stage, scanner: Scanner, findings: Findings) -> None:
    """Every view in turn fails with a name and an answer in its message and locals: nobody is told either."""
    secret = f"{season.particulars[0].name} {season.words[0][0] if season.words else ''}"

    def failing(**_parameters: Any) -> str:
        said = secret
        raise LookupError(said)

    views = dict(app.view_functions)
    client = app.test_client()
    try:
        app.view_functions = {name: failing if name != "static" else view for name, view in views.items()}
        with listening(stage, scanner, findings):
            answers = [(door.path, client.get(door.path)) for door in doors(app, season, "GET")]
    finally:
        app.view_functions = views
    # a guard before the view may still lead to sign in, and is no failure
    failed = [(path, answer) for path, answer in answers if answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR]
    for path, answer in failed:
        findings.kept(f"{stage}, error page of {path}", "errors", scanner.find(answer.data))
    if len(failed) < len(answers) // 2:
        findings.note(f"{stage}, error pages", "planted failures did not reach them")
