"""Where one is signed in: seen, and ended on both sides at once."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import SignInId
from tests.named.accounts.signing import EMAIL, PASSWORD, added_niamh, fill, sign_in

pytestmark = pytest.mark.parametrize("engine_kind", ["sqlite"])
NINE = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
PAGE = "/account/sign-ins"
#: One page of each side that asks for no more than a sign-in.
BOTH_SIDES = ("/account", "/panel/training")


@pytest.fixture
def two(new_client: Callable[[], FlaskClient], database: Database) -> tuple[FlaskClient, FlaskClient]:
    """Niamh at her desk since nine, and elsewhere for five minutes."""
    added_niamh(database)
    desk, elsewhere = new_client(), new_client()
    with clock.set_to(NINE):
        sign_in(desk)
    with clock.set_to(NINE + timedelta(minutes=4)):
        sign_in(elsewhere)
    return desk, elsewhere


def buttons(page: str) -> list[str]:
    return re.findall(r'name="which" value="([0-9a-f]{32})"', page)


def signed_in(client: FlaskClient) -> list[bool]:
    return [not (client.get(page).location or "").startswith("/sign-in") for page in BOTH_SIDES]


def test_each_sign_in_is_told_by_its_times_and_by_nothing_else(two: tuple[FlaskClient, FlaskClient]) -> None:
    with clock.set_to(NINE + timedelta(minutes=4)):
        page = two[0].get(PAGE).text
    assert "9:05am on 20 November 2026" in page
    assert "9:09am on 20 November 2026" in page
    assert page.count("This one") == 1
    assert len(buttons(page)) == 1
    assert "Werkzeug" not in page
    assert "127.0.0.1" not in page


def test_one_is_ended_and_it_is_over_on_both_sides(two: tuple[FlaskClient, FlaskClient]) -> None:
    desk, elsewhere = two
    with clock.set_to(NINE + timedelta(minutes=4)):
        assert signed_in(elsewhere) == [True, True]
        answer = fill(desk, PAGE, which=buttons(desk.get(PAGE).text)[0])
        assert (answer.status_code, answer.location) == (303, f"{PAGE}?done=sign-in-ended")
        assert signed_in(elsewhere) == [False, False]
        assert "You are signed in nowhere else" in desk.get(PAGE).text


@pytest.mark.vault("V24")
def test_a_sign_in_is_ended_though_it_has_a_new_token_since_the_page_was_open(
    two: tuple[FlaskClient, FlaskClient],
) -> None:
    desk, elsewhere = two
    with clock.set_to(NINE + timedelta(minutes=4)):
        which = buttons(desk.get(PAGE).text)[0]
        old = elsewhere.get_cookie("panel")
        fill(elsewhere, "/confirm-password", password=PASSWORD)
        assert elsewhere.get_cookie("panel") != old
        fill(desk, PAGE, which=which)
        assert signed_in(elsewhere) == [False, False]


def test_all_others_are_ended_at_once_and_this_one_goes_on(
    two: tuple[FlaskClient, FlaskClient], new_client: Callable[[], FlaskClient]
) -> None:
    desk, elsewhere = two
    with clock.set_to(NINE + timedelta(minutes=4)):
        third = new_client()
        sign_in(third)
        fill(desk, PAGE, which="others")
        assert [signed_in(each) for each in (desk, elsewhere, third)] == [[True] * 2, [False] * 2, [False] * 2]


def test_nobody_ends_anothers_nor_her_own_here(
    two: tuple[FlaskClient, FlaskClient], new_client: Callable[[], FlaskClient], database: Database
) -> None:
    from panel.named.accounts import service  # noqa: PLC0415 - a second person, for this test alone

    with database.writing("named") as db:
        service.add_active(
            db,
            name="Mal",
            email="mal@fictional.police.uk",
            staff_no="6",
            password="crane velvet lift",
            profile="rehearsal",
        )
    mal = new_client()
    with clock.set_to(NINE + timedelta(minutes=4)):
        sign_in(mal, "mal@fictional.police.uk", "crane velvet lift")
        hers = buttons(two[0].get(PAGE).text)[0]
        fill(mal, PAGE, which=hers)
        fill(mal, PAGE, which="others")
        assert [signed_in(each) for each in two] == [[True, True], [True, True]]
        for odd in ("", "x", str(SignInId.new())[:31]):
            assert fill(mal, PAGE, which=odd).status_code == 422


def test_the_page_asks_for_the_password_after_five_minutes(two: tuple[FlaskClient, FlaskClient]) -> None:
    with clock.set_to(NINE + timedelta(minutes=6)):
        assert two[0].get(PAGE).location == f"/confirm-password?next={PAGE}"
        assert sign_in(two[0], EMAIL).status_code == 303


def test_a_sign_in_that_has_run_out_is_not_listed(two: tuple[FlaskClient, FlaskClient]) -> None:
    with clock.set_to(NINE + timedelta(minutes=22)):
        fill(two[1], "/confirm-password", password=PASSWORD)
        assert buttons(two[1].get(PAGE).text) == []


@pytest.mark.vault("V24")
def test_nothing_is_kept_of_a_page_seen_before_signing_out(two: tuple[FlaskClient, FlaskClient]) -> None:
    with clock.set_to(NINE + timedelta(minutes=4)):
        assert two[0].get(PAGE).headers["Cache-Control"] == "no-store"
        answer = fill(two[0], "/", to="/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert two[0].get_cookie("panel") is None
