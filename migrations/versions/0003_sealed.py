"""Keyholders, vaults, seats, releases, lodged leaves and the two kinds of envelopes."""

import sqlalchemy as sa
from alembic import op

from migrations.rooms import key, room

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    here = room("sealed")
    op.create_table(
        "envelope",
        sa.Column("ref", sa.LargeBinary(16), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(sealed) = 2160", name=op.f("ck_envelope_sealed")),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_envelope")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_envelope_board", "envelope", ["board"], unique=False, schema=here)
    op.create_table(
        "equality_envelope",
        sa.Column("ref", sa.LargeBinary(16), nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(sealed) = 2160", name=op.f("ck_equality_envelope_sealed")),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_equality_envelope")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_equality_envelope_board", "equality_envelope", ["board"], unique=False, schema=here)
    op.create_table(
        "keyholder",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("account", sa.LargeBinary(16), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_hour", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('enrolled', 'proved', 'retired')", name=op.f("ck_keyholder_state")),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_keyholder_failures")),
        sa.CheckConstraint("length(fingerprint) = 32", name=op.f("ck_keyholder_fingerprint")),
        sa.CheckConstraint("length(public_key) = 1216", name=op.f("ck_keyholder_public_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyholder")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_keyholder_fingerprint")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_keyholder_account",
        "keyholder",
        ["account"],
        unique=True,
        schema=here,
        sqlite_where=sa.text("state <> 'retired'"),
        postgresql_where=sa.text("state <> 'retired'"),
    )
    op.create_table(
        "lodged_leaf",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("ref", sa.LargeBinary(16), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(leaf) = 32", name=op.f("ck_lodged_leaf_leaf")),
        sa.PrimaryKeyConstraint("board", "ref", name=op.f("pk_lodged_leaf")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "release",
        sa.Column("ceremony", sa.LargeBinary(16), nullable=False),
        sa.Column("from_side", sa.String(length=5), nullable=False),
        sa.Column("from_seat", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("to_seat", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("from_side IN ('hr', 'panel')", name=op.f("ck_release_from_side")),
        sa.CheckConstraint("length(envelope) = 2160", name=op.f("ck_release_envelope")),
        sa.PrimaryKeyConstraint("ceremony", "from_side", "from_seat", "to_seat", name=op.f("pk_release")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "vault",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("policy_digest", sa.LargeBinary(), nullable=False),
        sa.Column("piece_digests", sa.Text(), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=False),
        sa.CheckConstraint("2 <= k AND k < n AND n <= 7", name=op.f("ck_vault_quorum")),
        sa.CheckConstraint("length(public_key) = 1216", name=op.f("ck_vault_public_key")),
        sa.PrimaryKeyConstraint("board", name=op.f("pk_vault")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "seat",
        sa.Column("board", sa.LargeBinary(16), nullable=False),
        sa.Column("side", sa.String(length=5), nullable=False),
        sa.Column("seat_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("keyholder", sa.LargeBinary(16), nullable=False),
        sa.Column("share_envelope", sa.LargeBinary(), nullable=False),
        sa.Column("proved_on", sa.Date(), nullable=True),
        sa.CheckConstraint("side IN ('hr', 'panel')", name=op.f("ck_seat_side")),
        sa.CheckConstraint("length(share_envelope) = 2160", name=op.f("ck_seat_share_envelope")),
        sa.CheckConstraint("seat_no > 0", name=op.f("ck_seat_seat_no")),
        sa.ForeignKeyConstraint(["keyholder"], [key("sealed", "keyholder.id")], name=op.f("fk_seat_keyholder")),
        sa.PrimaryKeyConstraint("board", "side", "seat_no", name=op.f("pk_seat")),
        sa.UniqueConstraint("board", "keyholder", name=op.f("uq_seat_board_keyholder")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "slot",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("keyholder", sa.LargeBinary(16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("profile", sa.String(length=10), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('passphrase', 'recovery', 'prf')", name=op.f("ck_slot_kind")),
        sa.CheckConstraint("length(salt) = 16", name=op.f("ck_slot_salt")),
        sa.CheckConstraint("length(wrapped) = 60", name=op.f("ck_slot_wrapped")),
        sa.ForeignKeyConstraint(["keyholder"], [key("sealed", "keyholder.id")], name=op.f("fk_slot_keyholder")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("keyholder", "kind", name=op.f("uq_slot_keyholder_kind")),
        schema=here,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    here = room("sealed")
    for table in ("slot", "seat", "vault", "release", "lodged_leaf", "keyholder", "equality_envelope", "envelope"):
        op.drop_table(table, schema=here)
