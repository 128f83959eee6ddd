"""What a receipt code opens: her own submission, to look at, change or withdraw. And standing down without it."""

from flask import g, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import signed_in
from panel.config import config
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId
from panel.named.intake import service
from panel.named.intake.desk import Desk
from panel.named.intake.forms import CodeForm, StandDownForm, WithdrawForm
from panel.named.intake.presented import Presented
from panel.named.intake.receipt import Receipt, receipt
from panel.named.intake.receipt_check import Finding, check
from panel.named.intake.service import WrongCode
from panel.named.intake.views.blueprint import INVALID, OK, Page, page, sitting, views
from panel.web.notices import done


@views.route("/applications/<board:board>/code", methods=["GET", "POST"])
@signed_in
def code(person: Person, board: BoardId) -> Page:
    """A box for the code, then the submission it opens."""
    at, form = sitting(person, board), CodeForm(request.form)
    if not form.submitted():
        return page("code", at, INVALID if form.errors else OK, form)
    return _opened(person, at, form, WithdrawForm(data={"code": form.code.code.grouped}), OK)


@views.post("/applications/<board:board>/amend")
@signed_in
def amend(person: Person, board: BoardId) -> Page | Response:
    """Begin to change the submission; it stands until the changed one is submitted."""
    at, form = sitting(person, board), CodeForm(request.form)
    if not form.submitted():
        return page("code", at, INVALID, form)
    try:
        service.amend(g.db, config().keys, person, board, form.code.code)
    except WrongCode as error:
        return _wrong(at, form, error)
    return done("changing", url_for(".tasks", board=board))


@views.post("/applications/<board:board>/withdraw")
@signed_in
def withdraw(person: Person, board: BoardId) -> Page | Response:
    """Withdraw the submission with its code."""
    at, form = sitting(person, board), WithdrawForm(request.form)
    if not form.submitted():
        opened = not form.code.errors
        return _opened(person, at, form, form, INVALID) if opened else page("code", at, INVALID, form)
    try:
        service.withdraw(g.db, person, board, form.code.code)
    except WrongCode as error:
        return _wrong(at, form, error)
    return done("withdrawn", url_for(".applications"))


@views.route("/applications/<board:board>/stand-down", methods=["GET", "POST"])
@signed_in
def stand_down(person: Person, board: BoardId) -> Page | Response:
    """Without the code: her name will not be opened."""
    at, form = sitting(person, board), StandDownForm(request.form)
    if not at.may_stand_down:
        raise Missing
    if not form.submitted():
        return page("stand_down", at, INVALID if form.errors else OK, form)
    service.stand_down(g.db, person, board)
    return done("stood-down", url_for(".applications"))


def _opened(person: Person, at: Desk, form: CodeForm, withdrawing: WithdrawForm, status: int) -> Page:
    try:
        lodged = service.view(g.db, person, at.board.id, form.code.code)
    except WrongCode as error:
        return _wrong(at, form, error)
    found: Receipt | None
    checked: tuple[Finding, ...] = ()
    try:
        found = receipt(g.db, config().keys, at.board, lodged)
        checked = check(g.db, config().keys, Presented.of(found.to_json()))
    except Missing:  # its envelopes are gone: the names were opened, or the board ended
        found = None
    return page("submission", at, status, withdrawing, lodged=lodged, receipt=found, checked=checked)


def _wrong(at: Desk, form: CodeForm, error: WrongCode) -> Page:
    form.complain(error.message, about=form.code)
    return page("code", at, INVALID, form)
