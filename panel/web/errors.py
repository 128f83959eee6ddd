"""Errors become pages: kinds map to statuses, the person reads the sentence, the log says what but not who."""

from http import HTTPStatus
from typing import Final

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from panel.kernel import errors
from panel.web.csrf import FIELD, ForgedRequest, OtherSite
from panel.web.logs import Event, log_failure, note

_STATUS: Final[tuple[tuple[type[errors.PanelError], int], ...]] = (
    (errors.Missing, 404),
    (errors.Forbidden, 404),
    (errors.Throttled, 429),
    (errors.Refused, 409),
    (errors.Invalid, 422),
    (errors.Malformed, 400),
    (errors.Misconfigured, 500),
)
_SENTENCES: Final = {
    400: "The service could not understand that request.",
    404: "Page not found.",
    405: "Page not found.",
    413: "That is more text than this page takes.",
    415: "The service could not understand that request.",
}
_HEADINGS: Final = {
    400: "That did not work",
    404: "Page not found",
    409: "That cannot be done now",
    413: "Too much text",
    422: "Check your answers",
    429: "Too many attempts",
    500: "Sorry, there is a problem",
}
_LONGEST_ECHO: Final = 20_000
#: Fields whose name holds one of these words are never handed back; every box for a secret is called so.
SECRET: Final = (FIELD, "password", "passphrase", "passkey", "code")


def init_errors(app: Flask) -> None:
    """Let every error end in a page of ours."""
    app.register_error_handler(errors.PanelError, _panel_error)
    app.register_error_handler(ForgedRequest, _forged)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _failure)


def status_of(error: errors.PanelError) -> int:
    """The status of a kind of error."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def told(error: errors.PanelError) -> tuple[Response, int]:
    """A refusal as a page that saves itself reads it: its sentence as JSON, and 409 for a conflict alone.

    Raises the error again where it is no refusal but a fault of the service.
    """
    status = status_of(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise error
    if isinstance(error, errors.Refused) and not isinstance(error, errors.Stale):
        status = HTTPStatus.FORBIDDEN
    return jsonify(error=error.message), status


def page(
    status: int,
    sentence: str,
    details: tuple[str, ...] = (),
    kept: tuple[str, ...] = (),
    template: str = "web/error.html",
) -> tuple[str, int]:
    """An error page. `kept`: the person's own text, handed back so that nothing is lost."""
    heading = _HEADINGS.get(status, _HEADINGS[500 if status >= 500 else 400])  # noqa: PLR2004 - server errors
    return render_template(
        template, status=status, heading=heading, sentence=sentence, details=details, kept=kept
    ), status


def own_text() -> tuple[str, ...]:
    """What the person typed into the form that could not be taken, longest fields only, passwords never."""
    texts = (value for key, value in request.form.items() if not any(word in key for word in SECRET))
    return tuple(text[:_LONGEST_ECHO] for text in texts if len(text) > 40)  # noqa: PLR2004 - a sentence or more


def _panel_error(error: errors.PanelError) -> tuple[str, int]:
    status = status_of(error)
    if status == 404:  # noqa: PLR2004 - one body for missing, forbidden and malformed alike
        return _missing()
    if status >= 500:  # noqa: PLR2004 - server errors
        return _failure(error)
    _note_refusal(error)
    # what another site sent is nobody's own text, and is not said on a page of ours
    return page(status, error.message, error.details, () if isinstance(error, OtherSite) else _typed())


def _forged(error: ForgedRequest) -> tuple[str, int]:
    _note_refusal(error)
    return page(400, error.message, (), own_text())


def _http_error(error: HTTPException) -> tuple[str, int] | Response:
    status = error.code or 500
    if status >= 500:  # noqa: PLR2004 - server errors
        return _failure(error)
    if status in {404, 405}:
        return _missing()
    if isinstance(error, SecurityError):
        note(Event.HOST_REFUSED)
        # for a host that is not ours no address can be made, and so no page
        return Response(_SENTENCES[status], status, mimetype="text/plain")
    return page(status, _SENTENCES.get(status, _SENTENCES[400]))


def _missing() -> tuple[str, int]:
    """The same for missing, forbidden and malformed; what was to be saved there may have been removed meanwhile."""
    return page(404, _SENTENCES[404], (), _typed())


def _typed() -> tuple[str, ...]:
    return own_text() if request.method == "POST" else ()


def _note_refusal(error: errors.PanelError) -> None:
    """What somebody may be trying on: which page, and never who or from where."""
    if isinstance(error, errors.Throttled):
        note(Event.THROTTLED, endpoint=request.endpoint)
    elif isinstance(error, ForgedRequest | OtherSite):
        note(Event.FORGERY_REFUSED, endpoint=request.endpoint)


def _failure(error: Exception) -> tuple[str, int]:
    original = error.original_exception if isinstance(error, InternalServerError) else error
    log_failure(original or error, request.endpoint)
    return page(500, "Try again later. What you had saved is still there.")
