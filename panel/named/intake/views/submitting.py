"""Checking an application, submitting it, and the receipt."""

from flask import g, render_template, request
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import signed_in
from panel.board.queries import board as read_board
from panel.config import config
from panel.kernel.errors import Invalid, Malformed
from panel.kernel.ids import BoardId
from panel.named.intake import checking, desk, service
from panel.named.intake.desk import Desk
from panel.named.intake.draft import StalePart
from panel.named.intake.forms import CodeForm, SubmitForm
from panel.named.intake.receipt import receipt
from panel.named.intake.service import Lodging
from panel.named.intake.views.blueprint import CONFLICT, INVALID, OK, Page, as_file, page, sitting, views, writing


@views.route("/applications/<board:board>/check", methods=["GET", "POST"])
@signed_in
def check(person: Person, board: BoardId) -> Page | str:
    """Everything she wrote, what may name her, and the button that submits it."""
    form = SubmitForm(request.form)
    if not form.submitted():
        at = writing(person, board)
        return _check(at, form if form.errors else SubmitForm.on(at.draft), INVALID if form.errors else OK)
    try:
        lodging = service.submit(g.db, config().keys, person, board, str(form.edition.data), form.code.code)
    except (StalePart, Invalid) as error:
        return _refused(person, board, form, error)
    return _receipt(person, board, lodging)


@views.post("/applications/<board:board>/receipt")
@signed_in
def download(person: Person, board: BoardId) -> Response:
    """The receipt as a file, for whoever has the code."""
    form = CodeForm(request.form)
    if not form.submitted():
        raise Malformed
    found = receipt(g.db, config().keys, read_board(g.db, board), service.view(g.db, person, board, form.code.code))
    return as_file(f"receipt-{board}", found.to_json())


def _check(at: Desk, form: SubmitForm, status: int) -> Page:
    todo = checking.todo(at.policy, at.draft)
    return page("check", at, status, form, checked=tuple(desk.checked(at)), todo=todo)


def _refused(person: Person, board: BoardId, form: SubmitForm, error: StalePart | Invalid) -> Page:
    g.db.rollback()  # a lodging is whole or not at all
    at = sitting(person, board)
    form.edition.data, form.code.data = at.draft.edition, at.draft.code and at.draft.code.grouped
    form.complain(*(error.details or (error.message,)))
    return _check(at, form, CONFLICT if isinstance(error, StalePart) else INVALID)


def _receipt(person: Person, board: BoardId, lodging: Lodging) -> str:
    held = read_board(g.db, board)
    found = receipt(g.db, config().keys, held, service.view(g.db, person, board, lodging.code))
    form = CodeForm(data={"code": lodging.code.grouped})
    return render_template(
        "named/intake/receipt.html", board=held, policy=held.policy, lodging=lodging, receipt=found, form=form
    )
