"""Reading a log: its entries, its head, the heads that were signed, and whether it all still agrees."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.audit.entry import Entry, Stored
from panel.audit.merkle import Frontier
from panel.audit.models import LogEntry, LogHead, SignedHead
from panel.audit.replay import Replay, replay
from panel.kernel.encoding import Json
from panel.kernel.ids import BoardId


@dataclass(frozen=True)
class Signed:
    """A signed head: the root of the first `size` entries, when and with which key it was signed."""

    size: int
    root: bytes
    on: date
    key_id: bytes
    signature: bytes

    def to_json(self) -> dict[str, Json]:
        """As files hold it: digests in hexadecimal digits."""
        digests = {name: getattr(self, name).hex() for name in ("root", "key_id", "signature")}
        return {"size": self.size, "on": self.on.isoformat(), **digests}


def entries(db: Session, log: BoardId, kind: str | None = None) -> tuple[Entry, ...]:
    """The entries of a log in order, all or those of one kind. Raises UnreadableEntry if one was spoilt."""
    read = map(Entry.read, stored_entries(db, log))
    return tuple(entry for entry in read if kind in (None, entry.kind))


def stored_entries(db: Session, log: BoardId, since: int = 0) -> tuple[Stored, ...]:
    """The entries of a log in order, from the one numbered `since` on, as the table holds them."""
    wanted = (LogEntry.log == log) & (LogEntry.seq >= since)
    query = select(LogEntry.seq, LogEntry.body, LogEntry.leaf).where(wanted).order_by(LogEntry.seq)
    return tuple(Stored(row.seq, row.body, row.leaf) for row in db.execute(query))


def logs(db: Session) -> tuple[BoardId, ...]:
    """Every log that has an entry, by id."""
    return tuple(db.scalars(select(LogHead.log).where(LogHead.size > 0).order_by(LogHead.log)))


def leaves(db: Session, log: BoardId) -> tuple[bytes, ...]:
    """The leaf hashes of a log in order, for proofs."""
    return tuple(stored.leaf for stored in stored_entries(db, log))


def head(db: Session, log: BoardId) -> Frontier:
    """Size and frontier as the head row says; an empty frontier for a log without entries."""
    row = db.execute(select(LogHead.size, LogHead.frontier).where(LogHead.log == log)).first()
    return Frontier() if row is None else Frontier.from_bytes(row.size, row.frontier)


def signed_heads(db: Session, log: BoardId) -> tuple[Signed, ...]:
    """The heads that were signed, smallest first."""
    rows = db.scalars(select(SignedHead).where(SignedHead.log == log).order_by(SignedHead.size))
    return tuple(Signed(row.size, row.root, row.on, row.key_id, row.signature) for row in rows)


def any_signed(db: Session) -> bool:
    """Whether any head of any log was ever signed."""
    return db.scalar(select(SignedHead.log).limit(1)) is not None


def rebuild(db: Session, log: BoardId) -> Replay:
    """Build the log's tree anew and compare it with its head and the roots that were signed."""
    signed = {found.size: found.root for found in signed_heads(db, log)}
    try:
        ends = head(db, log)
    except ValueError:
        ends = None
    return replay(log, stored_entries(db, log), ends, signed)
