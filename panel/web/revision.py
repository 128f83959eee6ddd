"""A form over something that several people, or two tabs of one, may change: the second is told before it overwrites.

The page carries a digest of what it showed. If something else is kept by the time the form comes back, nothing is
saved: what was typed stays, each box says what is kept now, and the next press replaces it knowingly.
"""

from typing import Any, Final

from wtforms import Field

from panel.kernel.encoding import digest
from panel.web.forms import Form, Hidden, Line, Prose, Whole

CHANGED: Final = (
    "Somebody changed this since you opened the page. What you entered is still here. "
    "Save again to replace what was saved meanwhile"
)
_LENGTH: Final = 8


class Revision(Form):
    """A form whose first values are what is kept. `stale` once it came back from a page that showed others."""

    seen = Hidden()
    stale = False

    @property
    def edition(self) -> str:
        """What is kept now, as a digest: the page shows it as `seen`."""
        kept = {field.name: str(field.object_data) for field in self._revised()}
        return digest(repr(sorted(kept.items())).encode())[:_LENGTH].hex()

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: the page showed what is kept now."""
        sound = super().validate(extra_validators)
        self.stale = not self.seen.errors and self.seen.data != self.edition
        if self.stale:
            self.complain(CHANGED)
            for field in self._revised():
                _tell(self, field)
        return sound and not self.stale

    def _revised(self) -> list[Field]:
        return [field for field in self if field.name not in {"seen", self.meta.csrf_field_name}]


def _tell(form: Form, field: Field) -> None:
    """Say beside a box what is kept, where that is not what was typed."""
    kept = "" if field.object_data is None else str(field.object_data)
    if isinstance(field, Line | Prose | Whole) and kept != str(field.data or ""):
        form.complain(f"Saved meanwhile: {kept or 'nothing'}", about=field)
