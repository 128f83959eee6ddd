"""Single sign-on: off to the force's identity provider and back, and linking an account to it.

The pages exist only where a provider is set up. What comes back is a first step of signing in like a password: the
custody passphrase stays apart from it, and before an act that matters the password of this service is asked for, which
the provider does not know. Whoever has her second factor there alone then shows it there anew.
"""

from typing import Final

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import person, public, signed_in, stepped_up
from panel.config import SingleSignOn, config
from panel.kernel.errors import Missing
from panel.named.accounts.factors.held import held
from panel.named.accounts.forms import StepUpForm
from panel.named.accounts.proving import WrongPassword
from panel.named.accounts.queries import card, linked
from panel.named.accounts.security_log import Event
from panel.named.accounts.sso import asking, linking
from panel.named.accounts.sso.addresses import ANSWER, CONFIRM, LEAVE, LINK, OWN, START
from panel.named.accounts.sso.asking import Purpose, Question
from panel.named.accounts.sso.errors import NotLinked, SignOnRefused
from panel.named.accounts.sso.id_token import Identity
from panel.named.accounts.sso.provider import Provider, provider_of
from panel.named.accounts.throttle import limits_on
from panel.named.accounts.views.admission import FirstStep, admit
from panel.named.accounts.views.blueprint import (
    Page,
    browser,
    charged,
    destination,
    known_browser,
    noted,
    place,
    proved,
    shown,
)
from panel.named.accounts.views.entering import renew
from panel.web.context import database, write
from panel.web.forms import Act
from panel.web.notices import done

views = Blueprint("sso", __name__)

_WRONG: Final = "Password is not right"


@views.get(START)
@public
def start() -> Response:
    """Off to the provider. By a link, not a form: no form of ours may lead to another site, not even by a redirect."""
    _by_a_link()
    charged(limits_on("sign-on", place(), known_browser()))
    return _sent(Purpose.SIGN_IN, destination())


@views.get(LINK)
@signed_in
@stepped_up
def link(_actor: Person) -> Response:
    """Off to the provider, to say which identity there is hers."""
    g.db.rollback()
    return _sent(Purpose.LINK, OWN)


@views.get(ANSWER)
@public
def answer() -> Response:
    """Back from the provider. A question of this browser's, answered once; then a session, or a link."""
    g.db.rollback()
    question = _question()
    try:
        identity = _provider().person(question, request.args.get("code", ""))
    except SignOnRefused:
        noted(Event.SIGN_IN_REFUSED, None)
        raise
    write()
    match question.purpose:
        case Purpose.SIGN_IN:
            return _entered(question, identity)
        case Purpose.LINK:
            return _linked(identity)
        case Purpose.STEP_UP:
            return _confirmed(question, identity)


@views.route(CONFIRM, methods=["GET", "POST"])
@signed_in
def confirm(actor: Person) -> Page:
    """The password and then, by a link, the provider: for whoever has her second factor there alone."""
    if held(g.db, actor.account).any:
        return redirect(url_for("accounts.step_up", next=destination()))
    form, there = StepUpForm(request.form), None
    if form.submitted():
        try:
            proved(card(g.db, actor.account).email, form.password.data or "", Event.STEP_UP_REFUSED)
            there = _asked(Purpose.STEP_UP, destination())
        except WrongPassword:
            form.complain(_WRONG, about=form.password)
    return shown("sso/confirm", form, next=destination(), there=there)


@views.get(LEAVE)
@public
def leave() -> Response:
    """Off to end the sign-in at the provider too, where it has a page for that."""
    _by_a_link()
    charged(limits_on("sign-on", place(), known_browser()))
    door = _provider().farewell()
    return redirect(door, code=303) if door else done("signed-out-here", url_for("accounts.sign_in"))


@views.route(OWN, methods=["GET", "POST"])
@signed_in
@stepped_up
def own(actor: Person) -> Page:
    """Whether her account is linked, and ending that."""
    form, issuer = Act(request.form), _settings().issuer
    if form.submitted():
        linking.unlink(g.db, actor.account, issuer)
        noted(Event.SIGN_ON_UNLINKED, actor.account)
        return done("sign-on-unlinked", url_for("sso.own"))
    return shown("sso/own", form, linked=linked(g.db, actor.account, issuer))


def _by_a_link() -> None:
    """Raises Missing for a picture on another site, which would use up what is allowed from a whole force."""
    if request.headers.get("Sec-Fetch-Dest", "document") != "document":
        raise Missing


def _sent(purpose: Purpose, where: str) -> Response:
    return redirect(_asked(purpose, where), code=303)


def _asked(purpose: Purpose, where: str) -> str:
    """Where the browser goes with a question of that purpose."""
    browser().csrf_token()  # from here on the browser has a token, and only it can bring the answer
    with database().writing("named") as db:
        question = asking.ask(db, browser().token or "", purpose, where)
    return _provider().address(question)


def _question() -> Question:
    with database().writing("named") as db:
        found = asking.take(db, browser().token or "", request.args.get("state", ""))
    if found is None or request.args.get("iss", _settings().issuer) != _settings().issuer:
        noted(Event.SIGN_IN_REFUSED, None)
        raise SignOnRefused
    return found


def _entered(question: Question, identity: Identity) -> Response:
    try:
        account = linking.owner(g.db, identity)
    except NotLinked:
        noted(Event.SIGN_IN_REFUSED, None)
        raise
    step = FirstStep(account, password=False, second_factor=identity.second_factor, next=question.destination)
    return admit(step)


def _linked(identity: Identity) -> Response:
    account = person().account
    linking.link(g.db, account, identity)
    noted(Event.SIGN_ON_LINKED, account)
    return done("sign-on-linked", url_for("sso.own"))


def _confirmed(question: Question, identity: Identity) -> Response:
    """The password was right before the question was asked; now the same person has shown her second factor."""
    account = person().account
    if not identity.second_factor or not linking.opens(g.db, identity, account):
        noted(Event.STEP_UP_REFUSED, account)
        raise SignOnRefused
    return renew(account, question.destination)


def _settings() -> SingleSignOn:
    found = config().single_sign_on
    if found is None:
        raise Missing
    return found


def _provider() -> Provider:
    return provider_of(_settings(), config().base_url + ANSWER)
