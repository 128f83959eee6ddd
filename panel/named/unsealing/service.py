"""What keyholders and HR do with a vault. Private keys are touched in the child alone; these verbs ask it.

Verbs that take a Database need the caller's own transaction to be over: the child has a connection of its own, and
SQLite would wait on itself. `lock` and `abort` touch no key and belong to the caller's transaction.
"""

from dataclasses import dataclass, field

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.queries import holders
from panel.access.roles import Role
from panel.audit.heads import Signer, sign_head
from panel.audit.service import append
from panel.blind.merit import service as merit
from panel.blind.moderation.queries import leading
from panel.board import service as board_service
from panel.board.lifecycle import NotReady, Stage
from panel.config import Config
from panel.kernel.clock import today
from panel.kernel.database import Database
from panel.kernel.encoding import Json
from panel.kernel.errors import Missing, Refused
from panel.kernel.ids import BoardId, CeremonyId, MarkerId
from panel.named.accounts.letters import Letter
from panel.named.accounts.posting import post
from panel.named.setup.facts import readiness
from panel.named.unsealing import queries
from panel.named.unsealing.ceremony import LASTS, Act, Ceremony, State, check_words, exceptions_text
from panel.named.unsealing.custody_queries import demand_openable
from panel.named.unsealing.ending import end
from panel.named.unsealing.models import CeremonyRow, RevealedRow
from panel.named.unsealing.process import ask
from panel.named.unsealing.queries import KEYHOLDERS
from panel.named.unsealing.request import Request
from panel.named.unsealing.room import NoSeat
from panel.named.unsealing.verbs.checks import AlreadyUnsealed, NoCeremony
from panel.sealed.equality import service as equality
from panel.sealed.vault import service as vault
from panel.sealed.vault.service import TooManyAttempts


class CeremonyOpen(Refused):
    """One ceremony at a time."""

    sentence = "A ceremony is open for this board already."


@dataclass(frozen=True)
class Sheet:
    """What a keyholder is shown once. `recovery` is empty when only the passphrase is new."""

    passphrase: str = field(repr=False)
    fingerprint: bytes
    recovery: str = field(default="", repr=False)


def enrol(database: Database, config: Config, person: Person) -> Sheet:
    """Make the person a keyholder. Raises Missing for someone with no such part, and AlreadyEnrolled."""
    return _sheet(_ask(database, config, Request.by(person, "enrol", keyholding_role(person))))


def prove(database: Database, config: Config, person: Person, *, passphrase: str, recovery: str) -> None:
    """Prove both ways to one's key; from then on a board may seat the person.

    Raises NotWords, NotCode, NotKeyholder, WrongPassphrase, WrongRecoveryCode and TooManyAttempts.
    """
    role = keyholding_role(person)
    _ask(database, config, Request.by(person, "prove", role, passphrase=passphrase, recovery=recovery))


def renew(database: Database, config: Config, person: Person, *, recovery: str) -> Sheet:
    """A new passphrase for a forgotten one. Raises NotCode, NotKeyholder, WrongRecoveryCode and TooManyAttempts."""
    return _sheet(_ask(database, config, Request.by(person, "renew", keyholding_role(person), recovery=recovery)))


def prove_seat(database: Database, config: Config, person: Person, board: BoardId, *, passphrase: str) -> None:
    """Show that one's share of a board still opens and agrees with the commitments. Raises NoSeat and Unsound too."""
    role = keyholding_role(person, board)
    _ask(database, config, Request.by(person, "prove", role, board, passphrase=passphrase))


def open_board(database: Database, config: Config, person: Person, board: BoardId) -> None:
    """draft → open: the vault is founded. Raises WrongStage, NotReady and KeyNotLogged."""
    _ask(database, config, Request.by(person, "found", Role.HR, board))


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


def open_ceremony(database: Database, config: Config, person: Person, board: BoardId, *, passphrase: str) -> Ceremony:
    """A custodian proves her share, and fixes root and head. Raises CeremonyOpen, WrongStage, NotOpenable."""
    if not person.may(Role.CUSTODIAN, board):
        raise Missing
    with database.reading() as db:
        board_service.hold(db, board, Stage.LOCKED)
        _no_ceremony(db, board)
        demand_openable(db, board)
    prove_seat(database, config, person, board, passphrase=passphrase)
    with database.writing() as db:
        return _begin(db, config, person, board)


def release(database: Database, config: Config, person: Person, board: BoardId, *, words: str, passphrase: str) -> Act:
    """A keyholder's consent. The custodian who completes the quorum opens the names; says which of the two it was.

    `words`: the first two of the locked marks. Raises NoCeremony, AlreadyUnsealed, NoSeat, WrongWords, PanelFirst,
    AlreadyReleased, what unlocking raises, and Unsound, after which nothing has changed but the log.
    """
    with database.reading() as db:
        act = _act(db, person, board, words)
    role = keyholding_role(person, board)
    _ask(database, config, Request.by(person, act.value, role, board, passphrase=passphrase, words=words))
    return act


def abort(db: Session, person: Person, board: BoardId) -> None:
    """End a ceremony before it is finished; what was released for it is deleted. Raises NoCeremony."""
    board_service.take(db, board, Stage.LOCKED)
    ceremony = queries.open_ceremony(db, board, lock=True)
    if ceremony is None:
        raise NoCeremony
    end(db, ceremony)
    append(db, board, "ceremony.aborted", person.id, keyholding_role(person, board), {"ceremony": str(ceremony.id)})


def close_expired(db: Session) -> int:
    """Close every ceremony that ran out or was overtaken, and delete what was released for it; how many.

    Part of the daily round: what a keyholder released was consent for seven days and for the scores as they stood, and
    must not lie there until somebody begins another ceremony.
    """
    closed = 0
    for board in queries.in_ceremony(db):
        board_service.take(db, board)
        ceremony = queries.open_ceremony(db, board, lock=True)
        # while we waited somebody may have ended it, or begun another
        if ceremony is not None and not _stands(db, ceremony):
            _close(db, ceremony, None, "system")
            closed += 1
    return closed


def destroy(db: Session, board: BoardId) -> None:
    """Part of archiving: envelopes, seats, releases and the opened names are deleted."""
    vault.destroy(db, board)
    equality.destroy(db, board)
    db.execute(delete(RevealedRow).where(RevealedRow.board == board))


def keyholding_role(person: Person, board: BoardId | None = None) -> Role:
    """As what the person holds a key: on that board, or on any. Raises Missing."""
    held = {role for where, role in person.roles if board in {None, where}}
    found = next((role for role in KEYHOLDERS if role in held), None)
    if found is None:
        raise Missing
    return found


def leading_role(db: Session, person: Person, board: BoardId) -> Role:
    """The part in which the person may sign the lock. Raises Missing, also for a leader whom a candidate declared."""
    return leading(db, board, person)


def _act(db: Session, person: Person, board: BoardId, words: str) -> Act:
    progress = queries.progress(db, board, person.account)
    if progress.unsealed:
        raise AlreadyUnsealed
    if progress.ceremony is None:
        raise NoCeremony
    if progress.seat is None:
        raise NoSeat
    check_words(progress.ceremony.marks_root, words)
    act = progress.standing.act(progress.seat.seat)
    wanted = Act.RELEASE if act is Act.WAIT else act
    progress.standing.demand(progress.seat.seat, wanted)
    return wanted


def _begin(db: Session, config: Config, person: Person, board: BoardId) -> Ceremony:
    held = board_service.take(db, board, Stage.LOCKED)
    _no_ceremony(db, board)
    earlier = queries.open_ceremony(db, board, lock=True)
    if earlier is not None:
        _close(db, earlier, person.id, Role.CUSTODIAN)
    head = sign_head(db, board, Signer.of(config.keys))
    if held.marks_root is None:
        raise Missing
    begun = Ceremony(
        id=CeremonyId.new(),
        board=board,
        marks_root=held.marks_root,
        head_size=head.size,
        head_root=head.root,
        exceptions=(),
        opened_on=today(),
        expires_on=today() + LASTS,
        state=State.OPEN,
    )
    columns = {**vars(begun), "exceptions": exceptions_text(()).decode(), "state": State.OPEN.value}
    db.execute(insert(CeremonyRow).values(**columns, opened_by=person.id))
    facts: dict[str, Json] = {
        "ceremony": str(begun.id),
        "head_root": head.root.hex(),
        "head_size": head.size,
        "marks_root": held.marks_root.hex(),
    }
    append(db, board, "ceremony.opened", person.id, Role.CUSTODIAN, facts)
    return begun


def _no_ceremony(db: Session, board: BoardId) -> None:
    ceremony = queries.open_ceremony(db, board)
    if ceremony is not None and _stands(db, ceremony):
        raise CeremonyOpen


def _stands(db: Session, ceremony: Ceremony) -> bool:
    return ceremony.running(today()) and not queries.overtaken_by(db, ceremony)


def _close(db: Session, ceremony: Ceremony, actor: MarkerId | None, role: str) -> None:
    """Close a ceremony that counts for nothing any more, so that the log accounts for the releases it deletes."""
    end(db, ceremony)
    told: dict[str, Json] = {"ceremony": str(ceremony.id)}
    if queries.overtaken_by(db, ceremony):
        append(db, ceremony.board, "ceremony.overtaken", actor, role, told)
    else:
        append(db, ceremony.board, "ceremony.expired", actor, role, told)


def _ask(database: Database, config: Config, request: Request) -> dict[str, str]:
    try:
        return ask(config, request)
    except TooManyAttempts:
        _tell(database, request)
        raise


def _tell(database: Database, request: Request) -> None:
    """The other keyholders learn that a key of their boards was tried too often."""
    with database.writing() as db:
        others = queries.fellow_keyholders(db, request.actor) - {request.account}
        post(db, others, Letter.CHANGED)


def _sheet(done: dict[str, str]) -> Sheet:
    return Sheet(done["passphrase"], bytes.fromhex(done["fingerprint"]), done.get("recovery", ""))
