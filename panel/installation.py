"""An installation's first start: its folder, its secrets, its tables, and the courses and frameworks it ships with."""

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import create_engine

from panel.config import ROOT, Config, psycopg_url
from panel.kernel.errors import Misconfigured


def prepare(config: Config) -> None:
    """Make whatever is missing for this installation to run; safe to repeat."""
    migrate(config)


def migrate(config: Config, *, roles: bool = False) -> None:
    """Bring the database to the newest tables; with `roles`, first make PostgreSQL's roles, members and grants."""
    config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    if roles:
        _make_roles(config)
    alembic = AlembicConfig(toml_file=str(ROOT / "pyproject.toml"))
    alembic.attributes["url"] = config.owner_url()
    command.upgrade(alembic, "head")


def _make_roles(config: Config) -> None:
    from migrations.roles import make_roles  # noqa: PLC0415 - migrations stand beside the package, not in it

    if not config.database_url or not config.blind_database_url:
        raise Misconfigured("Roles are for PostgreSQL: set PANEL_DATABASE_URL and PANEL_BLIND_DATABASE_URL first.")
    engine = create_engine(config.owner_url(), hide_parameters=True)
    with engine.begin() as connection:
        make_roles(connection, psycopg_url(config.database_url), psycopg_url(config.blind_database_url))
    engine.dispose()
