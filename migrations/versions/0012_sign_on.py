"""Known browsers, links asked for, and single sign-on."""

import sqlalchemy as sa
from alembic import op

from migrations.rooms import key, room

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    here = room("named")
    account = key("named", "account.id")
    op.create_table(
        "known_device",
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("account", sa.LargeBinary(16), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["account"], [account], name=op.f("fk_known_device_account")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_known_device")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_known_device_account"), "known_device", ["account"], unique=False, schema=here)
    op.create_table(
        "link_asked",
        sa.Column("address", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_link_asked")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "linked_identity",
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("account", sa.LargeBinary(16), nullable=False),
        sa.ForeignKeyConstraint(["account"], [account], name=op.f("fk_linked_identity_account")),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_linked_identity")),
        sa.UniqueConstraint("issuer", "account", name=op.f("uq_linked_identity_issuer_account")),
        schema=here,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sign_on_request",
        sa.Column("state_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=128), nullable=False),
        sa.Column("destination", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose IN ('sign-in', 'link', 'step-up')", name=op.f("ck_sign_on_request_purpose")),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_sign_on_request")),
        schema=here,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("sign_on_request", "linked_identity", "link_asked", "known_device"):
        op.drop_table(table, schema=room("named"))
