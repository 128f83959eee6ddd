"""The form with which an auditor compares a head she kept elsewhere."""

import re
from typing import Final

from wtforms import ValidationError

from panel.web.forms import Form, Line

_HEAD: Final = re.compile(r"([0-9]{1,9}):([0-9a-f]{64})")


class HeadForm(Form):
    """A head as the log's page, the record and the mails write it."""

    head = Line("Head", "Enter a head")

    def validate_head(self, field: Line) -> None:
        """Raises ValidationError unless it is SIZE:ROOT."""
        if not _HEAD.fullmatch(self._text()):
            raise ValidationError("Head must be a number, a colon and 64 digits or letters from a to f")

    @property
    def size(self) -> int:
        """How many entries it counts."""
        return int(self._text().split(":")[0])

    @property
    def root(self) -> bytes:
        """The root over them: 32 bytes."""
        return bytes.fromhex(self._text().split(":")[1])

    def _text(self) -> str:
        # a mail breaks long lines
        return "".join(str(self.head.data).split()).lower()
