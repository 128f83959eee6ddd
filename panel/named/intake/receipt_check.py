"""What can be said of a receipt to whoever shows it: signed here, for which board, and counted at the close."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from panel.audit import queries as audit
from panel.audit.heads import Signer
from panel.board.lifecycle import Stage
from panel.board.queries import Board
from panel.board.queries import board as read_board
from panel.kernel.errors import Missing
from panel.named.intake.presented import Presented
from panel.sealed.vault import queries as vault
from panel.web.filters import plural


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it holds (None if nothing can be said yet, or any more), in a sentence."""

    good: bool | None
    sentence: str


def check(db: Session, keys: Path, shown: Presented) -> tuple[Finding, ...]:
    """Look at a receipt, in the order in which people read it.

    Of a receipt that was not signed here nothing more is said, not even whether there is such a board.
    """
    found = _board(db, shown)
    if found is None or not shown.signed_by(*_publics(db, keys, found)):
        sentence = "This service did not sign this receipt, or something in it was changed afterwards. "
        return (Finding(good=False, sentence=sentence + "Nothing else was looked at."),)
    return tuple(_findings(db, found, shown))


def _board(db: Session, shown: Presented) -> Board | None:
    try:
        return read_board(db, shown.board)
    except Missing:
        return None


def _publics(db: Session, keys: Path, board: Board) -> Iterator[bytes]:
    """The key that signs now, and the one that the board's log named when it opened: a lost key is replaced."""
    yield Signer.of(keys).public
    for opened in audit.entries(db, board.id, Stage.OPEN.entry):
        yield bytes.fromhex(str(opened.facts.get("log_key", "")))


def _findings(db: Session, board: Board, shown: Presented) -> Iterator[Finding]:
    yield Finding(good=True, sentence=f"The signature is good. This service gave the receipt for ‘{board.title}’.")
    if shown.answers_agree:
        yield Finding(good=True, sentence="The answers in it are, word for word, the ones that were submitted.")
    else:
        yield Finding(good=False, sentence="The answers in it were changed: they are not the ones that were submitted.")
    if shown.policy_digest != board.policy_digest:
        yield Finding(good=False, sentence="The rules it names are not those of the board: that part was changed.")
    yield from _counted(db, board, shown)


def _counted(db: Session, board: Board, shown: Presented) -> Iterator[Finding]:
    closed = audit.entries(db, board.id, Stage.CLOSED.entry)
    if not closed:
        yield Finding(good=None, sentence=_not_closed(board))
        return
    root, size = bytes.fromhex(str(closed[-1].facts["lodged_root"])), int(str(closed[-1].facts["submissions"]))
    led, count = shown.leads_to(root, size), plural(size, "submission")
    among = led or _among(db, board, shown)
    if among:
        sentence = f"It is one of the {count} that the board’s log has counted since the close."
    elif among is None:
        sentence = "The board’s tables can no longer say whether it was counted. Its record can."
    else:
        sentence = (
            f"It is not one of the {count} that the board’s log has counted since the close. A receipt counts no "
            "longer once the application was changed or withdrawn before the close. If it was neither, tell the "
            "auditor of the board."
        )
    yield Finding(good=among, sentence=sentence)
    if among and shown.counted is not None and not led:
        sentence = "The path in it was changed. Download the receipt again to have the right one."
        yield Finding(good=False, sentence=sentence)


def _among(db: Session, board: Board, shown: Presented) -> bool | None:
    """Whether its leaf is in the tree that the close kept; None once that is destroyed."""
    kept = vault.lodged_leaves(db, board.id)
    return shown.leaf in kept.values() if kept else None


def _not_closed(board: Board) -> str:
    if board.stage is Stage.CANCELLED:
        return "The board was cancelled before it closed. What was submitted to it is destroyed."
    return (
        "The board has not closed yet. Until it does, an application can be changed or withdrawn, and an earlier "
        "receipt then counts no longer. Check again after the close."
    )
