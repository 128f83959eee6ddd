"""Texts that may say who wrote them, for chair and deputy: by codes that tell nothing, before any number is shown."""

from dataclasses import dataclass

from flask import Blueprint, g, render_template, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Actor
from panel.access.guards import requires
from panel.access.roles import Role
from panel.blind.submissions import text_queries, texts
from panel.blind.submissions.forms import LeaveForm, RemoveForm
from panel.blind.submissions.passages import Passage, passages, sentences
from panel.blind.submissions.redaction import NotInText, hits
from panel.blind.submissions.text_queries import FLAGGED, TextCheck
from panel.blind.submissions.texts import AlreadySettled
from panel.board.lifecycle import WrongStage
from panel.board.queries import Board
from panel.board.queries import board as read_board
from panel.kernel.ids import BoardId, TextCode
from panel.web.notices import done

views = Blueprint("submissions", __name__, url_prefix="/panel/<board:board>/texts")

Page = tuple[str, int]

OK, INVALID = 200, 422
#: Texts on one page: enough for a sitting, few enough to read.
_AT_ONCE = 20


@dataclass(frozen=True)
class Listed:
    """One text on the list, and the sentences in which something was found."""

    check: TextCheck
    name: str
    flagged: bool
    sentences: tuple[tuple[Passage, ...], ...]


@views.route("", methods=["GET", "POST"])
@requires(Role.CHAIR, Role.DEPUTY)
def home(actor: Actor, board: BoardId) -> Page | Response:
    """What is still to look at, flagged texts first; the ticked ones stay as they are."""
    held = _decidable(board)
    waiting = sorted(text_queries.text_checks(g.db, board), key=lambda check: FLAGGED not in check.found)
    form = LeaveForm.on([check.code for check in waiting])
    if form.submitted():
        texts.leave(g.db, actor, board, form.codes())
        return done("texts-left", url_for(".home", board=board))
    status = INVALID if form.errors else OK
    listed, settled = _listed(held, waiting[:_AT_ONCE]), len(text_queries.text_checks(g.db, board, settled=True))
    more = len(waiting) - len(listed)
    page = render_template(
        "blind/submissions/texts.html", board=held, listed=listed, more=more, settled=settled, form=form
    )
    return page, status


@views.get("/settled")
@requires(Role.CHAIR, Role.DEPUTY)
def settled(actor: Actor, board: BoardId) -> str:
    """What was looked at already."""
    held = _decidable(board)
    checks = text_queries.text_checks(g.db, board, settled=True)
    names = {criterion.key: criterion.name for criterion in held.policy.criteria}
    return render_template("blind/submissions/settled.html", board=held, checks=checks, names=names)


@views.route("/<text:code>", methods=["GET", "POST"])
@requires(Role.CHAIR, Role.DEPUTY)
def text(actor: Actor, board: BoardId, code: TextCode) -> Page | Response:
    """One answer: which words to remove from it, and why."""
    held = _decidable(board)
    check, shown = text_queries.text_check(g.db, board, code)
    if request.method == "POST" and not check.open:
        raise AlreadySettled
    found = hits(shown)
    form = RemoveForm.on(shown, found)
    if form.submitted():
        try:
            texts.remove_words(g.db, actor, board, code, form.passages(), form.reason.data or "")
            return done("text-settled", url_for(".text", board=board, code=code))
        except NotInText as error:
            form.complain(*(error.details or (error.message,)), about=form.others)
    page = render_template(
        "blind/submissions/text.html",
        board=held,
        check=check,
        criterion=held.policy.criterion(check.criterion),
        pieces=passages(shown, found),
        form=form,
    )
    return page, INVALID if form.errors else OK


@views.post("/<text:code>/leave")
@requires(Role.CHAIR, Role.DEPUTY)
def leave(actor: Actor, board: BoardId, code: TextCode) -> Response:
    """This text stays as it is."""
    texts.leave(g.db, actor, board, [code])
    return done("text-settled", url_for(".home", board=board))


def _decidable(board: BoardId) -> Board:
    held = read_board(g.db, board)
    if held.stage not in texts.DECIDABLE:
        raise WrongStage
    return held


def _listed(board: Board, checks: list[TextCheck]) -> list[Listed]:
    shown = text_queries.texts(g.db, board.id, [check.code for check in checks])
    names = {criterion.key: criterion.name for criterion in board.policy.criteria}
    return [
        Listed(
            check,
            names[check.criterion],
            FLAGGED in check.found,
            sentences(shown[check.code], hits(shown[check.code])),
        )
        for check in checks
    ]
