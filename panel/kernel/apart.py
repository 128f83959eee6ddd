"""Whether PostgreSQL's blind login is really another, without a way to names. SQLite has its authorizer instead."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from panel.kernel.database import Database
from panel.kernel.errors import Misconfigured

#: By what it asks, what would be wrong. Membership counts also where the rights are not inherited: SET ROLE takes them.
_FAULTS: Final = {
    "rolsuper": "is a superuser, whom no right stops",
    "rolbypassrls": "passes over row security",
    "rolcreaterole": "may make roles, and so give itself any right",
    "member": "is a member of panel_named, the role that reads names",
    "owner": "owns the database or tables with names",
    "reader": "may read names",
}
_ASKED: Final = """
SELECT rolsuper, rolbypassrls, rolcreaterole,
  EXISTS (SELECT 1 FROM pg_roles other WHERE other.rolname = 'panel_named'
    AND pg_has_role(me.oid, other.oid, 'MEMBER')) AS member,
  EXISTS (SELECT 1 FROM pg_database WHERE datname = current_database() AND pg_has_role(me.oid, datdba, 'MEMBER'))
    OR EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN ('named', 'sealed') AND pg_has_role(me.oid, c.relowner, 'MEMBER')) AS owner,
  EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('named', 'sealed') AND c.relkind = 'r' AND has_any_column_privilege(me.oid, c.oid, 'SELECT')
    AND has_schema_privilege(me.oid, n.oid, 'USAGE')) AS reader
FROM pg_roles me WHERE me.rolname = current_user
"""


def sees_names(database: Database) -> tuple[str, ...]:
    """Why the blind login is not blind, as ends of a sentence; none if it is. Raises the database's error."""
    if database.is_sqlite:
        return ()
    with database.reading("blind") as db:
        found = db.execute(text(_ASKED)).mappings().one()
    return tuple(fault for key, fault in _FAULTS.items() if found[key])


def demand_blind(database: Database) -> None:
    """Refuse to serve marking pages from a login that could read names. Raises Misconfigured."""
    try:
        faults = sees_names(database)
    except SQLAlchemyError as error:
        raise Misconfigured(
            "The database does not answer the blind side. Is it running, and is PANEL_BLIND_DATABASE_URL right?"
        ) from error
    if faults:
        raise Misconfigured(
            f"The blind side’s database login {'; it '.join(faults)}. Marking would not be blind. "
            "Give PANEL_BLIND_DATABASE_URL a login of its own: panel migrate --roles"
        )
