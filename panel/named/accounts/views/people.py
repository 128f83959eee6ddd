"""Everybody's accounts, for HR and administrators. Addresses name people by marker id, never by account id."""

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import requires, stepped_up
from panel.access.queries import account_of
from panel.access.roles import Role
from panel.board.duties import DutiesApart
from panel.kernel.errors import Missing
from panel.kernel.ids import AccountId, MarkerId
from panel.named.accounts import people, service
from panel.named.accounts.forms import CorrectForm, EndForm, PersonForm
from panel.named.accounts.security_log import Event
from panel.named.accounts.views.blueprint import Page, noted, shown, views
from panel.web.forms import Act
from panel.web.notices import done


@views.get("/accounts")
@requires(Role.HR, Role.ADMINISTRATOR)
def everyone(_actor: Person) -> str:
    """All accounts, by name."""
    return render_template("named/accounts/everyone.html", people=people.everyone(g.db))


@views.route("/accounts/invite", methods=["GET", "POST"])
@requires(Role.HR, Role.ADMINISTRATOR)
def invite(_actor: Person) -> Page:
    """Make an account and post its invitation."""
    form = PersonForm(request.form)
    if form.submitted():
        try:
            service.invite(g.db, **form.person())
            return done("invited", url_for("accounts.everyone"))
        except (service.AddressTaken, service.AddressNotPlain) as error:
            form.complain(error.message, about=form.email)
    return shown("invite", form)


@views.get("/accounts/<marker:marker>")
@requires(Role.HR, Role.ADMINISTRATOR)
def person(actor: Person, marker: MarkerId) -> str:
    """One account, and what may be done with it."""
    found = people.one(g.db, marker)
    manages, own = actor.may(Role.ADMINISTRATOR), actor.id == marker
    return render_template(
        "named/accounts/person.html", person=found, manages=manages, own=own, roles=service.SYSTEM_ROLES
    )


@views.route("/accounts/<marker:marker>/details", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@stepped_up
def correct(actor: Person, marker: MarkerId) -> Page:
    """Set a person's details right."""
    found = people.one(g.db, marker)
    form = CorrectForm(request.form, obj=found.card)
    if form.submitted():
        try:
            service.correct(g.db, actor.id, found.card.id, **form.person())
            return _corrected(found.card.id, marker)
        except (service.AddressTaken, service.AddressNotPlain) as error:
            form.complain(error.message, about=form.email)
    return shown("correct", form, person=found)


@views.post("/accounts/<marker:marker>/link")
@requires(Role.HR, Role.ADMINISTRATOR)
def post_link(_actor: Person, marker: MarkerId) -> Response:
    """Post a new link by which the person sets a password."""
    service.post_link(g.db, people.one(g.db, marker).card)
    return done("link-posted", url_for("accounts.person", marker=marker))


@views.route("/accounts/<marker:marker>/<any(give, take):change>/<slug:role>", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@stepped_up
def change_role(actor: Person, marker: MarkerId, change: str, role: str) -> Page:
    """Give or take away a role on the system."""
    found, wanted, form = people.one(g.db, marker), _system_role(role), Act(request.form)
    if form.submitted():
        try:
            service.set_role(g.db, actor.id, found.card.id, wanted, held=change == "give")
        except DutiesApart as error:
            form.complain(error.message)
        else:
            return done(f"role-{change}", url_for("accounts.person", marker=marker))
    return shown("role", form, person=found, role=wanted, change=change)


@views.route("/accounts/<marker:marker>/end", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@stepped_up
def end(actor: Person, marker: MarkerId) -> Page:
    """End an account for good."""
    found, form = people.one(g.db, marker), EndForm(request.form)
    if form.submitted():
        service.end(g.db, actor.id, account_of(g.db, marker))
        noted(Event.ACCOUNT_CLOSED, found.card.id)
        return done("account-ended", url_for("accounts.everyone"))
    return shown("end", form, person=found)


def _corrected(account: AccountId, marker: MarkerId) -> Response:
    noted(Event.DETAILS_CORRECTED, account)
    return done("saved", url_for("accounts.person", marker=marker))


def _system_role(name: str) -> Role:
    if name not in {role.value for role in service.SYSTEM_ROLES}:
        raise Missing
    return Role(name)
