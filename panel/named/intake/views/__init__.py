"""A candidate's pages: rules, writing, checking, submitting, what her code opens. And HR's page for closing a board."""

from panel.named.intake.views import closing, code, home, receipts, submitting, writing
from panel.named.intake.views.blueprint import views

__all__ = ["closing", "code", "home", "receipts", "submitting", "views", "writing"]
