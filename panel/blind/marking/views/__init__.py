"""Pages of marking on one blueprint: a marker's own work, one task of it, and what the chair does."""

from panel.blind.marking.views import leaders, task, work
from panel.blind.marking.views.blueprint import views

__all__ = ["leaders", "task", "views", "work"]
