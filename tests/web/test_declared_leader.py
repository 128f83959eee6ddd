"""A chair whom a candidate declared has no page where answers are decided about, as if there were none."""

import pytest

from panel.blind.allocation.service import exclude
from panel.blind.submissions import queries as submissions
from panel.board.lifecycle import Stage
from tests.world import Visit


@pytest.mark.leak("L70")
@pytest.mark.parametrize(
    ("stage", "pages"),
    [
        (Stage.CLOSED, ("/panel/{}/texts", "/panel/{}/texts/settled")),
        (Stage.MARKING, ("/panel/{}/texts", "/panel/{}/moderation", "/boards/{}/moderation/start")),
        (Stage.MODERATION, ("/panel/{}/texts", "/panel/{}/moderation", "/boards/{}/lock")),
    ],
)
def test_a_declared_chair_is_a_stranger_and_the_deputy_is_not(
    visit: Visit, stage: Stage, pages: tuple[str, ...]
) -> None:
    board, people = visit.boards[stage].board, visit.company(stage)
    chair, deputy = visit.client(people.chair), visit.client(people.deputy)
    assert [chair.get(page.format(board)).status_code for page in pages] == [200] * len(pages)
    with visit.database.writing() as db:
        exclude(db, submissions.refs(db, board)[0], [people.chair.marker])
    assert [chair.get(page.format(board)).status_code for page in pages] == [404] * len(pages)
    assert [deputy.get(page.format(board)).status_code for page in pages] == [200] * len(pages)
