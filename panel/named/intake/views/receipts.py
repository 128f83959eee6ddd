"""Checking a receipt, open to all; and the board's signed heads, for those who have applied to it."""

from flask import g, render_template, request
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import public, signed_in
from panel.config import config
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId
from panel.named.intake import receipt_check
from panel.named.intake.forms import ReceiptForm
from panel.named.intake.presented import NotReceipt, Presented
from panel.named.intake.receipt import heads_file
from panel.named.intake.views.blueprint import INVALID, OK, Page, as_file, sitting, views


@views.route("/check-a-receipt", methods=["GET", "POST"])
@public
def check_receipt() -> Page:
    """A box for the text of a receipt, then what can be said of it. The text is not shown again."""
    form = ReceiptForm(request.form)
    if not form.submitted():
        return _shown(form, (), INVALID if form.errors else OK)
    try:
        found = receipt_check.check(g.db, config().keys, Presented.read(form.receipt.data or ""))
    except NotReceipt as error:
        form.complain(error.message, about=form.receipt)
        return _shown(form, (), INVALID)
    return _shown(ReceiptForm(), found, OK)


@views.get("/applications/<board:board>/heads")
@signed_in
def heads(person: Person, board: BoardId) -> Response:
    """The board's signed heads as a file, once its results are published."""
    if not sitting(person, board).has_heads:
        raise Missing
    return as_file(f"heads-{board}", heads_file(g.db, config().keys, board))


def _shown(form: ReceiptForm, findings: tuple[receipt_check.Finding, ...], status: int) -> Page:
    return render_template("named/intake/check_receipt.html", form=form, findings=findings), status
