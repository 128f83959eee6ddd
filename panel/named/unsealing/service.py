"""What becomes of a board's vault: founded when the board opens, bound to the locked marks, destroyed at the end."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.queries import holders
from panel.access.roles import KEYHOLDERS, Role
from panel.audit.heads import Signer, sign_head
from panel.blind.merit import service as merit
from panel.blind.moderation.queries import leading
from panel.board import service as board_service
from panel.board.lifecycle import NotReady, Stage
from panel.config import Config
from panel.kernel.database import Database
from panel.kernel.encoding import Json
from panel.kernel.ids import BoardId
from panel.named.accounts.letters import Letter
from panel.named.accounts.posting import post
from panel.named.setup.facts import readiness
from panel.named.unsealing import early
from panel.named.unsealing.asking import ask_child
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.models import RevealedRow
from panel.sealed.equality import service as equality
from panel.sealed.guesses import service as guesses
from panel.sealed.vault import service as vault


def open_board(database: Database, config: Config, person: Person, board: BoardId) -> None:
    """draft → open: the vault is founded. Raises WrongStage, NotReady and KeyNotLogged."""
    ask_child(database, config, Request.by(person, "found", Role.HR, board))


def lock(db: Session, config: Config, person: Person, board: BoardId) -> bytes:
    """moderation → locked, signed by the chair or a deputy; returns the marks root.

    Raises WrongStage, NotReady, and Missing for a leader whom a candidate declared. Touches no key of the vault.
    """
    board_service.take(db, board, Stage.MODERATION)
    role = leading(db, board, person)
    ready = readiness(db, board, Stage.LOCKED)
    if not ready.complete:
        raise NotReady(details=[fact.sentence for fact in ready.missing])
    root = merit.lock(db, board)
    facts: dict[str, Json] = {"marks_root": root.hex()}
    board_service.advance(db, board, Stage.LOCKED, ready, person.id, role, facts, marks_root=root)
    sign_head(db, board, Signer.of(config.keys))
    post(db, {each.account for each in holders(db, board, *KEYHOLDERS, Role.AUDITOR)}, Letter.CHANGED)
    return root


def destroy(db: Session, board: BoardId) -> None:
    """Part of archiving and of cancelling: envelopes, seats, releases and whatever names are open are deleted."""
    vault.destroy(db, board)
    equality.destroy(db, board)
    guesses.destroy(db, board)
    early.destroy(db, board)
    db.execute(delete(RevealedRow).where(RevealedRow.board == board))
