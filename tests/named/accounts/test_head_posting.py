"""Signed heads by mail: each leaves once to each who keeps them, and says nothing but what was signed."""

import re
import smtplib
import string
from email.message import EmailMessage

import pytest
from sqlalchemy.orm import Session

from panel.access import service as access
from panel.access.roles import Role
from panel.audit import queries as audit
from panel.audit.heads import Signer, sign_head
from panel.audit.service import append
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.encoding import words
from panel.kernel.ids import SYSTEM, AccountId, BoardId
from panel.named.accounts import posting, service
from panel.named.accounts.head_posting import post_heads
from panel.named.accounts.letters import _HEAD, Letter
from panel.named.accounts.mail import Transport

SENDER = "boards@fictional.police.uk"
SIGNER = Signer(b"\x07" * 32)
KEEPERS = (Role.CHAIR, Role.DEPUTY, Role.CUSTODIAN, Role.AUDITOR, Role.HR)
BODY = (
    "This is what a log of Blind promotion boards had come to. Keep this letter.\n\n"
    "Log: {log}\nDay: {day}\nHead: {size}:{root}\nIn words: {words}\n"
    f"Signed with the log key: {SIGNER.id.hex()}\nThat key in words: {' '.join(words(SIGNER.id))}\n\n"
    "A log that is changed later no longer leads to this head. Whoever checks its record can compare the two, and "
    "that it was signed with this key. If a later letter names another key, ask whoever runs the service why.\n\n"
    "This address does not receive mail.\n"
)


def staffed(db: Session, board: BoardId) -> dict[Role, AccountId]:
    """One person of every part, a marker and an administrator among them; nothing waits in the outbox."""
    people = {}
    for role in (*KEEPERS, Role.MARKER):
        account, _ = service.add(db, name=f"P {role}", email=f"{role}@fictional.police.uk", staff_no=role.value)
        access.grant(db, board, account, role)
        people[role] = account
    admin, _ = service.add(db, name="Admin", email="administrator@fictional.police.uk", staff_no="a")
    access.grant(db, SYSTEM, admin, Role.ADMINISTRATOR)
    return people | {Role.ADMINISTRATOR: admin}


def moved(db: Session, board: BoardId, kind: str, *, signed: bool = True) -> None:
    append(db, board, kind, None, Role.HR, {})
    if signed:
        sign_head(db, board, SIGNER)


def taken(database: Database) -> list[EmailMessage]:
    sent: list[EmailMessage] = []
    posting.send(database, Transport(sent.append, SENDER, "https://boards.fictional.police.uk"))
    return sent


@pytest.mark.leak("L01")
@pytest.mark.leak("L02")
@pytest.mark.leak("L03")
def test_every_head_leaves_however_often_the_board_moved_and_none_twice(database: Database) -> None:
    board = BoardId.new()
    with database.writing() as db:
        staffed(db, board)
        for kind in ("board.opened", "board.closed", "board.marking"):
            moved(db, board, kind)
        assert post_heads(db, SIGNER) == 3 * len(KEEPERS)
        assert post_heads(db, SIGNER) == 0
    with database.reading() as db:
        heads = audit.signed_heads(db, board)
    sent = taken(database)
    expected = {
        BODY.format(log=board, day=h.on, size=h.size, root=h.root.hex(), words=" ".join(words(h.root))) for h in heads
    }
    assert {each.get_content() for each in sent} == expected
    assert len(expected) == 3
    for role in KEEPERS:
        assert len([each for each in sent if each["To"] == f"{role}@fictional.police.uk"]) == 3
    assert {each["Subject"] for each in sent} == {"A signed head from Blind promotion boards"}
    assert all(each["Cc"] is None and str(each["From"]).endswith(f"<{SENDER}>") for each in sent)
    assert taken(database) == []


def test_a_log_that_grew_is_signed_by_the_daily_round_and_its_head_leaves(database: Database) -> None:
    board = BoardId.new()
    with database.writing() as db:
        staffed(db, board)
        moved(db, board, "board.opened")
        post_heads(db, SIGNER)
    taken(database)
    with database.writing() as db:
        moved(db, board, "extension.granted", signed=False)
        assert post_heads(db, SIGNER) == len(KEEPERS)
        assert [head.size for head in audit.signed_heads(db, board)] == [1, 2]
        assert post_heads(db, SIGNER) == 0
    assert all("Head: 2:" in each.get_content() for each in taken(database))


def test_heads_of_the_systems_log_go_to_administrators_and_its_auditors(database: Database) -> None:
    with database.writing() as db:
        people = staffed(db, BoardId.new())
        access.grant(db, SYSTEM, people[Role.AUDITOR], Role.AUDITOR)
        moved(db, SYSTEM, "framework.loaded", signed=False)
        assert post_heads(db, SIGNER) == 2
    assert sorted(each["To"] for each in taken(database)) == [
        "administrator@fictional.police.uk",
        "auditor@fictional.police.uk",
    ]


def test_a_head_that_an_address_refuses_waits_and_one_for_an_ended_account_is_dropped(database: Database) -> None:
    board = BoardId.new()
    with database.writing() as db:
        people = staffed(db, board)
        moved(db, board, "board.opened")
        post_heads(db, SIGNER)
        posting.post(db, [people[Role.CHAIR]], Letter.CHANGED)

    def choosy(mail: EmailMessage) -> None:
        if mail["To"] == "hr@fictional.police.uk":
            raise smtplib.SMTPRecipientsRefused({})

    assert posting.send(database, Transport(choosy, SENDER, "https://x")) == len(KEEPERS)  # four heads and one letter
    with database.writing() as db:
        service.end(db, _actor(db), people[Role.HR])
    assert taken(database) == []


def _actor(db: Session):  # type: ignore[no-untyped-def]
    return access.enrol_person(db, AccountId.new())


@pytest.mark.leak("L04")
def test_the_letter_is_given_what_was_signed_and_nothing_else() -> None:
    blanks = {name for part in (_HEAD.subject, _HEAD.body) for _, name, _, _ in string.Formatter().parse(part) if name}
    assert blanks == {"service", "log", "day", "head", "words", "key", "key_words"}
    assert re.fullmatch(r"[^@]*", _HEAD.body)
    assert clock.today().isoformat() not in _HEAD.body
