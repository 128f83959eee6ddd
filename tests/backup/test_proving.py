"""What a restored service says of those who may manage everybody's accounts: rows alone appoint nobody."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from panel.access import service as access
from panel.access.roles import Role
from panel.audit.heads import Signer, sign_head
from panel.backup.proving import roles
from panel.kernel.ids import SYSTEM, MarkerId
from panel.named.accounts import service
from tests.named.accounts.signing import add_niamh

pytestmark = pytest.mark.vault("V27")


@pytest.fixture
def engine_kind() -> str:
    """Nothing here has SQL of its own."""
    return "sqlite"


def said(db: Session, keys: Path) -> list[tuple[str, str]]:
    return [(each.word, each.sentence) for each in roles(db, Signer.of(keys).public)]


def test_a_role_is_believed_as_far_as_the_log_is_signed(db: Session, tmp_path: Path) -> None:
    niamh, somebody = add_niamh(db), MarkerId.new()
    access.grant(db, SYSTEM, niamh, Role.ADMINISTRATOR)
    planted = "Roles on the whole service that the log says nobody was given: administrator (1). Take them away."
    assert said(db, tmp_path) == [("PROBLEM", planted)]
    access.revoke(db, SYSTEM, niamh, Role.ADMINISTRATOR)

    service.set_role(db, somebody, niamh, Role.HR, held=True)
    all_told = ("ok", "The log tells of every role on the whole service.")
    unsigned = "Roles on the whole service that were given since the log was last signed: HR (1). Make sure of each."
    assert said(db, tmp_path) == [all_told, ("advice", unsigned)]
    sign_head(db, SYSTEM, Signer(b"x" * 32))  # by whoever made the file
    assert said(db, tmp_path) == [all_told, ("advice", unsigned)]


def test_what_is_signed_needs_no_second_look_and_what_was_taken_away_is_found(db: Session, tmp_path: Path) -> None:
    niamh, somebody = add_niamh(db), MarkerId.new()
    service.set_role(db, somebody, niamh, Role.HR, held=True)
    sign_head(db, SYSTEM, Signer.of(tmp_path))
    assert [word for word, _ in said(db, tmp_path)] == ["ok"]
    service.set_role(db, somebody, niamh, Role.HR, held=False)
    access.grant(db, SYSTEM, niamh, Role.HR)
    assert [word for word, _ in said(db, tmp_path)] == ["PROBLEM"]
