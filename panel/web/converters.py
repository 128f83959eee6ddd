"""Typed path parameters. What is not in the right form matches no route: the same 404 as what does not exist."""

from typing import Any

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

from panel.kernel import ids
from panel.kernel.errors import Malformed


class IdConverter(BaseConverter):
    """An identifier as 32 hexadecimal digits."""

    kind: type[ids.Id] = ids.Id
    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> ids.Id:
        """The typed identifier."""
        return self.kind.parse(value)

    def to_url(self, value: ids.Id) -> str:
        """32 hexadecimal digits."""
        return str(value)


class CodeConverter(BaseConverter):
    """A random code, without hyphens."""

    kind: type[ids.Code] = ids.TaskCode
    regex = "[0-9A-HJKMNP-TV-Z]{12}"

    def to_python(self, value: str) -> ids.Code:
        """The typed code."""
        return self.kind(value)

    def to_url(self, value: ids.Code) -> str:
        """As stored."""
        return str(value)


class TaskConverter(CodeConverter):
    """The code of one marking task."""

    kind = ids.TaskCode


class TextConverter(CodeConverter):
    """The code of one text check."""

    kind = ids.TextCode


class CertificateConverter(CodeConverter):
    """The code of one certificate of training."""

    kind = ids.CertificateCode


class NumberConverter(BaseConverter):
    """A six-digit number."""

    regex = "[0-9]{6}"

    def to_python(self, value: str) -> ids.Number:
        """The number; a leading zero matches nothing."""
        try:
            return ids.Number(int(value))
        except Malformed as error:
            raise ValidationError from error

    def to_url(self, value: Any) -> str:
        """Six digits."""
        return str(int(value))


class SlugConverter(BaseConverter):
    """The key of a criterion, a step or a page."""

    regex = "[a-z0-9-]{1,60}"


_IDS: dict[str, type[ids.Id]] = {
    "board": ids.BoardId,
    "framework": ids.FrameworkId,
    "course": ids.CourseId,
    "taught": ids.TaughtId,
    "script": ids.ScriptId,
    "ceremony": ids.CeremonyId,
    "keyholder": ids.KeyholderId,
    "invitation": ids.InvitationId,
    "passkey": ids.PasskeyId,
    "marker": ids.MarkerId,
    "account": ids.AccountId,
}


def init_converters(app: Flask) -> None:
    """Teach the application our path parameters."""
    for name, kind in _IDS.items():
        app.url_map.converters[name] = type(f"{kind.__name__}Converter", (IdConverter,), {"kind": kind})
    app.url_map.converters.update(task=TaskConverter, text=TextConverter, certificate=CertificateConverter)
    app.url_map.converters.update(number=NumberConverter, slug=SlugConverter)
