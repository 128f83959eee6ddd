"""The register of training, for HR; certificates, for those who hold them and those who are shown them."""

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from panel.access.actor import Person
from panel.access.guards import public, requires, signed_in
from panel.access.roles import Role
from panel.blind.training import course_service, edition_queries
from panel.kernel.clock import today
from panel.kernel.errors import Invalid, Missing
from panel.kernel.ids import CertificateCode, MarkerId, TaughtId
from panel.named.register import queries, service
from panel.named.register.forms import CheckForm, FilterForm, FindForm, RecordForm, RevokeForm
from panel.named.register.roll_call import chosen
from panel.named.setup.queries import matching
from panel.web.forms import Form
from panel.web.notices import done

views = Blueprint("register", __name__)

Page = str | BaseResponse | tuple[str, int]

_UNPROCESSABLE = 422


@views.get("/register")
@requires(Role.HR)
def home(_actor: Person) -> str:
    """Who may mark what and until when."""
    form = FilterForm.over(queries.under_way(g.db))
    entries = chosen(queries.entries(g.db, today()), form.shown, form.wanted, today())
    return render_template("named/register/home.html", form=form, entries=entries, today=today())


@views.post("/register/export/<slug:kind>")
@requires(Role.HR)
def export(actor: Person, kind: str) -> Response:
    """The part of the register that is shown, as a file."""
    form = FilterForm.over(queries.under_way(g.db))
    entries = chosen(queries.entries(g.db, today()), form.shown, form.wanted, today())
    answer = Response(service.export(g.db, actor, entries, kind), content_type=service.FORMATS[kind][1])
    answer.headers["Content-Disposition"] = f'attachment; filename="register-of-training.{kind}"'
    return answer


@views.route("/register/find", methods=["GET", "POST"])
@requires(Role.HR)
def find(_actor: Person) -> Page:
    """Anybody with an account, on a panel yet or not."""
    form = FindForm(request.form)
    if not form.submitted():
        return _shown("find", form, found=None)
    found = queries.people(g.db, matching(g.db, str(form.who.data)))
    return render_template("named/register/find.html", form=form, found=found)


@views.get("/register/refusals")
@requires(Role.HR)
def refusals(_actor: Person) -> str:
    """What the gate refused, and why."""
    return render_template("named/register/refusals.html", refusals=queries.refused(g.db))


@views.get("/register/<marker:marker>")
@requires(Role.HR)
def person(actor: Person, marker: MarkerId) -> str:
    """One person's training in full."""
    held = queries.file(g.db, marker, today())
    return render_template("named/register/person.html", file=held, own=marker == actor.id, today=today())


@views.route("/register/<marker:marker>/record", methods=["GET", "POST"])
@requires(Role.HR)
def record(actor: Person, marker: MarkerId) -> Page:
    """Record training face to face."""
    held = queries.file(g.db, marker, today())
    form = RecordForm.among([each for each in edition_queries.latest(g.db) if each.current])
    if form.submitted() and form.day.on is not None:
        try:
            service.record(g.db, actor, marker, str(form.course.data), form.day.on, form.evidence.data or "")
        except Invalid as refusal:
            form.complain(refusal.message, about=form.day)
        else:
            return done("training-recorded", url_for("register.person", marker=marker))
    return _shown("record", form, file=held)


@views.route("/register/record/<taught:record>/withdraw", methods=["GET", "POST"])
@requires(Role.HR)
def withdraw(actor: Person, record: TaughtId) -> Page:
    """Withdraw a record made in error."""
    kept = queries.taught(g.db, record)
    form = RevokeForm(request.form)
    if form.submitted():
        service.revoke(g.db, actor, record, form.reason.data or "")
        return done("training-revoked", url_for("register.person", marker=kept.marker))
    if kept.revoked_on is not None:
        return redirect(url_for("register.person", marker=kept.marker))
    return _shown("withdraw", form, kept=kept, name=queries.names_of(g.db, (kept.marker,)).get(kept.marker, ""))


@views.post("/register/<marker:marker>/attempt/<slug:key>")
@requires(Role.HR)
def give_attempt(actor: Person, marker: MarkerId, key: str) -> BaseResponse:
    """Let somebody with no attempts left take a quiz once more."""
    held = queries.file(g.db, marker, today())
    if key not in held.exhausted:
        raise Missing
    course_service.give_attempt(g.db, marker, held.exhausted[key], actor.id)
    return done("attempt-given", url_for("register.person", marker=marker))


@views.get("/certificates")
@signed_in
def certificates(actor: Person) -> str:
    """Everything this person completed."""
    found = queries.certificates(g.db, actor.id)
    return render_template("named/register/certificates.html", certificates=found, today=today())


@views.get("/certificates/<certificate:code>")
@signed_in
def certificate(actor: Person, code: CertificateCode) -> str:
    """One certificate with its holder's name, to print: for the holder and HR."""
    found = queries.certificate(g.db, code)
    own = found.completed.marker == actor.id
    if not own and not actor.may(Role.HR):
        raise Missing
    return render_template("named/register/certificate.html", certificate=found, own=own, today=today())


@views.route("/check-a-certificate", methods=["GET", "POST"])
@public
def check() -> Page:
    """Whether a certificate with that code was given here, and whether it counts; to HR also whose it is."""
    form = CheckForm(request.form)
    if not form.submitted():
        return _shown("check", form, asked=False, certificate=None, today=today())
    hr = g.actor is not None and g.actor.may(Role.HR)
    found = queries.certificate_if_any(g.db, form.code.code)
    return render_template(
        "named/register/check.html", form=CheckForm(), asked=True, certificate=found, hr=hr, today=today()
    )


def _shown(template: str, form: Form, **values: object) -> tuple[str, int]:
    html = render_template(f"named/register/{template}.html", form=form, **values)
    return html, _UNPROCESSABLE if form.errors else 200
