"""Letters: fixed sentences, one recipient, no identifier, no order."""

import re
import smtplib
import string
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.config import Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import AccountId, BoardId
from panel.named.accounts import posting, service
from panel.named.accounts.letters import _TEXTS, SERVICE, Letter, written
from panel.named.accounts.mail import BadMailAddress, Transport, message, transport
from panel.named.accounts.models import Invitation, Outgoing

SENDER = "boards@fictional.police.uk"


def made(db: Session, count: int) -> list[AccountId]:
    return [
        service.add(db, name=f"Person {n:03}", email=f"person.{n:03}@fictional.police.uk", staff_no=str(n))[0]
        for n in range(count)
    ]


def taken(database: Database) -> list[EmailMessage]:
    """Everything that is due, as the mail server would get it."""
    sent: list[EmailMessage] = []
    posting.send(database, Transport(sent.append, SENDER, "https://boards.fictional.police.uk"))
    return sent


@pytest.mark.leak("L04")
@pytest.mark.parametrize("letter", Letter)
def test_a_letter_is_given_the_service_and_a_link_and_has_no_other_blank(letter: Letter) -> None:
    text = _TEXTS[letter]
    blanks = {name for part in (text.subject, text.body) for _, name, _, _ in string.Formatter().parse(part) if name}
    assert blanks <= {"service", "link"}
    assert SERVICE in written(letter, "https://x/").subject


@pytest.mark.leak("L01")
@pytest.mark.leak("L02")
@pytest.mark.leak("L03")
def test_a_message_has_one_recipient_the_services_address_and_a_committed_sentence(database: Database) -> None:
    with database.writing("named") as db:
        people = made(db, 2)
        posting.post(db, people, Letter.CHANGED)
    sent = taken(database)
    assert sorted(str(each["To"]) for each in sent) == [
        "person.000@fictional.police.uk",
        "person.001@fictional.police.uk",
    ]
    for each in sent:
        assert (each["Cc"], each["Bcc"], each["Reply-To"], each["Sender"]) == (None, None, None, None)
        assert str(each["From"]) == f"{SERVICE} <{SENDER}>"
        assert not [name for name in each if name.lower().startswith("x-")]
        text = written(Letter.CHANGED, "https://boards.fictional.police.uk/sign-in")
        assert (each["Subject"], each.get_content()) == (text.subject, text.body)
        others = {"person.000", "person.001"} - {str(each["To"]).partition("@")[0]}
        assert not any(other in each.as_string() for other in others)


@pytest.mark.leak("L09")
def test_messages_leave_in_no_order_with_one_length_and_random_ids(database: Database) -> None:
    with database.writing("named") as db:
        people = made(db, 60)
        posting.post(db, people, Letter.CHANGED)
    sent = taken(database)
    order = [int(str(each["To"])[7:10]) for each in sent]
    assert sorted(order) == list(range(60))
    mean = 59 / 2
    rho = sum((place - mean) * (who - mean) for place, who in enumerate(order)) / sum(
        (n - mean) ** 2 for n in range(60)
    )
    assert abs(rho) < 0.55  # chance passes this bound once in 100,000 runs
    assert len({len(each.get_content()) for each in sent}) == 1
    ids = {str(each["Message-ID"]) for each in sent}
    assert len(ids) == 60
    assert all(re.fullmatch(r"<[0-9a-f]{32}@fictional\.police\.uk>", each) for each in ids)


def test_a_link_is_made_as_its_letter_leaves_and_works(database: Database) -> None:
    with database.writing("named") as db:
        account = service.invite(db, name="Ada B", email="ada@fictional.police.uk", staff_no="1")
        assert db.scalars(select(Invitation.account).order_by(Invitation.token_hash)).all() == []
    (sent,) = taken(database)
    link = re.search(r"https://boards\.fictional\.police\.uk/invitation/([0-9a-f]{32})\n", sent.get_content())
    assert link
    with database.reading() as db:
        assert db.scalars(select(Invitation.account).order_by(Invitation.token_hash)).all() == [account]
        assert db.scalars(select(Outgoing.account).order_by(Outgoing.account)).all() == []


def test_what_is_due_later_waits_and_what_the_server_refuses_stays(database: Database) -> None:
    with database.writing("named") as db:
        people = made(db, 3)
        posting.post(db, people[:1], Letter.CHANGED, due_on=clock.today() + timedelta(days=1))
        posting.post(db, people, Letter.NEW_PASSWORD)

    def refuse(_mail: EmailMessage) -> None:
        raise ConnectionRefusedError

    with pytest.raises(posting.MailStuck):
        posting.send(database, Transport(refuse, SENDER, "https://x"))
    assert len(taken(database)) == 3
    with clock.set_to(clock.now() + timedelta(days=1)):
        assert len(taken(database)) == 1


def test_nobody_gets_the_same_letter_twice_in_one_batch(database: Database) -> None:
    with database.writing("named") as db:
        people = made(db, 2)
        posting.post(db, people, Letter.CHANGED)
        posting.post(db, people, Letter.CHANGED)
    assert len(taken(database)) == 2


def test_one_address_that_is_refused_holds_up_nobody_else_and_a_dead_one_is_warned_once(database: Database) -> None:
    with database.writing("named") as db:
        people = made(db, 6)
        posting.post(db, people, Letter.CHANGED)
        posting.tell_old_address(db, people[1], "gone@fictional.police.uk")
    sent: list[str] = []

    def choosy(mail: EmailMessage) -> None:
        if mail["To"] in {"person.000@fictional.police.uk", "gone@fictional.police.uk"}:
            raise smtplib.SMTPRecipientsRefused({})
        sent.append(mail["To"])

    assert posting.send(database, Transport(choosy, SENDER, "https://x")) == 5
    assert sorted(sent) == [f"person.00{n}@fictional.police.uk" for n in range(1, 6)]
    with database.reading() as db:
        waiting = db.execute(select(Outgoing.account, Outgoing.letter).order_by(Outgoing.account)).all()
    assert [tuple(row) for row in waiting] == [(people[0], Letter.CHANGED)]


@pytest.mark.leak("L06")
def test_the_nightly_look_tells_each_change_once_and_never_which(database: Database) -> None:
    board, other = BoardId.new(), BoardId.new()
    with database.writing("named") as db:
        ada, ben, cy = made(db, 3)
        assert (
            posting.tell_changes(db, {(ada, board): "applied", (ben, board): "applied", (ada, other): "applied"}) == 2
        )
        assert posting.tell_changes(db, {(ada, board): "applied", (ben, board): "withdrawn"}) == 1
        assert (
            posting.tell_changes(db, {(ada, board): "applied", (ben, board): "withdrawn", (cy, board): "applied"}) == 1
        )
    bodies = {each.get_content() for each in taken(database)}
    assert len(bodies) == 1


def test_without_a_mail_server_messages_become_files_for_the_owner_only(config: Config) -> None:
    carried = transport(config)
    carried.deliver(message("ada@fictional.police.uk", written(Letter.CHANGED, "https://x/"), carried.sender))
    (path,) = (config.instance / "mail").iterdir()
    assert path.stat().st_mode & 0o077 == 0
    parsed = message_from_bytes(Path(path).read_bytes(), policy=policy.default)
    assert parsed["To"] == "ada@fictional.police.uk"


def test_an_unreadable_mail_address_is_told(config: Config) -> None:
    with pytest.raises(BadMailAddress):
        transport(Config(instance=config.instance, smtp_url="mail.fictional.police.uk"))


@pytest.mark.leak("L37")
def test_a_link_asked_for_twice_at_once_waits_once_and_nobody_meets_an_error(database: Database) -> None:
    with database.writing("named") as db:
        account = made(db, 1)[0]

    def ask() -> None:
        with database.writing("named") as db:
            posting.post(db, [account], Letter.NEW_PASSWORD)

    with ThreadPoolExecutor(1) as other, database.writing("named") as db:
        posting.post(db, [account], Letter.NEW_PASSWORD)
        second = other.submit(ask)
        wait([second], timeout=0.5)  # it stands at our row, or at the whole database
        db.commit()
        second.result(timeout=30)
    with database.reading() as db:
        assert db.scalars(select(Outgoing.account).order_by(Outgoing.account)).all() == [account]
