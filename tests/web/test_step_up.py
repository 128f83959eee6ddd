"""What cannot be undone asks for password and second step again, whatever the board's stage."""

import pytest

from panel.access import service as access
from panel.board.lifecycle import Stage
from tests.named.accounts.signing import token_on
from tests.world import Visit

ACTS = {
    "HR": (
        "/boards/{}/open",
        "/boards/{}/close",
        "/boards/{}/cancel",
        "/boards/{}/marking/start",
        "/results/{}/publish",
        "/results/{}/archive",
        "/results/{}/export/csv",
    ),
    "chair": ("/boards/{}/moderation/start", "/boards/{}/lock", "/boards/{}/ceremony/release"),
    "deputy": ("/boards/{}/moderation/start", "/boards/{}/lock", "/boards/{}/ceremony/release"),
    "custodian": (
        "/boards/{}/ceremony/open",
        "/boards/{}/ceremony/again",
        "/boards/{}/ceremony/release",
        "/boards/{}/early/sitting",
        "/boards/{}/custody/hand-over",
        "/keyholder/enrol",
    ),
}


@pytest.mark.vault("V24")
def test_no_act_that_matters_opens_on_a_session_alone(visit: Visit) -> None:
    stage = Stage.MARKING
    for part, acts in ACTS.items():
        member, client = visit.cast(stage)[part], visit.app.test_client()
        assert member
        with visit.database.writing() as db:
            client.set_cookie("panel", access.start_session(db, member.account))
        form = {"csrf_token": token_on(client, "/account/password")}
        for act in acts:
            path = act.format(visit.boards[stage].board)
            for answer in (client.get(path), client.post(path, data=form)):
                assert answer.location == f"/confirm-password?next={path}", (part, path)
