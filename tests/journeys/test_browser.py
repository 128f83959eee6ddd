"""The whole journey in Chromium, as people make it: from the first account to published results."""

from collections.abc import Iterator

import pytest
from flask import Flask

from panel.config import Config
from panel.kernel.database import Database
from tests.browser import chromium, served
from tests.journeys import (
    accounts,
    applying,
    auditing,
    closing,
    custody,
    marking,
    moderating,
    redacting,
    results,
    sealed,
    setup,
    training,
    unsealing,
)
from tests.journeys.journey import Journey

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)]

ACTS = (
    accounts,
    setup,
    custody,
    applying,
    closing,
    training,
    redacting,
    marking,
    moderating,
    auditing,
    sealed,
    unsealing,
    results,
)


@pytest.fixture
def journey(config: Config, database: Database, app: Flask) -> Iterator[Journey]:
    """A fresh installation, served, with one browser for everybody."""
    with served(app) as base, chromium() as browser:
        begun = Journey(browser, base, config, database)
        with begun.time():
            yield begun


def test_a_board_from_the_first_account_to_published_results(journey: Journey) -> None:
    for act in ACTS:
        act.play(journey)
    for visitor in journey.visitors.values():
        assert visitor.failures == []
        assert [address for address in visitor.requests if not address.startswith(journey.base)] == []
