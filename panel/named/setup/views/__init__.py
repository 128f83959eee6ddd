"""HR's pages of a board: its list, its rules step by step, its people, and its moves; and the library of frameworks."""

from panel.named.setup.views import criteria, dates, frameworks, home, moves, people, rules
from panel.named.setup.views.blueprint import views

__all__ = ["criteria", "dates", "frameworks", "home", "moves", "people", "rules", "views"]
