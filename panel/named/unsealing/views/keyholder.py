"""A keyholder's own pages: become one, prove the key, replace a forgotten passphrase, give up, prove a share."""

from collections.abc import Callable

from flask import g, render_template, request, url_for
from wtforms import Field

from panel.access.actor import Person
from panel.access.guards import requires, signed_in, stepped_up
from panel.access.roles import KEYHOLDERS, WITH_KEYS, Role
from panel.board import queries as boards
from panel.config import config
from panel.kernel.clock import today
from panel.kernel.ids import BoardId
from panel.named.unsealing import custody_queries, keyholding, queries
from panel.named.unsealing.asking import keyholding_role
from panel.named.unsealing.custody_forms import RetireForm
from panel.named.unsealing.forms import KeyForm, PassphraseForm, ProveForm, RenewForm
from panel.named.unsealing.keyholding import Sheet
from panel.named.unsealing.reach import SEATED, seat_title
from panel.named.unsealing.views.blueprint import Page, asking, page, views
from panel.web.context import database
from panel.web.notices import done


@views.get("/keyholder")
@signed_in
def keyholder(actor: Person) -> str:
    """Where the person stands as a keyholder, and on which boards."""
    keyholding_role(actor)
    return render_template(
        "named/unsealing/keyholder.html",
        holder=queries.keyholder(g.db, actor.account),
        boards=boards.boards(g.db, actor.boards(*WITH_KEYS)),
        sitting=actor.boards(*KEYHOLDERS),
        seats=queries.seats(g.db, actor.account),
        overdue=custody_queries.prove_by(g.db, actor.account),
        seated=SEATED,
        seat_title=seat_title,
    )


@views.route("/keyholder/enrol", methods=["GET", "POST"])
@signed_in
@stepped_up
def enrol(actor: Person) -> Page:
    """Become a keyholder. The answer to the form is the sheet, shown this once and kept nowhere."""
    keyholding_role(actor)
    form = KeyForm(request.form)
    if not form.submitted():
        return page("enrol", form, holder=queries.keyholder(g.db, actor.account))
    sheet = None
    with asking(form):
        sheet = keyholding.enrol(database(), config(), actor)
    if sheet is None:
        return page("enrol", form, holder=queries.keyholder(g.db, actor.account))
    return render_template("named/unsealing/sheet.html", sheet=sheet, made_on=today()), 200


@views.route("/keyholder/prove", methods=["GET", "POST"])
@signed_in
def prove(actor: Person) -> Page:
    """Show that passphrase and recovery code both open the key."""
    keyholding_role(actor)
    form = ProveForm(request.form)
    if not form.submitted():
        return page("prove", form)
    with asking(form):
        typed = {"passphrase": form.passphrase.data or "", "recovery": form.recovery_code.data or ""}
        keyholding.prove(database(), config(), actor, **typed)
    return page("prove", form) if form.errors else done("key-proved", url_for("unsealing.keyholder"))


@views.route("/keyholder/renew", methods=["GET", "POST"])
@signed_in
@stepped_up
def renew(actor: Person) -> Page:
    """A new passphrase from the recovery code, shown this once."""
    keyholding_role(actor)
    form = RenewForm(request.form)
    return _made_anew(
        "renew", form, lambda code: keyholding.renew(database(), config(), actor, recovery=code), form.recovery_code
    )


@views.route("/keyholder/sheet", methods=["GET", "POST"])
@signed_in
@stepped_up
def new_sheet(actor: Person) -> Page:
    """A new recovery sheet from the passphrase, shown this once."""
    keyholding_role(actor)
    form = PassphraseForm(request.form)
    return _made_anew(
        "new_sheet",
        form,
        lambda words: keyholding.renew_sheet(database(), config(), actor, passphrase=words),
        form.passphrase,
    )


def _made_anew(name: str, form: KeyForm, make: Callable[[str], Sheet], secret: Field) -> Page:
    """Ask for the secret that is left; what it makes is shown this once."""
    sheet = None
    if form.submitted():
        with asking(form):
            sheet = make(secret.data or "")
    if sheet is None:
        return page(name, form)
    return render_template("named/unsealing/sheet.html", sheet=sheet, made_on=today()), 200


@views.route("/keyholder/retire", methods=["GET", "POST"])
@signed_in
@stepped_up
def retire(actor: Person) -> Page:
    """Give up a key to which both ways are lost. The page says first what that costs, board by board."""
    keyholding_role(actor)
    form, holder = RetireForm(request.form), queries.keyholder(g.db, actor.account)
    if holder is None or not form.submitted():
        return page("retire", form, holder=holder, losses=custody_queries.losses(g.db, actor.account))
    keyholding.retire(g.db, actor)
    return done("key-retired", url_for("unsealing.keyholder"))


@views.route("/boards/<board:board>/share", methods=["GET", "POST"])
@requires(Role.CUSTODIAN, Role.CHAIR, Role.DEPUTY)
def share(actor: Person, board: BoardId) -> Page:
    """Show that one's share of a board still opens."""
    form = PassphraseForm(request.form)
    held = boards.board(g.db, board)
    if not form.submitted():
        return page("share", form, board=held)
    with asking(form):
        keyholding.prove_seat(database(), config(), actor, board, passphrase=form.passphrase.data or "")
    return page("share", form, board=held) if form.errors else done("share-proved", url_for("unsealing.keyholder"))
