"""The auditor's pages: a board's log and the system's, read and checked. Nothing can be changed here."""

from flask import Blueprint, g, render_template

from panel.access.actor import Person
from panel.access.guards import requires, signed_in
from panel.access.roles import Role
from panel.audit.heads import Signer
from panel.board.queries import boards
from panel.config import config
from panel.kernel.errors import Missing
from panel.kernel.ids import SYSTEM, BoardId
from panel.named.oversight import queries

views = Blueprint("oversight", __name__, url_prefix="/oversight")


@views.get("")
@signed_in
def home(actor: Person) -> str:
    """The logs this auditor may read."""
    own, system = actor.boards(Role.AUDITOR), actor.may(Role.AUDITOR)
    if not own and not system:
        raise Missing
    return render_template("named/oversight/home.html", boards=boards(g.db, own), system=system)


@views.get("/<board:board>")
@requires(Role.AUDITOR)
def board_log(actor: Person, board: BoardId) -> str:
    """A board's log."""
    return render_template("named/oversight/log.html", log=queries.log(g.db, board), board=board)


@views.get("/<board:board>/check")
@requires(Role.AUDITOR)
def board_check(actor: Person, board: BoardId) -> str:
    """Whether a board's log still agrees with itself and with its signed heads."""
    return _checked(board)


@views.get("/system")
@requires(Role.AUDITOR)
def system_log(actor: Person) -> str:
    """The system's log."""
    return render_template("named/oversight/log.html", log=queries.log(g.db, SYSTEM), board=SYSTEM)


@views.get("/system/check")
@requires(Role.AUDITOR)
def system_check(actor: Person) -> str:
    """Whether the system's log still agrees with itself and with its signed heads."""
    return _checked(SYSTEM)


def _checked(which: BoardId) -> str:
    verdict = queries.verdict(g.db, which, Signer.of(config().keys).public)
    return render_template("named/oversight/check.html", verdict=verdict, board=which)
