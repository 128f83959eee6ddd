"""Managing accounts: who may, what is refused, what is logged."""

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from panel.access.queries import markers_of, person_of, roles
from panel.access.roles import Role
from panel.access.service import grant
from panel.audit.queries import entries
from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.board.service import create
from panel.kernel.database import Database
from panel.kernel.ids import SYSTEM, AccountId
from panel.named.accounts import posting, service
from panel.named.accounts.letters import SERVICE
from panel.named.accounts.mail import Transport
from panel.named.accounts.models import Outgoing
from panel.named.accounts.queries import State, accounts, by_email, card, cards
from tests.named.accounts.signing import EMAIL, PASSWORD, added_niamh, fill, hidden_on, sign_in

ADMIN = "ade.admin@fictional.police.uk"
HR = "hana.hr@fictional.police.uk"


def added(database: Database, name: str, email: str, *held: Role) -> AccountId:
    with database.writing("named") as db:
        account = service.add_active(db, name=name, email=email, staff_no="7", password=PASSWORD, profile="rehearsal")
        for role in held:
            grant(db, SYSTEM, account, role)
    return account


@pytest.fixture
def admin(client: FlaskClient, database: Database) -> FlaskClient:
    added(database, "Ade Admin", ADMIN, Role.ADMINISTRATOR)
    sign_in(client, ADMIN)
    return client


@pytest.fixture
def hr(new_client: Callable[[], FlaskClient], database: Database) -> FlaskClient:
    added(database, "Hana Haar", HR, Role.HR)
    browser = new_client()
    sign_in(browser, HR)
    return browser


def page_of(database: Database, account: AccountId) -> str:
    with database.reading() as db:
        return f"/accounts/{person_of(db, account)}"


def test_hr_and_administrators_see_accounts_and_nobody_else_does(
    admin: FlaskClient, hr: FlaskClient, new_client: Callable[[], FlaskClient], database: Database
) -> None:
    page = page_of(database, added_niamh(database))
    plain = new_client()
    sign_in(plain)
    for path in ("/accounts", "/accounts/invite", page):
        assert [each.get(path).status_code for each in (admin, hr, plain, new_client())] == [200, 200, 404, 302]
    for path in (f"{page}/end", f"{page}/give/hr"):
        assert [each.get(path).status_code for each in (admin, hr, plain)] == [200, 404, 404]


def test_hr_invites_a_person_and_a_letter_waits(hr: FlaskClient, database: Database) -> None:
    answer = fill(hr, "/accounts/invite", name="Zoë  Ngata", email="zoe.ngata@fictional.police.uk", staff_no="N-9")
    assert answer.status_code == 303
    assert "Zoë Ngata" in hr.get("/accounts").text
    with database.reading() as db:
        found = by_email(db, "ZOE.Ngata@fictional.police.uk")
        assert found is not None
        assert (found.name, found.preferred_name, found.state) == ("Zoë Ngata", "Zoë Ngata", State.INVITED)
        assert db.scalars(select(Outgoing.letter).order_by(Outgoing.account)).all() == ["invitation"]


WRONG = (
    ({"name": ""}, "Enter the person’s full name"),
    ({"email": "no at sign"}, "Work email address must be an email address"),
    ({"email": HR.upper()}, "There is already an account with this email address"),
    ({"email": "zoë@fictional.police.uk"}, "Email address must be made of plain letters"),
    ({"staff_no": ""}, "Enter the person’s staff number"),
    ({"name": "x" * 101}, "must be 100 characters or fewer"),
)


def test_what_is_wrong_with_an_invitation_is_said(hr: FlaskClient) -> None:
    good = {"name": "Zoë Ngata", "email": "zoe.ngata@fictional.police.uk", "staff_no": "N-9"}
    for boxes, sentence in WRONG:
        answer = fill(hr, "/accounts/invite", **(good | boxes))
        assert (answer.status_code, sentence in answer.text) == (422, True), sentence


@pytest.mark.leak("L20")
def test_addresses_of_account_pages_hold_no_account_id(hr: FlaskClient, database: Database) -> None:
    niamh = added_niamh(database)
    with database.reading() as db:
        marker = markers_of(db)[niamh]
    page = hr.get("/accounts").text
    assert str(marker) in page
    assert str(niamh) not in page


def test_roles_are_given_and_taken_after_the_password_and_logged(admin: FlaskClient, database: Database) -> None:
    niamh = added_niamh(database)
    page = page_of(database, niamh)
    fill(admin, f"{page}/give/hr")
    fill(admin, f"{page}/give/hr")
    with database.reading() as db:
        assert (SYSTEM, Role.HR) in roles(db, person_of(db, niamh))
        logged = [(entry.kind, entry.facts["role"]) for entry in entries(db, SYSTEM)]
    assert logged == [("role.granted", "hr")]
    fill(admin, f"{page}/take/hr")
    with database.reading() as db:
        assert (SYSTEM, Role.HR) not in roles(db, person_of(db, niamh))
    assert admin.get(f"{page}/give/marker").status_code == 404


@pytest.mark.leak("L69")
@pytest.mark.parametrize(("part", "status"), [(Role.MARKER, 422), (Role.AUDITOR, 422), (Role.CUSTODIAN, 303)])
def test_a_role_on_the_system_is_refused_to_who_sits_on_the_panel_of_a_running_board(
    admin: FlaskClient, database: Database, part: Role, status: int
) -> None:
    niamh = added_niamh(database)
    with database.writing() as db:
        board = create(db, "Inspector 2027")
        grant(db, board, niamh, part)
    given = fill(admin, f"{page_of(database, niamh)}/give/hr")
    assert given.status_code == status
    assert ("and so cannot be HR too" in given.text) is (status == 422)
    with database.writing() as db:
        db.execute(update(BoardRow).values(stage=Stage.CANCELLED))
    assert fill(admin, f"{page_of(database, niamh)}/give/hr").status_code == 303


def test_auditor_of_the_system_reads_its_log_and_has_no_other_role(
    admin: FlaskClient, database: Database, new_client: Callable[[], FlaskClient]
) -> None:
    niamh = added_niamh(database)
    page = page_of(database, niamh)
    assert fill(admin, f"{page}/give/auditor").status_code == 303
    refused = fill(admin, f"{page}/give/hr")
    assert refused.status_code == 422
    assert "This person is the auditor of the whole system, and so cannot be HR too." in refused.text
    browser = new_client()
    sign_in(browser)
    assert "Log of the system" in browser.get("/").text
    assert browser.get("/oversight/system").status_code == 200


def test_an_administrator_cannot_end_herself_nor_the_last_of_her_kind_be_taken(
    admin: FlaskClient, database: Database
) -> None:
    with database.reading() as db:
        found = by_email(db, ADMIN)
        assert found is not None
        own = f"/accounts/{person_of(db, found.id)}"
    assert fill(admin, f"{own}/end", sure="y").status_code == 409
    assert fill(admin, f"{own}/take/administrator").status_code == 409
    assert admin.get("/accounts").status_code == 200


def test_an_ended_account_is_signed_out_and_cannot_come_back(
    admin: FlaskClient, new_client: Callable[[], FlaskClient], database: Database
) -> None:
    niamh = added_niamh(database)
    browser = new_client()
    sign_in(browser)
    page = page_of(database, niamh)
    assert fill(admin, f"{page}/end").status_code == 422
    assert fill(admin, f"{page}/end", sure="y").status_code == 303
    assert browser.get("/account").status_code == 302
    assert sign_in(browser).status_code == 422
    fill(browser, "/forgotten-password", email=EMAIL)
    with database.reading() as db:
        assert card(db, niamh).state is State.CLOSED
        assert db.scalars(select(Outgoing.account).order_by(Outgoing.account)).all() == []


def test_a_new_link_is_posted_for_someone_who_cannot_sign_in(hr: FlaskClient, database: Database) -> None:
    page = page_of(database, added_niamh(database))
    fill(hr, page, to=f"{page}/link")
    with database.reading() as db:
        assert db.scalars(select(Outgoing.letter).order_by(Outgoing.account)).all() == ["new-password"]


def test_the_command_line_makes_the_first_administrator(client: FlaskClient, database: Database) -> None:
    with database.writing("named") as db:
        token = service.invite_from_command_line(
            db, name="Ade Admin", email=ADMIN, staff_no="1", administrator=True, hr=True
        )
    fill(client, f"/invitation/{token}", password="marmalade on the roof")
    sign_in(client, ADMIN, "marmalade on the roof")
    assert client.get("/accounts").status_code == 200


def test_cards_come_in_one_query_and_accounts_by_name(database: Database) -> None:
    made = [added(database, name, f"{name[-1]}@fictional.police.uk") for name in ("Zed Y", "ÁDÁM X", "bea W")]
    with database.reading() as db:
        assert [each.name for each in accounts(db)] == ["ÁDÁM X", "bea W", "Zed Y"]
        assert set(cards(db, [*made[:2], AccountId.new()])) == set(made[:2])


def test_an_administrator_corrects_details_and_links_to_the_old_address_die(
    admin: FlaskClient, hr: FlaskClient, database: Database
) -> None:
    niamh = added_niamh(database)
    with database.writing("named") as db:
        link = service.posting.mint(db, niamh)
    page = f"{page_of(database, niamh)}/details"
    good = {
        "name": "Niamh Ní Dhonnchadha",
        "preferred_name": "",
        "email": "niamh.ni@fictional.police.uk",
        "staff_no": "40417",
    }
    assert hr.get(page).status_code == 404
    assert f'value="{EMAIL}"' in admin.get(page).text
    taken = fill(admin, page, **(good | {"email": HR}))
    assert (taken.status_code, "There is already an account" in taken.text) == (422, True)
    assert fill(admin, page, **good).status_code == 303
    assert admin.get(f"/invitation/{link}").status_code == 404
    with database.reading() as db:
        found = card(db, niamh)
    assert (found.name, found.preferred_name, found.email) == (good["name"], good["name"], good["email"])


@pytest.mark.leak("L81")
def test_of_two_who_correct_one_person_the_second_is_told_and_loses_nothing(
    admin: FlaskClient, database: Database
) -> None:
    page = f"{page_of(database, added_niamh(database))}/details"
    shown = hidden_on(admin, page)
    good = {"name": "Niamh O’Donoghue", "preferred_name": "", "email": EMAIL, "staff_no": "40418"}
    assert admin.post(page, data={**shown, **good}).status_code == 303
    told = admin.post(page, data={**shown, **good, "staff_no": "40419"})
    assert told.status_code == 409
    assert "Saved meanwhile: 40418" in told.text
    assert 'value="40419"' in told.text


@pytest.mark.leak("L72")
def test_moving_an_address_signs_its_owner_out_and_stands_in_the_log_under_who_moved_it(
    admin: FlaskClient, new_client: Callable[[], FlaskClient], database: Database
) -> None:
    niamh = added_niamh(database)
    browser = new_client()
    sign_in(browser)
    page = f"{page_of(database, niamh)}/details"
    same = {"name": "Niamh O’Donoghue", "preferred_name": "", "email": EMAIL, "staff_no": "40417"}
    fill(admin, page, **(same | {"staff_no": "40418"}))
    assert browser.get("/account").status_code == 200
    fill(admin, page, **(same | {"email": "someone.else@fictional.police.uk"}))
    fill(admin, page, **(same | {"email": "a.third@fictional.police.uk"}))
    assert browser.get("/account").status_code == 302
    sent: list[EmailMessage] = []
    posting.send(database, Transport(sent.append, "boards@fictional.police.uk", "https://boards.fictional.police.uk"))
    (warning,) = sent
    assert (warning["To"], warning["Subject"]) == (EMAIL, f"Your email address for {SERVICE} has changed")
    with database.reading() as db:
        moved = [each for each in entries(db, SYSTEM) if each.kind == "account.readdressed"]
        mover = by_email(db, ADMIN)
        assert mover is not None
        assert [(each.actor, each.facts) for each in moved] == [
            (person_of(db, mover.id), {"person": str(person_of(db, niamh))})
        ] * 2


def test_of_two_who_take_one_address_at_once_the_second_is_told(database: Database) -> None:
    added_niamh(database)
    with database.session("named", writes=True) as db, pytest.raises(service.AddressTaken):
        service.add(db, name="Another", email=EMAIL.upper(), staff_no="2")
