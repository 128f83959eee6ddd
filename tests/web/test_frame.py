"""The page frame: our templates are strict about what they are given, the GOV.UK macros are not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, g, render_template, render_template_string
from jinja2 import StrictUndefined, UndefinedError
from werkzeug.exceptions import NotFound

from panel.config import ROOT
from panel.kernel.errors import Invalid, Missing, Stale
from panel.web.errors import init_errors
from panel.web.forms import Choice, Day, Form, Line, OneOf, Prose, SomeOf, Version
from panel.web.frame import init_frame
from panel.web.notices import NOTICES
from panel.web.sessions import TokenSessions

PAGE = """{% extends "base.html" %}{% from "web/fields.html" import csrf, error_summary, field, hidden %}
{% block title %}Apply{% endblock %}
{% block back %}<a class="govuk-back-link" href="/">Back</a>{% endblock %}
{% block content %}{{ error_summary(form) }}<h1>Apply</h1>
<form method="post">{{ csrf(form) }}{{ hidden(form.version) }}
{% for each in (form.name, form.score, form.known, form.day, form.answer) %}{{ field(each) }}{% endfor %}</form>
{% endblock %}"""
CHOICES = [Choice("0", "None"), Choice("1", "Some")]


class Apply(Form):
    name = Line("Name", "Enter a name")
    score = OneOf("Score", "Select a score", CHOICES)
    known = SomeOf("Known", "Select somebody", CHOICES)
    day = Day("Day", "Enter a day")
    answer = Prose("Answer", "Enter an answer", words=10)
    version = Version()


@pytest.fixture
def app() -> Iterator[Flask]:
    app = Flask("panel.app", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "panel" / "static"))
    app.session_interface = TokenSessions(secure=False)
    app.jinja_env.undefined = StrictUndefined
    init_frame(app)
    with app.test_request_context("/", method="POST"):
        yield app


def test_error_summary_links_to_the_first_box_of_each_field(app: Flask) -> None:
    form = Apply()
    form.submitted()
    page = render_template_string(PAGE, form=form)
    assert "<title>Error: Apply – Blind promotion boards</title>" in page
    for box in ("name", "score", "known", "day-day", "answer"):
        assert f'href="#{box}"' in page
        assert f'id="{box}"' in page


def test_errors_that_are_sentences_stand_one_after_the_other(app: Flask) -> None:
    form = Apply()
    form.complain("Line 2: no task.", "Line 3: no code", about=form.answer)
    assert "Line 2: no task. Line 3: no code" in render_template_string(PAGE, form=form)


def test_page_without_errors_has_no_summary_and_no_error_in_its_title(app: Flask) -> None:
    page = render_template_string(PAGE, form=Apply())
    assert "<title>Apply – Blind promotion boards</title>" in page
    assert "govuk-error-summary" not in page


def test_what_a_person_typed_is_escaped(app: Flask) -> None:
    page = render_template_string(PAGE, form=Apply(data={"name": '"><b>x', "answer": "</textarea><b>x"}))
    assert "<b>x" not in page


def test_own_templates_refuse_a_value_that_was_not_given(app: Flask) -> None:
    with pytest.raises(UndefinedError):
        render_template_string("{{ nobody_gave_this }}")


def test_signed_in_people_get_a_sign_out_form_with_a_token(app: Flask) -> None:
    assert "/sign-out" not in render_template_string(PAGE, form=Apply())
    g.actor = object()
    page = render_template_string(PAGE, form=Apply())
    assert page.count('name="csrf_token"') == 2


def test_notice_of_the_address_is_shown_once(app: Flask) -> None:
    with app.test_request_context("/?done=saved"):
        assert render_template_string(PAGE, form=Apply()).count(NOTICES["saved"]) == 1


def test_page_not_found_looks_the_same_whoever_asks(app: Flask) -> None:
    values = {"status": 404, "heading": "Page not found", "sentence": "Page not found.", "details": (), "kept": ()}
    stranger = render_template("web/error.html", **values)
    g.actor = object()
    assert render_template("web/error.html", **values) == stranger


@pytest.mark.parametrize("error", [Missing(), Invalid(), Stale(), NotFound()])
def test_whatever_refuses_a_form_hands_back_what_was_typed_and_no_secret(app: Flask, error: Exception) -> None:
    init_errors(app)
    note, secret = (
        "A note that took her some time to write and to get right.",
        "eight words that nobody but she should ever see",
    )
    with app.test_request_context("/boards", method="POST", data={"note": note, "new_passphrase": secret}):
        page, _status = app.handle_user_exception(error)
    assert note in page
    assert secret not in page


def test_templates_hold_no_inline_script_style_or_handler() -> None:
    for path in Path(ROOT / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        for banned in ("<style", " style=", "javascript:", " onclick=", " onsubmit=", "|safe", "| safe"):
            assert banned not in text, f"{path}: {banned}"
        assert "<script>" not in text, path
