"""Who takes which part: found by name, address or staff number, appointed and released."""

from collections.abc import Sequence

from flask import g, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import requires
from panel.access.roles import Role
from panel.board import queries as boards
from panel.board.duties import Part
from panel.kernel.errors import Invalid, Malformed, Missing
from panel.kernel.ids import AccountId, BoardId
from panel.named.accounts.queries import AccountCard
from panel.named.setup import appointing, queries
from panel.named.setup.appointing import AWAY_IN, ENDED_IN, GIVEN_IN
from panel.named.setup.forms import AwayForm, PersonForm, PickForm, QuorumForm, RemoveForm
from panel.named.setup.views.blueprint import Page, draft, page, views
from panel.web.forms import Choice, Form
from panel.web.notices import done


@views.route("/boards/<board:board>/people/<slug:part>", methods=["GET", "POST"])
@requires(Role.HR)
def people(actor: Person, board: BoardId, part: str) -> Page | Response:
    """Everybody in one part, and a box to find one more."""
    wanted, form = _part(part), PersonForm(request.form)
    if not form.submitted():
        return _people(board, wanted, form)
    found = queries.matching(g.db, str(form.who.data))
    if not found:
        form.complain("No account has this name, email address or staff number", about=form.who)
        return _people(board, wanted, form)
    if len(found) > 1:
        return _pick(board, wanted, PickForm(data={"who": form.who.data}), found, 200)
    return _appoint(actor, board, wanted, found[0].id, form)


@views.post("/boards/<board:board>/people/<slug:part>/pick")
@requires(Role.HR)
def pick(actor: Person, board: BoardId, part: str) -> Page | Response:
    """One of several people who were found."""
    wanted, form = _part(part), PickForm(request.form)
    found = queries.matching(g.db, str(form.who.data))
    _offer(form, found)
    if not form.submitted():
        return _pick(board, wanted, form, found, 422)
    return _appoint(actor, board, wanted, AccountId.parse(str(form.account.data)), PersonForm())


@views.post("/boards/<board:board>/people/<slug:part>/remove")
@requires(Role.HR)
def remove(actor: Person, board: BoardId, part: str) -> Response:
    """End a person's part."""
    wanted, form = _part(part), RemoveForm(request.form)
    if not form.submitted():
        raise Malformed
    appointing.release(g.db, actor, board, AccountId.parse(str(form.account.data)), wanted)
    return done("person-removed", url_for("setup.people", board=board, part=part))


@views.route("/boards/<board:board>/setup/quorum", methods=["GET", "POST"])
@requires(Role.HR)
def quorum(actor: Person, board: BoardId) -> Page | Response:
    """How many custodians open the names."""
    custody = draft(board).policy.custody
    form = QuorumForm(request.form, data={"quorum": str(custody.k)})
    form.quorum.choices = [Choice(str(k), f"{k} of {custody.n}") for k in range(2, custody.n)]
    if not form.submitted():
        return page("quorum", form, board=board, custody=custody)
    appointing.set_quorum(g.db, board, int(str(form.quorum.data)))
    return done("saved", url_for("setup.tasks", board=board))


@views.post("/boards/<board:board>/people/marker/away")
@requires(Role.HR)
def away(actor: Person, board: BoardId) -> Response:
    """A panel member is away when marking starts, or is not after all."""
    form = AwayForm(request.form)
    if not form.submitted():
        raise Malformed
    away = form.state.data == "away"
    appointing.record_away(g.db, actor, board, AccountId.parse(str(form.account.data)), away=away)
    return done("away" if away else "not-away", url_for("setup.people", board=board, part=Part.MARKER.value))


def _part(name: str) -> Part:
    if name not in {part.value for part in GIVEN_IN}:
        raise Missing
    return Part(name)


def _appoint(actor: Person, board: BoardId, part: Part, account: AccountId, form: PersonForm) -> Page | Response:
    try:
        appointing.appoint(g.db, actor, board, account, part)
    except Invalid as refusal:
        form.complain(refusal.message, about=form.who)
        return _people(board, part, form)
    return done("person-added", url_for("setup.people", board=board, part=part.value))


def _people(board: BoardId, part: Part, form: Form) -> Page:
    held = boards.board(g.db, board)
    holdings = [each for each in queries.people(g.db, board) if each.part is part]
    may = {
        "add": held.stage in GIVEN_IN[part],
        "remove": held.stage in ENDED_IN[part],
        "away": part is Part.MARKER and held.stage in AWAY_IN,
    }
    return page("people", form, board=held, part=part, holdings=holdings, may=may)


def _pick(board: BoardId, part: Part, form: PickForm, found: Sequence[AccountCard], status: int) -> Page:
    _offer(form, found)
    body, _ = page("pick", form, board=board, part=part)
    return body, status


def _offer(form: PickForm, found: Sequence[AccountCard]) -> None:
    form.account.choices = [Choice(str(card.id), card.name, f"{card.staff_no} {card.email}".strip()) for card in found]
