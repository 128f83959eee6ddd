"""What the application's log says of a failure: kinds and places, never what was bound or typed."""

import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from panel.named.accounts import service as accounts
from panel.named.accounts.models import Account
from panel.web.logs import AllowListed, log_failure

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
