"""PostgreSQL's planner keeps sample values of columns. Of people's words and particulars it keeps none."""

from typing import Final

from sqlalchemy import Connection

#: By schema and table: the columns of which no sample may lie in the catalogue.
UNSAMPLED: Final = {
    ("named", "account"): ("name", "preferred_name", "email", "email_key", "staff_no"),
    ("named", "draft"): ("sealed",),
    ("named", "taught_training"): ("evidence", "reason"),
    ("blind", "submission"): ("answers", "code_tag"),
    ("blind", "redaction"): ("answers", "reason"),
    ("blind", "mark"): ("evidence",),
}


def silence(connection: Connection) -> None:
    """Take no samples of these columns; SQLite keeps none unless asked, and nothing asks."""
    if connection.dialect.name != "postgresql":
        return
    for (schema, table), columns in UNSAMPLED.items():
        for column in columns:
            connection.exec_driver_sql(
                f'ALTER TABLE IF EXISTS "{schema}"."{table}" ALTER COLUMN "{column}" SET STATISTICS 0'
            )
