"""Links by which passwords are set: once, seven days, and never a hint of who has an account."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import InvitationId
from panel.named.accounts import link_asking, queries, service
from panel.named.accounts.models import Invitation, LinkAsked, Outgoing
from panel.named.accounts.queries import State
from tests.named.accounts.signing import EMAIL, PASSWORD, added_niamh, fill, sign_in

GOOD = "marmalade on the roof"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def link(database: Database) -> str:
    with database.writing("named") as db:
        _, token = service.add(db, name="Tomasz Zielony", email="tomasz@fictional.police.uk", staff_no="51")
    return f"/invitation/{token}"


def test_an_invited_person_sets_a_password_and_signs_in(client: FlaskClient, link: str) -> None:
    assert "tomasz@fictional.police.uk" in client.get(link).text
    answer = fill(client, link, password=GOOD)
    assert answer.location == "/sign-in?done=password-set"
    assert "Your password is set" in client.get(answer.location).text
    assert sign_in(client, "tomasz@fictional.police.uk", GOOD).status_code == 303


def test_a_link_works_once(client: FlaskClient, link: str) -> None:
    fill(client, link, password=GOOD)
    assert client.get(link).status_code == 404


def test_a_link_lives_seven_days(client: FlaskClient, link: str) -> None:
    with clock.set_to(clock.now() + timedelta(days=7)):
        assert client.get(link).status_code == 200
    with clock.set_to(clock.now() + timedelta(days=8)):
        assert client.get(link).status_code == 404


def test_unknown_and_misspelt_links_are_the_same_404(client: FlaskClient) -> None:
    unknown, misspelt = client.get(f"/invitation/{InvitationId.new()}"), client.get("/invitation/zz")
    assert (unknown.status_code, unknown.text) == (misspelt.status_code, misspelt.text)
    assert unknown.status_code == 404


WEAK = {
    "": "Enter a password of 15 characters or more",
    "too short": "Password must be 15 characters or more",
    "CorrectHorseBatteryStaple": "Choose a password that fewer people use",
    "TomaszZielony1234": "not made of repeats, keyboard rows, dates, your name",
}


def test_weak_passwords_are_refused_and_the_link_still_works(client: FlaskClient, link: str) -> None:
    for password, sentence in WEAK.items():
        answer = fill(client, link, password=password)
        assert (answer.status_code, sentence in answer.text) == (422, True), sentence
    assert fill(client, link, password=GOOD).status_code == 303


def test_only_the_hash_of_a_link_is_kept(database: Database, link: str) -> None:
    token = InvitationId.parse(link.rpartition("/")[2])
    with database.reading() as db:
        kept = db.scalars(select(Invitation.token_hash).order_by(Invitation.token_hash)).all()
    assert len(kept) == 1
    assert bytes(token) not in kept[0]


@pytest.mark.leak("L37")
def test_asking_for_a_link_says_the_same_to_everyone_and_posts_one_letter(
    new_client: Callable[[], FlaskClient], database: Database
) -> None:
    added_niamh(database)
    known = fill(new_client(), "/forgotten-password", email=EMAIL)
    again = fill(new_client(), "/forgotten-password", email=EMAIL.upper())
    unknown = fill(new_client(), "/forgotten-password", email="nobody@fictional.police.uk")
    assert known.status_code == unknown.status_code == again.status_code == 200
    blank = lambda page: page.split('name="csrf_token"')[0]  # noqa: E731
    assert blank(known.text) == blank(unknown.text) == blank(again.text)
    with database.writing("named") as db:
        assert db.scalars(select(Outgoing.letter).order_by(Outgoing.account)).all() == []
        link_asking.answer(db)
        waiting = db.scalars(select(Outgoing.letter).order_by(Outgoing.account)).all()
        assert db.scalars(select(LinkAsked.address).order_by(LinkAsked.address)).all() == []
    assert waiting == ["new-password"]


def test_a_changed_password_ends_other_sessions_and_is_told(
    client: FlaskClient, new_client: Callable[[], FlaskClient], database: Database
) -> None:
    niamh = added_niamh(database)
    other = new_client()
    sign_in(client), sign_in(other)
    wrong = fill(client, "/account/password", current_password="wrong wrong wrong", password=GOOD)
    assert (wrong.status_code, "Current password is not right" in wrong.text) == (422, True)
    weak = fill(client, "/account/password", current_password=PASSWORD, password="short")
    assert (weak.status_code, "15 characters or more" in weak.text) == (422, True)
    assert fill(client, "/account/password", current_password=PASSWORD, password=GOOD).status_code == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
    with database.reading() as db:
        waiting = db.execute(select(Outgoing.account, Outgoing.letter).order_by(Outgoing.account)).all()
    assert [tuple(row) for row in waiting] == [(niamh, "password-changed")]


def test_setting_a_password_by_link_ends_sessions_and_other_links(client: FlaskClient, database: Database) -> None:
    niamh = added_niamh(database)
    sign_in(client)
    with database.writing("named") as db:
        first, second = service.posting.mint(db, niamh), service.posting.mint(db, niamh)
    fill(client, f"/invitation/{first}", password=GOOD)
    assert client.get(f"/invitation/{second}").status_code == 404
    assert client.get("/account").status_code == 302
    with database.reading() as db:
        assert queries.card(db, niamh).state is State.ACTIVE
