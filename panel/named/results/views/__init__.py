"""Pages of results: HR's list, feedback and publication, and each candidate's own result."""

from panel.named.results.views import feedback, listing, own, publishing
from panel.named.results.views.blueprint import views

__all__ = ["feedback", "listing", "own", "publishing", "views"]
