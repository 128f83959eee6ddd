"""Pages of training on one blueprint: courses for a whole panel, practice for its markers, scripts for its chair."""

from panel.blind.training.views import courses, practice, scripts, seeds
from panel.blind.training.views.blueprint import views

__all__ = ["courses", "practice", "scripts", "seeds", "views"]
