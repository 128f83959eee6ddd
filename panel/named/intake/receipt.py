"""The signed receipt by which a candidate proves what she submitted, and from the close on that it was counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from panel.audit.heads import Signer, receipt_message
from panel.audit.proofs import inclusion
from panel.audit.queries import signed_heads
from panel.blind.submissions.queries import Lodged
from panel.board.queries import Board
from panel.kernel.encoding import Json
from panel.kernel.ids import BoardId, SubmissionRef
from panel.named.intake.roots import lodged_leaf
from panel.sealed.equality import queries as equality
from panel.sealed.vault import queries as vault

FORMAT: Final = 1


@dataclass(frozen=True)
class Counted:
    """The way from a receipt's leaf to the lodged root that the board's log holds since the close."""

    index: int
    size: int
    path: tuple[bytes, ...]
    lodged_root: bytes


@dataclass(frozen=True)
class Receipt:
    """One submission as it was lodged, signed by the installation. It names nobody, and holds no code."""

    board: BoardId
    title: str
    policy_digest: bytes
    ref: SubmissionRef
    answers: Mapping[str, str]
    answers_digest: bytes
    envelope_digest: bytes
    equality_digest: bytes
    leaf: bytes
    signature: bytes
    key_id: bytes
    public_key: bytes
    counted: Counted | None

    def to_json(self) -> dict[str, Json]:
        """The file she downloads: ids and digests in hexadecimal digits."""
        digests = ("policy_digest", "answers_digest", "envelope_digest", "equality_digest", "leaf", "signature")
        return {
            "format": FORMAT,
            "kind": "receipt",
            "board": str(self.board),
            "title": self.title,
            "ref": str(self.ref),
            "answers": dict(self.answers),
            **{name: getattr(self, name).hex() for name in (*digests, "key_id", "public_key")},
            "counted": self.counted and _counted(self.counted),
        }


def heads_file(db: Session, keys: Path, board: BoardId) -> dict[str, Json]:
    """The board's signed heads as a file, to keep beside the receipt: whoever has them can check the board's log."""
    signer = Signer.of(keys)
    heads: list[Json] = [head.to_json() for head in signed_heads(db, board)]
    named: dict[str, Json] = {"format": FORMAT, "kind": "heads", "board": str(board)}
    return named | {"key_id": signer.id.hex(), "public_key": signer.public.hex(), "heads": heads}


def receipt(db: Session, keys: Path, board: Board, lodged: Lodged) -> Receipt:
    """The receipt of a submission, the same whenever it is asked for. Raises Missing once its envelopes are gone."""
    envelope = vault.envelope_digest(db, lodged.ref)
    sealed_equality = equality.envelope_digest(db, lodged.ref)
    leaf = lodged_leaf(board.id, lodged.ref, lodged.answers_digest, envelope, sealed_equality)
    signer = Signer.of(keys)
    return Receipt(
        board=board.id,
        title=board.title,
        policy_digest=board.policy_digest or b"",
        ref=lodged.ref,
        answers=lodged.answers,
        answers_digest=lodged.answers_digest,
        envelope_digest=envelope,
        equality_digest=sealed_equality,
        leaf=leaf,
        signature=signer.sign(receipt_message(board.id, leaf)),
        key_id=signer.id,
        public_key=signer.public,
        counted=_path(db, board, leaf) if board.lodged_root else None,
    )


def _path(db: Session, board: Board, leaf: bytes) -> Counted | None:
    # as the close kept them: a spoilt envelope of somebody else spoils nobody's proof
    leaves = tuple(vault.lodged_leaves(db, board.id).values())
    if leaf not in leaves or board.lodged_root is None:
        return None
    index = leaves.index(leaf)
    return Counted(index, len(leaves), inclusion(leaves, index), board.lodged_root)


def _counted(counted: Counted) -> dict[str, Json]:
    return {
        "index": counted.index,
        "size": counted.size,
        "path": [step.hex() for step in counted.path],
        "lodged_root": counted.lodged_root.hex(),
    }
