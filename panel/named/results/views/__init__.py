"""Pages of results: HR's list, feedback, publication and archiving, and each candidate's own result."""

from panel.named.results.views import archiving, feedback, listing, own, publishing
from panel.named.results.views.blueprint import views

__all__ = ["archiving", "feedback", "listing", "own", "publishing", "views"]
