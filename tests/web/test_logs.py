"""What the application's log says of a failure: kinds and places, never what was bound or typed."""

import json
import logging
import sys
from collections.abc import Iterator
from io import StringIO

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from panel.named.accounts import service as accounts
from panel.named.accounts.models import Account
from panel.web.logs import LIBRARIES, AllowListed, Event, init_logs, log_failure, note

NAME, EMAIL = "Wexólda O'Brimvax", "wexolda@brimvax.example"


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(AllowListed())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def logged(error: BaseException) -> str:
    log, kept = logging.getLogger("panel"), Kept()
    before, log.handlers = log.handlers, [kept]
    try:
        log_failure(error, "accounts.invite")
    finally:
        log.handlers = before
    return "\n".join(kept.lines)


@pytest.mark.leak("L65")
@pytest.mark.leak("L64")
@pytest.mark.parametrize(
    "change",
    ["UPDATE {t} SET email_key = :email WHERE name = 'Other'", "UPDATE {t} SET state = :name WHERE name = :name"],
)
def test_a_broken_constraint_is_logged_by_its_name_alone(db: Session, change: str) -> None:
    for name, email in ((NAME, EMAIL), ("Other", "other@brimvax.example")):
        accounts.add(db, name=name, email=email, staff_no="ZQ-88213705")
    table = "account" if db.get_bind().dialect.name == "sqlite" else f"named.{Account.__tablename__}"
    with pytest.raises(DatabaseError) as failure:
        db.execute(text(change.format(t=table)), {"email": EMAIL, "name": NAME})
    line = logged(failure.value)
    assert '"event": "failure"' in line
    assert not [each for each in (*NAME.split(), EMAIL, "brimvax", "88213705") if each.casefold() in line.casefold()]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """Everything that any logger writes to standard error, as a service manager collects it."""
    told = StringIO()
    loggers = [logging.getLogger(name) for name in (None, "panel", *LIBRARIES)]
    before = [(log, log.handlers, log.propagate, log.disabled, log.level) for log in loggers]
    raising = logging.raiseExceptions
    monkeypatch.setattr(sys, "stderr", told)
    init_logs()
    yield told
    logging.raiseExceptions = raising
    for log, *kept in before:
        log.handlers, log.propagate, log.disabled, log.level = kept


@pytest.mark.leak("L63")
@pytest.mark.leak("L64")
def test_no_name_reaches_any_line_from_an_exception_a_header_a_field_or_a_library(
    app: Flask, written: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(**_parameters: object) -> str:
        kept_in_a_local = NAME
        raise LookupError(f"{kept_in_a_local} <{EMAIL}>\r\nforged line")

    monkeypatch.setitem(app.view_functions, "accounts.forgotten", breaks)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = app.test_client()
    said = {"X-Forwarded-User": NAME.encode("latin-1"), "User-Agent": EMAIL}
    assert client.get(f"/forgotten-password?who={EMAIL}", headers=said).status_code == 500
    assert client.post("/sign-in", data={"email": EMAIL, "password": NAME}, headers=said).status_code == 400
    assert client.get(f"/{EMAIL}", headers=said).status_code == 404
    app.config["TRUSTED_HOSTS"] = ["boards.force.example"]
    assert client.get("/sign-in", headers={"Host": f"{EMAIL.split('@')[1]}"}).status_code == 400
    app.config["TRUSTED_HOSTS"] = None
    for name in (*LIBRARIES, "waitress.queue", "somebody.else"):
        logging.getLogger(name).error("GET /applications/%s from %s", EMAIL, NAME, exc_info=RuntimeError(NAME))
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    events = [line["event"] for line in lines if "event" in line]
    assert events == ["failure", "forgery_refused", "host_refused"]
    libraries = {line["library"]: line["error"] for line in lines if "library" in line}
    assert libraries == dict.fromkeys(
        ("alembic", "gunicorn", "sqlalchemy", "waitress", "werkzeug", "somebody"), "RuntimeError"
    )
    assert not [each for each in (*NAME.split(), "brimvax", "applications") if each.casefold() in written.getvalue()]


def test_a_line_with_a_field_of_another_kind_is_not_written(written: StringIO) -> None:
    for fields in ({"who": "somebody"}, {"count": EMAIL}, {"side": NAME}):
        with pytest.raises(ValueError, match="not allowed in the log"):
            note(Event.MAIL_SENT, **fields)
    logging.getLogger("panel").info(NAME, extra={"event": "x\n{", "side": NAME, "email": EMAIL})
    assert written.getvalue() == '{"event": "x\\n{", "level": "INFO"}\n'
