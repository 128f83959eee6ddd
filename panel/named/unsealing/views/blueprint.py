"""The blueprint that these pages register on, and what several of them do."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, g, render_template, request
from werkzeug.wrappers import Response

from panel.access.guards import person
from panel.kernel.errors import Invalid, Malformed
from panel.named.unsealing import queries
from panel.named.unsealing.forms import KeyForm
from panel.sealed.vault.custody import WrongSecret
from panel.web.forms import Form

views = Blueprint("unsealing", __name__)

Page = tuple[str, int] | Response


def page(template: str, form: Form, **values: object) -> Page:
    """A form's page, with the status that its errors ask for."""
    status = 422 if request.method == "POST" else 200
    return render_template(f"named/unsealing/{template}.html", form=form, **values), status


@contextmanager
def asking(form: KeyForm) -> Iterator[None]:
    """Around a verb that asks the child: what was typed wrongly ends up beside its field.

    The request's own transaction ends first, for the child has a connection of its own and SQLite would wait on itself.
    """
    g.db.rollback()
    try:
        yield
    except WrongSecret as error:
        form.tell(error, queries.tries_left(g.db, person().account))
    except (Invalid, Malformed) as error:
        form.tell(error)
