"""Two leaders put a locked score right in a browser, HR and the candidate read both, and anybody checks a receipt."""

import pytest

from panel.access import service as access
from panel.blind.merit import queries as merit
from panel.board.lifecycle import Stage
from panel.named.unsealing import queries as unsealing
from panel.playing.company import Member
from tests.browser import Visitor, chromium, served
from tests.world import Visit

pytestmark = pytest.mark.browser


def sign_in(visit: Visit, visitor: Visitor, member: Member) -> None:
    """Give the browser a session of that person, the password confirmed just now."""
    with visit.database.writing() as db:
        token = access.start_session(db, member.account, stepped_up=True)
    visitor.page.context.clear_cookies()
    visitor.page.context.add_cookies([{"name": "panel", "value": token, "url": visitor.base}])


@pytest.mark.vault("V16")
def test_a_score_is_put_right_and_every_page_shows_both(visit: Visit) -> None:
    stage = Stage.PUBLISHED
    board, people = visit.boards[stage].board, visit.company(stage)
    with visit.database.reading() as db:
        number = unsealing.revealed_to(db, visit.config.keys, board, people.candidates[0].account)
        assert number is not None
        place = next(each for each in merit.merit_list(db, board) if each.number == number.number)
    name = visit.boards[stage].policy.criteria[0].name
    with served(visit.app) as base, chromium() as browser:
        visitor = Visitor.arrive(browser, base)
        sign_in(visit, visitor, people.chair)
        visitor.go(f"/panel/{board}/merit")
        visitor.follow(str(place.number))
        visitor.follow(f"Change for {name}")
        visitor.follow("Read the answer and its marks")
        visitor.page.go_back()
        visitor.press("Propose this change")
        visitor.says(f"Select a new score for ‘{name}’", "Enter a reason for the change")
        visitor.page.get_by_role("radio").first.check()
        visitor.fill("Reason for the change", "The appeal was upheld: a second example had been overlooked.")
        visitor.press("Propose this change")
        visitor.says("The change is proposed.", "A change waits")
        visitor.follow(f"Read the proposal for {name}")
        visitor.says("You proposed this change.")
        sign_in(visit, visitor, people.deputy)
        visitor.go(f"/panel/{board}/merit")
        visitor.follow(f"number {place.number}, {name}")
        visitor.follow(f"Read the proposal for {name}")
        visitor.press("Go on to confirm it")
        visitor.press("Confirm the change")
        visitor.says("Confirm that you agree with the change")
        visitor.choose("I have read the reason and agree with the change")
        visitor.press("Confirm the change")
        visitor.says("The change is confirmed.", "as amended")
        visitor.go(f"/panel/{board}/merit")
        visitor.says("Rank as amended", "Changes after the lock")
        sign_in(visit, visitor, people.hr)
        visitor.go(f"/results/{board}/list")
        visitor.says("Total as amended", "The appeal was upheld")
        visitor.go(f"/monitoring/{board}")
        sign_in(visit, visitor, people.candidates[0])
        visitor.go(f"/results/{board}")
        visitor.says("Changed from", "Your weighted total as locked was")
        visitor.go(f"/applications/{board}")
        visitor.says("Download the signed heads of this board’s log")


@pytest.mark.vault("V12")
def test_the_help_page_leads_to_the_check_of_a_receipt(visit: Visit) -> None:
    with served(visit.app) as base, chromium() as browser:
        visitor = Visitor.arrive(browser, base)
        visitor.go("/help/sealed")
        visitor.says("Who holds the keys", "Who could try, and what then remains")
        visitor.follow("check a receipt")
        visitor.press("Check the receipt")
        visitor.says("Paste the text of a receipt")
        visitor.fill("The text of the receipt", "nonsense")
        visitor.press("Check the receipt")
        visitor.says("Paste the whole text of a receipt")
