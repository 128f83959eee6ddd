"""Secrets in files: owner-only, never overwritten, gone when destroyed."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from panel.kernel import keyfiles
from panel.kernel.ids import BoardId
from panel.kernel.keyfiles import KeyExposed, KeyMissing


def test_a_secret_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    name = keyfiles.drafts(BoardId.new())
    secret = keyfiles.create(tmp_path / "keys", name)
    file = tmp_path / "keys" / name
    assert keyfiles.read(tmp_path / "keys", name) == secret
    assert stat.S_IMODE(file.stat().st_mode) == 0o400
    assert stat.S_IMODE(file.parent.stat().st_mode) == stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_a_fresh_secret_has_32_bytes_and_no_twin(tmp_path: Path) -> None:
    drawn = {keyfiles.create(tmp_path, keyfiles.results(BoardId.new())) for _ in range(20)}
    assert len(drawn) == 20
    assert {len(secret) for secret in drawn} == {32}


def test_a_secret_is_never_overwritten(tmp_path: Path) -> None:
    first = keyfiles.create(tmp_path, keyfiles.PEPPER)
    with pytest.raises(FileExistsError):
        keyfiles.create(tmp_path, keyfiles.PEPPER)
    assert keyfiles.read(tmp_path, keyfiles.PEPPER) == first


def test_processes_that_start_at_once_agree_on_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: _patient(tmp_path), range(40)))
    assert len(found) == 1


def _patient(folder: Path) -> bytes:
    return keyfiles.ensure(folder, keyfiles.LOG)


def test_a_destroyed_secret_is_gone_and_may_be_destroyed_again(tmp_path: Path) -> None:
    name = keyfiles.drafts(BoardId.new())
    keyfiles.create(tmp_path, name)
    keyfiles.destroy(tmp_path, name)
    keyfiles.destroy(tmp_path, name)
    assert not keyfiles.exists(tmp_path, name)
    with pytest.raises(KeyMissing):
        keyfiles.read(tmp_path, name)


def test_destroying_overwrites_the_bytes_before_the_name_goes(tmp_path: Path) -> None:
    name = keyfiles.results(BoardId.new())
    secret = keyfiles.create(tmp_path, name)
    os.link(tmp_path / name, tmp_path / "kept")
    keyfiles.destroy(tmp_path, name)
    left = (tmp_path / "kept").read_bytes()
    assert len(left) == 32
    assert left != secret


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    keyfiles.create(tmp_path, keyfiles.PEPPER)
    (tmp_path / keyfiles.PEPPER).chmod(0o440)
    with pytest.raises(KeyExposed):
        keyfiles.read(tmp_path, keyfiles.PEPPER)


@pytest.mark.parametrize("name", ["../pepper", "drafts/x.key", "/etc/passwd", "pepper\n", "results/../pepper"])
def test_no_other_file_can_be_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="key file"):
        keyfiles.read(tmp_path, name)
