"""Tables of the vault: keyholders and slots, each board's key, seats, envelopes, lodged leaves and releases."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from panel.kernel.ids import AccountId, BoardId, CeremonyId, KeyholderId, SlotId, SubmissionRef
from panel.kernel.tables import UNORDERED, Bytes, IdType, SealedBase
from panel.sealed.vault.envelope import PUBLIC, SEALED

_SIDES = "'hr', 'panel'"
_DIGEST = 32


class KeyholderRow(SealedBase):
    """One account's key pair: the public half. `failed_hour` counts hours since 1970, so that no time is kept.

    An account has one key that is not retired; a retired one stays, for seats lie under it.
    """

    __tablename__ = "keyholder"
    __table_args__ = (
        CheckConstraint(f"length(public_key) = {PUBLIC}", name="public_key"),
        CheckConstraint(f"length(fingerprint) = {_DIGEST}", name="fingerprint"),
        CheckConstraint("state IN ('enrolled', 'proved', 'retired')", name="state"),
        CheckConstraint("failures >= 0", name="failures"),
        Index(
            "uq_keyholder_account",
            "account",
            unique=True,
            sqlite_where=text("state <> 'retired'"),
            postgresql_where=text("state <> 'retired'"),
        ),
        UNORDERED,
    )

    id: Mapped[KeyholderId] = mapped_column(IdType(KeyholderId), primary_key=True)
    account: Mapped[AccountId] = mapped_column(IdType(AccountId))
    format: Mapped[int]
    public_key: Mapped[bytes] = mapped_column(Bytes)
    fingerprint: Mapped[bytes] = mapped_column(Bytes, unique=True)
    state: Mapped[str] = mapped_column(String(10))
    failures: Mapped[int] = mapped_column(default=0)
    failed_hour: Mapped[int] = mapped_column(default=0)


class SlotRow(SealedBase):
    """One way to unlock a keyholder's seed: nonce 12, seed 32, tag 16."""

    __tablename__ = "slot"
    __table_args__ = (
        CheckConstraint("kind IN ('passphrase', 'recovery', 'prf')", name="kind"),
        CheckConstraint("length(salt) = 16", name="salt"),
        CheckConstraint("length(wrapped) = 60", name="wrapped"),
        UniqueConstraint("keyholder", "kind"),
        UNORDERED,
    )

    id: Mapped[SlotId] = mapped_column(IdType(SlotId), primary_key=True)
    keyholder: Mapped[KeyholderId] = mapped_column(IdType(KeyholderId), ForeignKey(KeyholderRow.id))
    kind: Mapped[str] = mapped_column(String(10))
    profile: Mapped[str] = mapped_column(String(10))
    salt: Mapped[bytes] = mapped_column(Bytes)
    parameters: Mapped[str] = mapped_column(Text)
    wrapped: Mapped[bytes] = mapped_column(Bytes)
    made_on: Mapped[date]
    used_on: Mapped[date | None]


class VaultRow(SealedBase):
    """One board's public key and how its secret half was shared. `piece_digests` is canonical JSON by side."""

    __tablename__ = "vault"
    __table_args__ = (
        CheckConstraint(f"length(public_key) = {PUBLIC}", name="public_key"),
        CheckConstraint("2 <= k AND k < n AND n <= 7", name="quorum"),
        UNORDERED,
    )

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    format: Mapped[int]
    public_key: Mapped[bytes] = mapped_column(Bytes)
    k: Mapped[int]
    n: Mapped[int]
    policy_digest: Mapped[bytes] = mapped_column(Bytes)
    piece_digests: Mapped[str] = mapped_column(Text)
    founded_on: Mapped[date]


class SeatRow(SealedBase):
    """A place in a board's custody and the share that lies in it, sealed to its keyholder."""

    __tablename__ = "seat"
    __table_args__ = (
        CheckConstraint(f"side IN ({_SIDES})", name="side"),
        CheckConstraint("seat_no > 0", name="seat_no"),
        CheckConstraint(f"length(share_envelope) = {SEALED}", name="share_envelope"),
        UniqueConstraint("board", "keyholder"),
        UNORDERED,
    )

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    side: Mapped[str] = mapped_column(String(5), primary_key=True)
    seat_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    keyholder: Mapped[KeyholderId] = mapped_column(IdType(KeyholderId), ForeignKey(KeyholderRow.id))
    share_envelope: Mapped[bytes] = mapped_column(Bytes)
    proved_on: Mapped[date | None]


class EnvelopeRow(SealedBase):
    """One sealed identity. Never updated: an amended application is a new row."""

    __tablename__ = "envelope"
    __table_args__ = (
        CheckConstraint(f"length(sealed) = {SEALED}", name="sealed"),
        Index("ix_envelope_board", "board"),
        UNORDERED,
    )

    ref: Mapped[SubmissionRef] = mapped_column(IdType(SubmissionRef), primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId))
    format: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(Bytes)


class LodgedLeafRow(SealedBase):
    """One leaf of the lodged tree, written once for every submission at the close and only ever read from then on.

    The log holds no more of the lodged tree than its root. Were an envelope spoilt later, the root could no longer be
    computed from the envelopes, and nothing would prove the others. A leaf is a hash: it links nobody to anything.
    """

    __tablename__ = "lodged_leaf"
    __table_args__ = (CheckConstraint(f"length(leaf) = {_DIGEST}", name="leaf"), UNORDERED)

    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    ref: Mapped[SubmissionRef] = mapped_column(IdType(SubmissionRef), primary_key=True)
    leaf: Mapped[bytes] = mapped_column(Bytes)


class ReleaseRow(SealedBase):
    """One share sealed again to another custodian, for one ceremony. None exists before the board is locked."""

    __tablename__ = "release"
    __table_args__ = (
        CheckConstraint(f"from_side IN ({_SIDES})", name="from_side"),
        CheckConstraint(f"length(envelope) = {SEALED}", name="envelope"),
        UNORDERED,
    )

    ceremony: Mapped[CeremonyId] = mapped_column(IdType(CeremonyId), primary_key=True)
    from_side: Mapped[str] = mapped_column(String(5), primary_key=True)
    from_seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    to_seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId))
    envelope: Mapped[bytes] = mapped_column(Bytes)
