"""What of the sealed side goes into a board's record: the envelopes as they lie, and the names once they are open."""

from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.kernel.ids import BoardId, Number, SubmissionRef
from panel.named.unsealing import results_key, reveal
from panel.named.unsealing.models import RevealedRow
from panel.sealed.equality import queries as equality
from panel.sealed.vault import queries as vault


@dataclass(frozen=True)
class Sealed:
    """One submission's sealed identity, whole, the digest of its sealed equality answers, and its leaf of the close."""

    ref: SubmissionRef
    envelope: bytes
    equality_digest: bytes
    leaf: bytes


@dataclass(frozen=True)
class Named:
    """One opened identity: the very bytes that were sealed."""

    number: Number
    plaintext: bytes = field(repr=False)


def envelopes(db: Session, board: BoardId) -> tuple[Sealed, ...]:
    """Every envelope of a closed board, by ref; none once it is archived.

    One that is gone is empty, and an equality envelope that is gone has zeros in its place, so that the record can be
    made and found wanting.
    """
    equality_digests = equality.envelope_digests(db, board)
    kept = {row.ref: row.sealed for row in vault.envelopes(db, board)}
    return tuple(
        Sealed(ref, kept.get(ref, b""), equality_digests.get(ref, bytes(32)), leaf)
        for ref, leaf in vault.lodged_leaves(db, board).items()
    )


def names(db: Session, keys: Path, board: BoardId) -> tuple[Named, ...]:
    """Every opened identity, by number. Raises NamesUnreadable."""
    rows = list(db.scalars(select(RevealedRow).where(RevealedRow.board == board).order_by(RevealedRow.number)))
    if not rows:
        return ()
    kept = [reveal.Kept(row.number, row.account_tag, row.nonce, row.identity) for row in rows]
    with results_key.reading(keys, board) as key:
        return tuple(Named(each.number, reveal.plaintext(key, board, each)) for each in kept)
