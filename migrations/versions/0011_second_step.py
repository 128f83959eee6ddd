"""What people sign in with beside the password."""

import sqlalchemy as sa
from alembic import op

from migrations.rooms import key, room

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels = None
depends_on = None

_TABLES = ("passkey_challenge", "half_sign_in", "passkey", "recovery_code", "authenticator")


def upgrade() -> None:
    """Create the tables."""
    where = room("named")
    accounts = key("named", "account.id")
    _ways(where, accounts)
    op.create_table(
        "half_sign_in",
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("account", sa.LargeBinary(16), nullable=False),
        sa.Column("password", sa.Boolean(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], [accounts], name=op.f("fk_half_sign_in_account")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_half_sign_in")),
        schema=where,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_half_sign_in_account"), "half_sign_in", ["account"], schema=where)
    op.create_table(
        "passkey_challenge",
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("challenge", sa.LargeBinary(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_passkey_challenge")),
        schema=where,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    for table in _TABLES:
        op.drop_table(table, schema=room("named"))


def _ways(where: str | None, accounts: str) -> None:
    op.create_table(
        "authenticator",
        sa.Column("account", sa.LargeBinary(16), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("sealed", sa.LargeBinary(64), nullable=False),
        sa.Column("last_counter", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('offered', 'held')", name=op.f("ck_authenticator_state")),
        sa.ForeignKeyConstraint(["account"], [accounts], name=op.f("fk_authenticator_account")),
        sa.PrimaryKeyConstraint("account", "state", name=op.f("pk_authenticator")),
        schema=where,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recovery_code",
        sa.Column("account", sa.LargeBinary(16), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["account"], [accounts], name=op.f("fk_recovery_code_account")),
        sa.PrimaryKeyConstraint("account", "digest", name=op.f("pk_recovery_code")),
        schema=where,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("account", sa.LargeBinary(16), nullable=False),
        sa.Column("credential", sa.LargeBinary(1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(2048), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["account"], [accounts], name=op.f("fk_passkey_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
        schema=where,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_passkey_account"), "passkey", ["account"], schema=where)
