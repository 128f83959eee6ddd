"""The library of frameworks: loaded once, as versions that never change."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from panel.audit.queries import entries
from panel.board import library
from panel.board.framework import Framework
from panel.board.library import AlreadyLoaded, VersionTaken, shipped
from panel.kernel.errors import Missing
from panel.kernel.ids import SYSTEM, FrameworkId, MarkerId

LODESTAR: Framework = next(each for each in shipped() if each.name == "Lodestar framework")
HR = MarkerId(bytes(range(16)))


def test_first_start_loads_what_comes_with_the_system_and_a_second_adds_nothing(db: Session) -> None:
    for _start in range(2):
        library.install(db)
        assert [(card.title, card.described) for card in library.frameworks(db)] == [
            ("CVF 2016", False),
            ("CVF 2024", False),
            ("Lodestar framework 1", True),
        ]


def test_loaded_framework_reads_back_the_same_and_its_digest_is_logged(db: Session) -> None:
    loaded = library.load(db, replace(LODESTAR, version="2"), HR, "hr")
    assert library.framework(db, loaded) == replace(LODESTAR, version="2")
    entry = entries(db, SYSTEM, "framework.loaded")[-1]
    assert entry.actor == HR
    assert entry.facts == {"framework": str(loaded), "digest": replace(LODESTAR, version="2").digest.hex()}


def test_same_content_is_not_loaded_twice(db: Session) -> None:
    library.install(db)
    with pytest.raises(AlreadyLoaded):
        library.load(db, LODESTAR, HR, "hr")


def test_version_keeps_its_content(db: Session) -> None:
    library.install(db)
    with pytest.raises(VersionTaken):
        library.load(db, replace(LODESTAR, notice="Somebody else’s"), HR, "hr")


def test_force_text_under_a_shipped_version_stays_when_the_system_starts_again(db: Session) -> None:
    library.load(db, replace(LODESTAR, notice="Our own"), HR, "hr")
    library.install(db)
    assert [card.title for card in library.frameworks(db)].count("Lodestar framework 1") == 1


def test_framework_that_is_not_here_is_missing(db: Session) -> None:
    with pytest.raises(Missing):
        library.framework(db, FrameworkId.new())
