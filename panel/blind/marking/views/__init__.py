"""Pages of marking on one blueprint: a marker's own work, one task of it, and what chair and deputy do."""

from panel.blind.marking.views import dealing, leaders, task, watching, work
from panel.blind.marking.views.blueprint import views

__all__ = ["dealing", "leaders", "task", "views", "watching", "work"]
