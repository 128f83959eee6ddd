"""What keyholders and HR do with a vault. Private keys are touched in the child alone; these verbs ask it.

Verbs that take a Database need the caller's own transaction to be over: the child has a connection of its own, and
SQLite would wait on itself. `lock` and `abort` touch no key and belong to the caller's transaction. The verbs of a
ceremony are in `convening.py`.
"""

from dataclasses import dataclass, field

from sqlalchemy import delete
from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.queries import holders
from panel.access.roles import Role
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
from panel.named.unsealing.asking import ask_child, keyholding_role
from panel.named.unsealing.convening import CeremonyOpen, abort, close_expired, open_ceremony, release
from panel.named.unsealing.models import RevealedRow
from panel.named.unsealing.queries import KEYHOLDERS
from panel.named.unsealing.request import Request
from panel.sealed.equality import service as equality
from panel.sealed.guesses import service as guesses
from panel.sealed.vault import service as vault

__all__ = [
    "CeremonyOpen",
    "Sheet",
    "abort",
    "close_expired",
    "destroy",
    "enrol",
    "keyholding_role",
    "leading_role",
    "lock",
    "open_board",
    "open_ceremony",
    "prove",
    "prove_seat",
    "release",
    "renew",
]


@dataclass(frozen=True)
class Sheet:
    """What a keyholder is shown once. `recovery` is empty when only the passphrase is new."""

    passphrase: str = field(repr=False)
    fingerprint: bytes
    recovery: str = field(default="", repr=False)


def enrol(database: Database, config: Config, person: Person) -> Sheet:
    """Make the person a keyholder. Raises Missing for someone with no such part, and AlreadyEnrolled."""
    return _sheet(ask_child(database, config, Request.by(person, "enrol", keyholding_role(person))))


def prove(database: Database, config: Config, person: Person, *, passphrase: str, recovery: str) -> None:
    """Prove both ways to one's key; from then on a board may seat the person.

    Raises NotWords, NotCode, NotKeyholder, WrongPassphrase, WrongRecoveryCode and TooManyAttempts.
    """
    role = keyholding_role(person)
    ask_child(database, config, Request.by(person, "prove", role, passphrase=passphrase, recovery=recovery))


def renew(database: Database, config: Config, person: Person, *, recovery: str) -> Sheet:
    """A new passphrase for a forgotten one. Raises NotCode, NotKeyholder, WrongRecoveryCode and TooManyAttempts."""
    return _sheet(ask_child(database, config, Request.by(person, "renew", keyholding_role(person), recovery=recovery)))


def prove_seat(database: Database, config: Config, person: Person, board: BoardId, *, passphrase: str) -> None:
    """Show that one's share of a board still opens and agrees with the commitments. Raises NoSeat and Unsound too."""
    role = keyholding_role(person, board)
    ask_child(database, config, Request.by(person, "prove", role, board, passphrase=passphrase))


def open_board(database: Database, config: Config, person: Person, board: BoardId) -> None:
    """draft → open: the vault is founded. Raises WrongStage, NotReady and KeyNotLogged."""
    ask_child(database, config, Request.by(person, "found", Role.HR, board))


def lock(db: Session, config: Config, person: Person, board: BoardId) -> bytes:
    """moderation → locked, signed by the chair or a deputy; returns the marks root.

    Raises WrongStage, NotReady, and Missing for a leader whom a candidate declared. Touches no key of the vault.
    """
    board_service.take(db, board, Stage.MODERATION)
    role = leading_role(db, person, board)
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
    """Part of archiving: envelopes, seats, releases and the opened names are deleted."""
    vault.destroy(db, board)
    equality.destroy(db, board)
    guesses.destroy(db, board)
    early.destroy(db, board)
    db.execute(delete(RevealedRow).where(RevealedRow.board == board))


def leading_role(db: Session, person: Person, board: BoardId) -> Role:
    """The part in which the person may sign the lock. Raises Missing, also for a leader whom a candidate declared."""
    return leading(db, board, person)


def _sheet(done: dict[str, str]) -> Sheet:
    return Sheet(done["passphrase"], bytes.fromhex(done["fingerprint"]), done.get("recovery", ""))
