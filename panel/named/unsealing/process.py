"""The caller's side of the child: one process for one request, through pipes, with an environment of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, Final

from panel.config import ROOT, Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.errors import Misconfigured
from panel.named.unsealing import child
from panel.named.unsealing.request import ChildFailed, Request, refusal

_COMMAND: Final = (sys.executable, "-s", "-m", child.__name__)
#: Windows starts no process with randomness or sockets without it; elsewhere the child's environment is ours alone.
_SYSTEM: Final = {"SYSTEMROOT": os.environ["SYSTEMROOT"]} if os.name == "nt" else {}
_inside: ContextVar[Database | None] = ContextVar("inside", default=None)


def ask(config: Config, request: Request) -> dict[str, Any]:
    """Have the child do it. The caller's transaction must be over, or SQLite waits on itself.

    Raises the refusals of the verb, and ChildFailed.
    """
    if config.profile == "rehearsal":
        request = replace(request, now=clock.now().isoformat())
    inside = _inside.get()
    told = child.answer(config, inside, request) if inside else _spawned(config, request)
    if "refused" in told:
        raise refusal(told["refused"])
    done: dict[str, Any] = told["done"]
    return done


@contextmanager
def in_this_process(config: Config) -> Iterator[None]:
    """Run the verbs here instead: the demo and rehearsals found many vaults, and have no names to protect.

    Raises Misconfigured on an installation with the standard profile.
    """
    if config.profile != "rehearsal":
        raise Misconfigured("Only the demo and rehearsals may open names in the process that asks.")
    database = config.database("named")
    token = _inside.set(database)
    try:
        yield
    finally:
        _inside.reset(token)
        database.dispose()


def _spawned(config: Config, request: Request) -> dict[str, Any]:
    try:
        ended = subprocess.run(
            _COMMAND,
            input=request.to_json(),
            capture_output=True,
            env=config.environment() | _SYSTEM,
            cwd=ROOT,
            timeout=child.LIFETIME,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise ChildFailed from error
    if ended.returncode != 0:
        raise ChildFailed(details=[ended.stderr.decode(errors="replace").strip()[:80]])
    told: dict[str, Any] = json.loads(ended.stdout)
    return told
