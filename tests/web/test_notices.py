"""Notices are fixed sentences: nothing a stranger puts into an address appears on a page."""

import pytest
from flask import Flask

from panel.web.notices import NOTICES, done, notice


def test_done_sends_the_person_on_with_a_key_and_no_text() -> None:
    with Flask(__name__).test_request_context("/"):
        assert done("saved", "/boards").headers["Location"] == "/boards?done=saved"
        assert done("saved", "/boards").status_code == 303


def test_done_refuses_a_key_without_a_sentence() -> None:
    with Flask(__name__).test_request_context("/"), pytest.raises(KeyError):
        done("no-such-notice", "/boards")


def test_unknown_key_in_the_address_shows_nothing() -> None:
    with Flask(__name__).test_request_context("/?done=<script>"):
        assert notice() is None


def test_every_notice_is_a_sentence_without_a_gap_to_fill() -> None:
    assert all(text.endswith(".") and "{" not in text and "%" not in text for text in NOTICES.values())
