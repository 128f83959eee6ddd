"""A blind side that could reach names is never served: not by its login, and not by what else it was given."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from panel import health, installation
from panel.config import Config
from panel.kernel.errors import Misconfigured
from tests.servers import PostgresServer, cheap

pytestmark = [pytest.mark.postgres, pytest.mark.leak("L75"), pytest.mark.vault("V18")]


@pytest.fixture(scope="module")
def boards(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Config]:
    """An installation that counts as the demonstration, so that its cheap hashing is no refusal of its own."""
    with postgres_server.fresh(cheap(tmp_path_factory.mktemp("apart"))) as config:
        yield replace(config, demo=True)


def blind(config: Config, login: str) -> Config:
    """The blind side's own process, with that login."""
    address = str(config.blind_database_url).replace("panel_blind", login)
    return replace(config, database_url=None, owner_database_url=None, blind_database_url=address)


def test_the_login_that_migrate_made_is_served(boards: Config) -> None:
    installation.serving(blind(boards, "panel_blind"), "blind")
    installation.serving(boards, "both")


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ("LOGIN SUPERUSER", "superuser"),
        ("LOGIN BYPASSRLS", "passes over row security"),
        ("LOGIN CREATEROLE", "may make roles"),
        ("LOGIN NOINHERIT IN ROLE panel_named", "is a member of panel_named"),
    ],
)
def test_a_login_that_could_read_names_stops_the_start(
    boards: Config, postgres_server: PostgresServer, made: str, why: str
) -> None:
    with postgres_server.admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE ROLE too_much {made}")
    try:
        with pytest.raises(Misconfigured, match=why):
            installation.serving(blind(boards, "too_much"), "blind")
        both = replace(boards, blind_database_url=blind(boards, "too_much").blind_database_url)
        with pytest.raises(Misconfigured, match=why):
            installation.serving(both, "both")
        told = [each.sentence for each in health.check(both) if each.word == "PROBLEM"]
        assert any(why in sentence for sentence in told)
    finally:
        with postgres_server.admin.connect() as connection:
            connection.exec_driver_sql("DROP ROLE too_much")


def test_one_login_for_both_stops_the_start(boards: Config) -> None:
    with pytest.raises(Misconfigured, match="is a member of panel_named"):
        installation.serving(blind(boards, "panel_named"), "blind")


def test_a_blind_process_that_was_given_another_address_does_not_start(boards: Config) -> None:
    alone = blind(boards, "panel_blind")
    for changed in ({"database_url": boards.database_url}, {"owner_database_url": boards.owner_database_url}):
        with pytest.raises(Misconfigured, match="was given the database address of names"):
            installation.serving(replace(alone, **changed), "blind")  # type: ignore[arg-type]


def test_a_database_that_does_not_answer_stops_the_blind_side(boards: Config, tmp_path: Path) -> None:
    nowhere = f"postgresql://panel_blind@/boards?host={tmp_path}"
    with pytest.raises(Misconfigured, match="does not answer the blind side"):
        installation.serving(replace(blind(boards, "panel_blind"), blind_database_url=nowhere), "blind")
