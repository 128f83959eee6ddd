"""Secret bytes in files under one folder, for the named side alone: made once, read, and destroyed for good.

On disk: `pepper`, `log.key`, `authenticators.key`, `drafts/<board>.key`, `results/<board>.key`; folders 0700, files
0400. Keep the folder off volumes that take snapshots, for what was destroyed lives on in them.
"""

import os
import re
import secrets
from pathlib import Path
from typing import Final

from panel.kernel.errors import Misconfigured
from panel.kernel.ids import BoardId

PEPPER: Final = "pepper"
LOG: Final = "log.key"
AUTHENTICATORS: Final = "authenticators.key"
SIZE: Final = 32

_NAME: Final = re.compile(r"(?:drafts|results)/[0-9a-f]{32}\.key|pepper|(?:log|authenticators)\.key")


class KeyMissing(Misconfigured):
    """The file that holds a secret is not there."""

    sentence = "A key file is missing. Restore instance/keys from its own backup."


class KeyExposed(Misconfigured):
    """Others than the owner may read a secret."""

    sentence = "A key file can be read by others. Set folders to 0700 and files to 0400."


def drafts(board: BoardId) -> str:
    """The name of the key of a board's drafts: dies at close, is in no backup."""
    return f"drafts/{board}.key"


def results(board: BoardId) -> str:
    """The name of the key of a board's opened names: dies at archive."""
    return f"results/{board}.key"


def exists(folder: Path, name: str) -> bool:
    """Whether that secret is there."""
    return _path(folder, name).is_file()


def read(folder: Path, name: str) -> bytes:
    """The secret. Raises KeyMissing, and KeyExposed if anyone but the owner may read it."""
    path = _path(folder, name)
    if not path.is_file():
        raise KeyMissing
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise KeyExposed
    return path.read_bytes()


def create(folder: Path, name: str, secret: bytes | None = None) -> bytes:
    """Write a secret (32 fresh bytes unless given) that was not there, and wait until it is on disk.

    Raises FileExistsError: a secret is never overwritten.
    """
    path, secret = _path(folder, name), secret or secrets.token_bytes(SIZE)
    for parent in (folder, path.parent):
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # written under another name and then linked, so that nobody ever reads half a secret
    draught = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draught, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draught, path)
    finally:
        draught.unlink()
        _sync(path.parent)
    return secret


def ensure(folder: Path, name: str) -> bytes:
    """The secret, drawn now if it was not there; two processes that start at once agree on one."""
    if not exists(folder, name):
        try:
            return create(folder, name)
        except FileExistsError:
            pass  # the other process was first
    return read(folder, name)


def renew(folder: Path, name: str) -> bytes:
    """A fresh secret in the place of one that is of no use any more, or that is gone."""
    destroy(folder, name)
    return create(folder, name)


def destroy(folder: Path, name: str) -> None:
    """Overwrite, unlink, sync the folder; nothing to do if it is gone already."""
    path = _path(folder, name)
    if not path.exists():
        return
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    _sync(path.parent)


def _path(folder: Path, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ValueError("not the name of a key file")
    return folder / name


def _sync(folder: Path) -> None:
    if os.name != "posix":  # Windows cannot open a folder, and needs no sync of it
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
