"""The page after signing in."""

from collections.abc import Mapping

from flask import g, render_template

from panel.access.actor import Person
from panel.access.guards import signed_in
from panel.access.roles import Role
from panel.blind.allocation.queries import declared_on
from panel.blind.marking.owed import owed
from panel.blind.merit.leaders import stands_by
from panel.blind.training.completion_queries import required
from panel.board.queries import boards
from panel.kernel.clock import today
from panel.kernel.ids import SYSTEM, BoardId
from panel.named.accounts import queries
from panel.named.accounts.home import TO_MARKING, Turn, tasks_for_all, tasks_on, tasks_on_system
from panel.named.accounts.views.blueprint import views


@views.get("/")
@signed_in
def home(actor: Person) -> str:
    """What this person can do now: on each board by her parts, for herself, and on the system."""
    hers = boards(g.db, actor.boards())
    aside = declared_on(g.db, actor.id, actor.boards(Role.CHAIR, Role.DEPUTY)) | stands_by(g.db, actor.id, hers)
    marks = any(board.stage in TO_MARKING and actor.may(Role.MARKER, board.id) for board in hers)
    turns = _turns(actor)
    return render_template(
        "named/accounts/home.html",
        card=queries.card(g.db, actor.account),
        boards=[
            tasks_on(board, actor.roles_on(board.id), aside=board.id in aside, turn=turns.get(board.id))
            for board in hers
        ],
        training=required(g.db, (actor.id,))[actor.id] if marks else (),
        today=today(),
        own=tasks_for_all(),
        system=tasks_on_system(actor.roles_on(SYSTEM)),
    )


def _turns(actor: Person) -> Mapping[BoardId, Turn]:
    if not actor.boards(Role.MARKER):
        return {}
    found = owed(g.db, actor.id)
    return {**dict.fromkeys(found.signed, Turn.SAY), **dict.fromkeys(found.to_mark, Turn.MARK)}
