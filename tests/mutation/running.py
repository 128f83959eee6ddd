"""Tests over a tree in a process of its own: forked off with the libraries loaded, which spares most of a run."""

import importlib
import os
import resource
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

#: Loaded once, before the first fork; nothing of the project itself.
LIBRARIES: Final = (
    "alembic.command",
    "axe_playwright_python.sync_playwright",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "cryptography.hazmat.primitives.asymmetric.mlkem",
    "cryptography.hazmat.primitives.hpke",
    "flask.testing",
    "flask_login",
    "hypothesis",
    "markdown_it",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.orm",
    "waitress",
    "wtforms",
    "xlsxwriter",
)
_OURS: Final = {"migrations", "panel", "tests"}
_OPTIONS: Final = ("-x", "-q", "-n0", "--assert=plain", "-p", "no:cacheprovider", "-m", "not postgres")
#: A mutant that goes round in circles, fills the computer or waits for ever is stopped, and counts as noticed.
SECONDS: Final = 240
_ROOM: Final = 4 * 2**30


def load() -> None:
    """Load what every run needs."""
    for name in LIBRARIES:
        importlib.import_module(name)


def start(tree: Path, tests: tuple[str, ...], settings: Mapping[str, str], seconds: int = SECONDS) -> int:
    """Begin to run tests over a tree, up to the first that fails or so much computing; returns the process."""
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        signal.alarm(SECONDS)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (_ROOM, resource.RLIM_INFINITY))
        _move_to(tree, settings)
        code = int(pytest.main([*_OPTIONS, *tests]))
    finally:
        os._exit(code)


def _move_to(tree: Path, settings: Mapping[str, str]) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    os.chdir(tree)
    os.environ.update(settings)
    sys.dont_write_bytecode = True
    sys.path[0] = str(tree)
    for name in [name for name in sys.modules if name.split(".")[0] in _OURS]:
        del sys.modules[name]
