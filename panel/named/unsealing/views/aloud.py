"""The page that is sent while the names open: a line for each step as it is done, without any script."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flask import Response, stream_template

from panel.board.queries import Board
from panel.kernel.errors import PanelError
from panel.named.unsealing.process import Done, Step, Told
from panel.sealed.vault.opening import Unsound

#: What each step says once it is done. One that counts says how far it has come.
SENTENCES: Final = {
    "log": "The log, its signed heads and the keyholders’ keys are as they should be.",
    "marks": "The marks are the ones that were locked, and nothing is missing.",
    "key": "The shares fit, and together they are the board’s key.",
    "envelopes": "Opened {done:,} of {of:,} envelopes.",
    "people": "The people in the envelopes are the people who applied.",
    "close": "Every application is as it was at the close.",
    "names": "The names are the ones that were opened before.",
}


@dataclass(frozen=True)
class Line:
    """One line of the page, or how it ended: `refused` by a check, `failed` otherwise; then nothing was opened."""

    text: str = ""
    done: bool = False
    refused: Unsound | None = None
    failed: str = ""


def shown(steps: Iterator[Told], board: Board, occasion: str | None) -> Response:
    """The page as it grows. A proxy that collected it first would show nothing until the end."""
    page = Response(
        stream_template("named/unsealing/aloud.html", lines=map(_line, steps), board=board, occasion=occasion)
    )
    page.headers["X-Accel-Buffering"] = "no"
    return page


def _line(told: Told) -> Line:
    if isinstance(told, Step):
        return Line(text=SENTENCES[told.name].format(done=told.done, of=told.of))
    if isinstance(told, Unsound):
        return Line(refused=told)
    return Line(failed=told.message) if isinstance(told, PanelError) else Line(done=isinstance(told, Done))
