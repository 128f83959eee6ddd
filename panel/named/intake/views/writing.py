"""Writing an application, a page for each part. A part saved in another tab meanwhile is shown, and nothing is lost."""

from collections.abc import Callable

from flask import g, jsonify, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import signed_in
from panel.config import config
from panel.kernel.errors import PanelError
from panel.kernel.ids import BoardId
from panel.named.accounts import queries as accounts
from panel.named.intake import drafting, queries
from panel.named.intake.desk import Desk
from panel.named.intake.draft import DETAILS, EQUALITY, KNOWN, Details, Draft, DraftTooLong, StalePart
from panel.named.intake.forms import AnswerForm, DetailsForm, EqualityForm, KnownForm
from panel.named.intake.split import IdentityTooLong, check_details
from panel.named.intake.views.blueprint import CONFLICT, INVALID, OK, Page, page, views, writing
from panel.web.errors import told
from panel.web.forms import Form, Version
from panel.web.notices import done

Change = Callable[[Draft], Draft]


@views.route("/applications/<board:board>/answers/<slug:key>", methods=["GET", "POST"])
@signed_in
def answer(person: Person, board: BoardId, key: str) -> Page | Response:
    """One question, with a box for the answer."""
    at = writing(person, board)
    criterion = at.criterion(key)
    form = AnswerForm.on(criterion, at.draft)
    text = form.answer.data or ""
    status = _keep(person, at, form, key, lambda draft: draft.answered(key, form.version.number, text))
    if status is None:
        return done("answer-kept", url_for(".tasks", board=board))
    newer = at.draft.answers.get(key, "") if status == CONFLICT else None
    return page("answer", at, status, form, criterion=criterion, newer=newer)


@views.post("/applications/<board:board>/answers/<slug:key>/keep")
@signed_in
def keep(person: Person, board: BoardId, key: str) -> tuple[Response, int]:
    """Autosave: keeps the answer while she writes it, and says so in a few words of JSON."""
    try:
        at = writing(person, board)
        form = AnswerForm.on(at.criterion(key), at.draft)
        if not form.submitted():
            return jsonify(error=". ".join(form.answer.errors or form.version.errors)), INVALID
        text = form.answer.data or ""
        draft = _save(person, board, lambda draft: draft.answered(key, form.version.number, text))
    except PanelError as error:
        return told(error)
    return jsonify(version=draft.version(key)), OK


@views.route("/applications/<board:board>/details", methods=["GET", "POST"])
@signed_in
def details(person: Person, board: BoardId) -> Page | Response:
    """Who she is, for the envelope; and what else would name her, for the text check alone."""
    at = writing(person, board)
    form = DetailsForm.on(at.draft, accounts.card(g.db, person.account))
    try:
        status = _keep(person, at, form, DETAILS, lambda draft: draft.detailed(form.version.number, _details(form)))
    except IdentityTooLong as error:
        form.refused(error)
        status = INVALID
    return done("part-kept", url_for(".tasks", board=board)) if status is None else page("details", at, status, form)


@views.route("/applications/<board:board>/known", methods=["GET", "POST"])
@signed_in
def known(person: Person, board: BoardId) -> Page | Response:
    """Who of the panel knows her work."""
    at = writing(person, board)
    form = KnownForm.on(at.draft, queries.named(g.db, board, *queries.PANEL))
    status = _keep(person, at, form, KNOWN, lambda draft: draft.knowing(form.version.number, form.markers()))
    return done("part-kept", url_for(".tasks", board=board)) if status is None else page("known", at, status, form)


@views.route("/applications/<board:board>/equality", methods=["GET", "POST"])
@signed_in
def equality(person: Person, board: BoardId) -> Page | Response:
    """The equality questions, none of which must be answered."""
    at = writing(person, board)
    form = EqualityForm.on(at.draft)
    status = _keep(person, at, form, EQUALITY, lambda draft: draft.equal(form.version.number, form.answers()))
    return done("part-kept", url_for(".tasks", board=board)) if status is None else page("equality", at, status, form)


def _keep(person: Person, at: Desk, form: Form, part: str, change: Change) -> int | None:
    """Save what the form holds; None once it is saved, else the status of the page to show again."""
    if not form.submitted():
        return INVALID if form.errors else OK
    try:
        _save(person, at.board.id, change)
    except StalePart as error:
        # shown beside what is kept now; a second press saves it over that
        version: Version = form["version"]  # type: ignore[assignment]
        version.data = str(at.draft.version(part))
        form.complain(error.message)
        return CONFLICT
    except DraftTooLong as error:
        form.complain(error.message)
        return INVALID
    return None


def _save(person: Person, board: BoardId, change: Change) -> Draft:
    return drafting.save(g.db, config().keys, person, board, change)


def _details(form: DetailsForm) -> Details:
    found = form.details()
    check_details(found)
    return found
