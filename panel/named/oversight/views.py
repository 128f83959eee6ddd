"""The auditor's pages: a board's log and the system's, read and checked; and the record of a board, to take away."""

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from panel.access.actor import Person
from panel.access.guards import requires, signed_in, stepped_up
from panel.access.roles import Role
from panel.audit.heads import Signer
from panel.board.queries import board as board_of
from panel.board.queries import boards
from panel.config import config
from panel.kernel.errors import Missing
from panel.kernel.ids import SYSTEM, BoardId
from panel.named.oversight import queries, service
from panel.named.oversight.forms import HeadForm
from panel.named.unsealing import later

views = Blueprint("oversight", __name__, url_prefix="/oversight")

_MAY_HAVE_RECORD = (Role.AUDITOR, Role.CHAIR, Role.DEPUTY, Role.HR)


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
    recorded = board_of(g.db, board).stage in service.RECORDED
    return render_template("named/oversight/log.html", log=queries.log(g.db, board), board=board, recorded=recorded)


@views.route("/<board:board>/check", methods=["GET", "POST"])
@requires(Role.AUDITOR)
def board_check(actor: Person, board: BoardId) -> tuple[str, int]:
    """Whether a board's log still agrees with itself, with its signed heads and with a head kept elsewhere."""
    return _checked(board)


@views.get("/<board:board>/record")
@requires(*_MAY_HAVE_RECORD)
def record(actor: Person, board: BoardId) -> str:
    """What the record holds, and how it is checked."""
    part = service.role_for_record(g.db, actor, board)
    held = board_of(g.db, board)
    names = part is Role.HR and held.stage in service.NAMED
    return render_template("named/oversight/record.html", board=held, part=part, names=names)


@views.post("/<board:board>/record")
@requires(*_MAY_HAVE_RECORD)
def take_record(actor: Person, board: BoardId) -> Response:
    """The record as a file. That it was taken is logged, so it is not a link."""
    return _record(actor, board, names=False)


@views.route("/<board:board>/record/names", methods=["GET", "POST"])
@requires(Role.HR)
@stepped_up
def take_named_record(actor: Person, board: BoardId) -> Response | BaseResponse:
    """The record with the opened names; who comes from the password page is led to the button."""
    if request.method == "GET":
        service.role_for_record(g.db, actor, board, names=True)
        return redirect(url_for(".record", board=board))
    return _record(actor, board, names=True)


@views.get("/system")
@requires(Role.AUDITOR)
def system_log(actor: Person) -> str:
    """The system's log."""
    return render_template("named/oversight/log.html", log=queries.log(g.db, SYSTEM), board=SYSTEM, recorded=False)


@views.route("/system/check", methods=["GET", "POST"])
@requires(Role.AUDITOR)
def system_check(actor: Person) -> tuple[str, int]:
    """Whether the system's log still agrees with itself, with its signed heads and with a head kept elsewhere."""
    return _checked(SYSTEM)


def _checked(which: BoardId) -> tuple[str, int]:
    form = HeadForm(request.form)
    compared = queries.compare(g.db, which, form.size, form.root) if form.submitted() else None
    verdict = queries.verdict(g.db, which, Signer.of(config().keys).public)
    values = {"verdict": verdict, "board": which, "form": form, "compared": compared, "names": _names(which)}
    return render_template("named/oversight/check.html", **values), 422 if form.errors else 200


def _names(which: BoardId) -> str:
    """Whether the opened names of a board can be read, and which numbers cannot; empty where none are open."""
    needs = () if which == SYSTEM else later.needs(g.db, config().keys, board_of(g.db, which))
    return needs[0].sentence if needs else ""


def _record(actor: Person, board: BoardId, *, names: bool) -> Response:
    part = service.role_for_record(g.db, actor, board, names=names)
    made = service.take_record(g.db, config().keys, board, actor.id, part, names=names)
    answer = Response(made.to_zip(), content_type="application/zip")
    kind = "record-with-names" if names else "record"
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind}-{board}.zip"'
    return answer
