"""Two boards with keyholders of their own, written into the tables by the service's own hand."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.kernel.encoding import digest
from panel.kernel.ids import AccountId, BoardId, KeyholderId, SubmissionRef
from panel.sealed.vault import service
from panel.sealed.vault.custody import REHEARSAL, Kind, Slot, lock
from panel.sealed.vault.envelope import KeyPair
from panel.sealed.vault.models import EnvelopeRow
from panel.sealed.vault.opening import Vault
from panel.sealed.vault.sharing import Seat, Sharing, Side

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
HOUR = int(NOON.timestamp()) // 3600


@dataclass(frozen=True)
class Holder:
    """A keyholder, by a seed of one repeated byte."""

    seed: int
    account: AccountId = field(default_factory=AccountId.new)
    id: KeyholderId = field(default_factory=KeyholderId.new)

    @property
    def public(self) -> bytes:
        return KeyPair.from_seed(bytes([self.seed]) * 32).public

    def slot(self, kind: Kind = Kind.PASSPHRASE) -> Slot:
        return lock(self.id, kind, b"secret", seed=bytes(32), profile=REHEARSAL, pepper=b"")


@dataclass(frozen=True)
class Scene:
    """Board `one` has seats hr 1, hr 2 and panel 1, of which hr 2 is lost; board `other` has hr 1, of `anne`."""

    anne: Holder
    bob: Holder
    gone: Holder
    one: BoardId
    other: BoardId


def envelope(number: int) -> bytes:
    return bytes([number]) * 2160


def found(db: Session, board: BoardId, shares: dict[Seat, int], sharing: Sharing = Sharing(2, 3)) -> None:  # noqa: B008 - frozen
    pieces = {Side.HR: tuple(bytes([n]) * 32 for n in range(len(sharing.sets))), Side.PANEL: (b"\x09" * 32,)}
    vault = Vault(board, digest(board), Holder(9).public, sharing, pieces)
    service.found(db, vault, {seat: envelope(number) for seat, number in shares.items()})


def keep(db: Session, board: BoardId, *refs: SubmissionRef) -> None:
    for ref in refs:
        db.add(EnvelopeRow(ref=ref, board=board, format=1, sealed=envelope(ref[0])))
    db.flush()


def refs(*numbers: int) -> list[SubmissionRef]:
    return [SubmissionRef(bytes([number]) * 16) for number in numbers]


def at(db: Session, board: BoardId, stage: Stage) -> None:
    db.execute(update(BoardRow).where(BoardRow.id == board).values(stage=stage.value))
