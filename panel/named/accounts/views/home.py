"""The page after signing in."""

from flask import g, render_template

from panel.access.actor import Person
from panel.access.guards import signed_in
from panel.access.roles import Role
from panel.blind.allocation.queries import declared_on
from panel.blind.merit.leaders import stands_by
from panel.blind.training.completion_queries import required
from panel.board.queries import boards
from panel.kernel.clock import today
from panel.kernel.ids import SYSTEM
from panel.named.accounts import queries
from panel.named.accounts.home import TO_MARKING, tasks_for_all, tasks_on, tasks_on_system
from panel.named.accounts.views.blueprint import views


@views.get("/")
@signed_in
def home(actor: Person) -> str:
    """What this person can do now: on each board by her parts, for herself, and on the system."""
    hers = boards(g.db, actor.boards())
    aside = declared_on(g.db, actor.id, actor.boards(Role.CHAIR, Role.DEPUTY)) | stands_by(g.db, actor.id, hers)
    marks = any(board.stage in TO_MARKING and actor.may(Role.MARKER, board.id) for board in hers)
    return render_template(
        "named/accounts/home.html",
        card=queries.card(g.db, actor.account),
        boards=[tasks_on(board, actor.roles_on(board.id), aside=board.id in aside) for board in hers],
        training=required(g.db, (actor.id,))[actor.id] if marks else (),
        today=today(),
        own=tasks_for_all(),
        system=tasks_on_system(actor.roles_on(SYSTEM)),
    )
