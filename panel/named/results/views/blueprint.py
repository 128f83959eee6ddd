"""The blueprint that the pages of results register on."""

from pathlib import Path

from flask import Blueprint, Response

from panel.config import config
from panel.kernel.ids import BoardId

views = Blueprint("results", __name__)


def keys() -> Path:
    """Where the results key is."""
    return config().keys


def download(content: bytes, kind: str, name: str, board: BoardId) -> Response:
    """A file whose name holds the board and nothing of a person."""
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name.format(board=board)}"'
    return answer
