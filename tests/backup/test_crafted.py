"""Backups that somebody made with the public key alone, and what is emptied in our own."""

import json
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from migrations import current
from panel.backup import restoring, rows
from panel.backup.box import Header, Kind, Spoilt, sealed
from panel.backup.keys import PrivateKey
from panel.backup.restoring import restore
from panel.config import Config
from panel.kernel import clock
from panel.named.accounts.factors.models import AuthenticatorRow
from tests.named.accounts.signing import add_niamh
from tests.servers import cheap

KEY = PrivateKey.new()


@pytest.fixture
def machine(tmp_path: Path) -> Config:
    return cheap(tmp_path / "machine")


def crafted(file: Path, kind: Kind, *lines: object) -> Path:
    """As anybody can who has the public key."""
    header = Header(kind, clock.today(), max(current.newest()), KEY.public.id)
    file.write_bytes(b"".join(sealed(header, KEY.public, (json.dumps(line).encode() + b"\n" for line in lines))))
    return file


@pytest.mark.vault("V27")
@pytest.mark.parametrize(
    "name", [f"drafts/{'a' * 32}.key", f"results/{'a' * 32}.key", "../pepper", "results/../pepper", "/etc/passwd", 7]
)
def test_a_crafted_backup_of_secrets_plants_no_key_of_drafts_and_leaves_its_folder_nowhere(
    name: object, machine: Config, tmp_path: Path
) -> None:
    with pytest.raises(Spoilt):
        restore(machine, crafted(tmp_path / "crafted", Kind.SECRETS, ["pepper", "00" * 32], [name, "00" * 32]), KEY)
    assert not machine.keys.exists()


@pytest.mark.vault("V27")
@pytest.mark.parametrize("table", ["draft", "sign_in_session", "invitation", "half_sign_in"])
def test_a_crafted_backup_plants_no_sign_in_link_or_draft(table: str, db: Session) -> None:
    lines = [{"table": table, "columns": []}, {"rows": {table: 0}}]
    with pytest.raises(rows.OtherTables):
        rows.load(db.connection(), (json.dumps(line).encode() for line in lines))


@pytest.mark.vault("V27")
def test_a_line_without_an_end_is_not_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoring, "_LONGEST", 10)
    assert list(restoring._lines([b"on", b"e\ntwo\n", b"", b"\nthree", b"\n"])) == [b"one", b"two", b"", b"three"]
    chunks = iter([b"short\n", b"12345678", b"12345678", b"\n"])
    with pytest.raises(Spoilt):
        list(restoring._lines(chunks))
    assert list(chunks) == [b"\n"]


@pytest.mark.leak("L47")
def test_no_backup_says_when_a_code_was_used(db: Session) -> None:
    account = add_niamh(db)
    db.add(AuthenticatorRow(account=account, state="held", sealed=bytes(48), last_counter=59_844_960))
    db.flush()
    told = b"".join(rows.written(db.connection()))
    assert b'"authenticator"' in told
    assert b"59844960" not in told
