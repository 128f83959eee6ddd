"""A chair whom a candidate declared has no page where answers are decided about, as if there were none."""

import re

import pytest
from flask.testing import FlaskClient

from panel.blind.allocation.service import exclude
from panel.blind.submissions import queries as submissions
from panel.board.lifecycle import Stage
from panel.kernel.ids import BoardId
from tests.world import Visit

ASIDE = "Another leader of the panel decides on this board."
DECISIONS = {
    "/panel/{}/texts",
    "/boards/{}/moderation/start",
    "/panel/{}/moderation",
    "/panel/{}/consistency",
    "/boards/{}/lock",
    "/panel/{}/merit",
}


def offered(leader: FlaskClient, board: BoardId) -> set[str]:
    """The addresses that the home page offers on the board."""
    return {address.replace(str(board), "{}") for address in re.findall(r'href="([^"]+)"', leader.get("/").text)}


@pytest.mark.leak("L70")
@pytest.mark.parametrize(
    ("stage", "pages"),
    [
        (Stage.CLOSED, ("/panel/{}/texts", "/panel/{}/texts/settled")),
        (Stage.MARKING, ("/panel/{}/texts", "/panel/{}/moderation", "/boards/{}/moderation/start")),
        (Stage.LOCKED, ("/panel/{}/merit",)),
        (Stage.MODERATION, ("/panel/{}/texts", "/panel/{}/moderation", "/panel/{}/consistency", "/boards/{}/lock")),
    ],
)
def test_a_declared_chair_is_a_stranger_and_the_deputy_is_not(
    visit: Visit, stage: Stage, pages: tuple[str, ...]
) -> None:
    board, people = visit.boards[stage].board, visit.company(stage)
    chair, deputy = visit.client(people.chair), visit.client(people.deputy)
    assert [chair.get(page.format(board)).status_code for page in pages] == [200] * len(pages)
    assert offered(chair, board) & DECISIONS
    assert ASIDE not in chair.get("/").text
    with visit.database.writing() as db:
        exclude(db, submissions.refs(db, board)[0], [people.chair.marker])
    assert [chair.get(page.format(board)).status_code for page in pages] == [404] * len(pages)
    assert [deputy.get(page.format(board)).status_code for page in pages] == [200] * len(pages)
    assert not offered(chair, board) & DECISIONS
    assert ASIDE in chair.get("/").text
    assert offered(deputy, board) & DECISIONS
    assert ASIDE not in deputy.get("/").text


@pytest.mark.leak("L70")
def test_the_home_page_of_a_declared_chair_is_as_ever_while_candidates_apply(visit: Visit) -> None:
    board, people = visit.boards[Stage.OPEN].board, visit.company(Stage.OPEN)
    chair = visit.client(people.chair)
    before = chair.get("/").text
    with visit.database.writing() as db:
        exclude(db, submissions.refs(db, board)[0], [people.chair.marker])
    assert chair.get("/").text == before
