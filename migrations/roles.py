"""The two database roles of PostgreSQL: `panel_named` and `panel_blind`, which has no right on named and sealed."""

from collections.abc import Collection, Iterator
from typing import Final

from sqlalchemy import Connection, Table, inspect, text
from sqlalchemy.engine import URL

from migrations.catalogue import load_models
from panel.kernel.authorizer import VERSIONS, blind_rights
from panel.kernel.tables import BASES, ROOMS

NAMED: Final = "panel_named"
BLIND: Final = "panel_blind"

#: Rewritten at close; VACUUM FULL asks for their owner, so the named role owns them.
REWRITTEN: Final = ("roll", "draft", "envelope", "equality_envelope", "submission", "exclusion")
_INSERT_ONLY: Final = ("log_entry", "signed_head")


def make_roles(connection: Connection, named: URL, blind: URL) -> None:
    """Create the roles and the two logins that the addresses name, where they are missing, and the memberships."""
    for statement in role_statements(named, blind):
        connection.execute(text(statement.replace(":", r"\:")))


def role_statements(named: URL, blind: URL, owner: str | None = None) -> Iterator[str]:
    """The SQL for that, which needs no table or schema. `owner` is who will migrate; unset, whoever runs this."""
    for group, url in ((NAMED, named), (BLIND, blind)):
        yield _creation(group, "NOLOGIN", None)
        login = url.username or group
        if login == group:
            yield f'ALTER ROLE "{group}" LOGIN;'
        else:
            yield _creation(login, "LOGIN", url.password and str(url.password))
            yield f'GRANT "{group}" TO "{login}";'
    # the owner gives some tables to the named role, which only its members may
    yield f'GRANT "{NAMED}" TO ' + (f'"{owner}";' if owner else "CURRENT_USER;")


def grant_rights(connection: Connection) -> None:
    """Set every grant anew after a migration; nothing to do on SQLite, whose blind connections carry an authorizer."""
    if connection.dialect.name != "postgresql" or not _exists(connection, NAMED):
        return
    connection.execute(text(f"REVOKE TEMPORARY ON DATABASE {_database(connection)} FROM PUBLIC"))
    for statement in grant_statements(_present(connection)):
        connection.execute(text(statement))
    # without it a process that may not migrate could not tell whether somebody has to
    connection.execute(text(f"GRANT SELECT ON {VERSIONS} TO {NAMED}, {BLIND}"))


def grant_statements(present: Collection[str] | None = None) -> Iterator[str]:
    """Who may do what on every schema and table (of those `present`, or all), from the tables' own declarations."""
    load_models()
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    for room in ROOMS:
        yield f'REVOKE ALL ON SCHEMA "{room}" FROM PUBLIC, {BLIND}'
        yield f'REVOKE ALL ON ALL TABLES IN SCHEMA "{room}" FROM PUBLIC, {BLIND}'
        yield f'GRANT USAGE ON SCHEMA "{room}" TO {NAMED}'
    yield f'GRANT USAGE ON SCHEMA "open", "blind" TO {BLIND}'
    for base in BASES:
        for table in base.metadata.sorted_tables:
            if present is None or table.fullname in present:
                yield from _table_grants(table)


def _table_grants(table: Table) -> Iterator[str]:
    name = f'"{table.schema}"."{table.name}"'
    if table.name in REWRITTEN:
        yield f'GRANT CREATE ON SCHEMA "{table.schema}" TO {NAMED}'
        yield f"ALTER TABLE {name} OWNER TO {NAMED}"
        yield f'REVOKE CREATE ON SCHEMA "{table.schema}" FROM {NAMED}'
    writes = "INSERT" if table.name in _INSERT_ONLY else "INSERT, UPDATE, DELETE"
    yield f"GRANT SELECT, {writes} ON {name} TO {NAMED}"
    if table.schema in {"open", "blind"} and not table.info.get("blind_hidden"):
        yield f"GRANT SELECT ON {name} TO {BLIND}"
        yield from _blind_writes(table, name)


def _blind_writes(table: Table, name: str) -> Iterator[str]:
    columns = ", ".join(f'"{column}"' for column in sorted(table.info.get("blind_columns", ())))
    for right in sorted(blind_rights(table)):
        only = f" ({columns})" if right == "update" and columns else ""
        yield f"GRANT {right.upper()}{only} ON {name} TO {BLIND}"


def _creation(role: str, login: str, password: str | None) -> str:
    """PostgreSQL has no CREATE ROLE IF NOT EXISTS."""
    secret = f" PASSWORD {_quoted(password)}" if password else ""
    missing = f"NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = {_quoted(role)})"
    block = f'BEGIN IF {missing} THEN CREATE ROLE "{role}" {login}{secret}; END IF; END'
    return f"DO {_quoted(block)};"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _exists(connection: Connection, role: str) -> bool:
    return connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}) is not None


def _present(connection: Connection) -> frozenset[str]:
    names = inspect(connection)
    return frozenset(f"{room}.{name}" for room in ROOMS for name in names.get_table_names(schema=room))


def _database(connection: Connection) -> str:
    return f'"{connection.scalar(text("SELECT current_database()"))}"'
