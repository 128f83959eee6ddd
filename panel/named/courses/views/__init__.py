"""Pages on which HR writes courses: all of them, one with its versions, its draft, and the parts of the draft."""

from panel.named.courses.views import courses, draft, parts
from panel.named.courses.views.blueprint import views

__all__ = ["courses", "draft", "parts", "views"]
