"""The caller's side of the child: one process for one request, through pipes, with an environment of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from queue import SimpleQueue
from threading import Thread, Timer
from typing import Any, Final, TypeAlias

from panel.config import ROOT, Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.errors import Misconfigured, PanelError
from panel.named.unsealing import child
from panel.named.unsealing.child import answering
from panel.named.unsealing.child.request import ChildFailed, Request, refusal

_COMMAND: Final = (sys.executable, "-s", "-m", child.__name__)
#: Windows starts no process with randomness or sockets without it; elsewhere the child's environment is ours alone.
_SYSTEM: Final = {"SYSTEMROOT": os.environ["SYSTEMROOT"]} if os.name == "nt" else {}
_inside: ContextVar[Database | None] = ContextVar("inside", default=None)


@dataclass(frozen=True)
class Step:
    """How far the child has come: the name of a step, and how much of it is done."""

    name: str
    done: int
    of: int


@dataclass(frozen=True)
class Done:
    """The child has finished."""


#: What is heard of the child: steps, and at last that it is done, or why not.
Told: TypeAlias = Step | Done | PanelError


def ask(config: Config, request: Request) -> dict[str, Any]:
    """Have the child do it. The caller's transaction must be over, or SQLite waits on itself.

    Raises the refusals of the verb, and ChildFailed.
    """
    request = _dated(config, request)
    inside = _inside.get()
    told = answering.answer(config, inside, request) if inside else _spawned(config, request)
    if "refused" in told:
        raise refusal(told["refused"])
    done: dict[str, Any] = told["done"]
    return done


def hear(config: Config, request: Request) -> Iterator[Told]:
    """Have the child do it, and tell of each step. The last is Done, or the refusal.

    The child ends what it has begun whether anybody goes on listening or not.
    """
    request = _dated(config, replace(request, progress="yes"))
    inside = _inside.get()
    if inside:
        said: list[dict[str, Any]] = []
        said.append(answering.answer(config, inside, request, said.append))
        yield from map(_told, said)
        return
    heard: SimpleQueue[Told | None] = SimpleQueue()
    Thread(target=_listen, args=(config, request, heard), daemon=True).start()
    while (told := heard.get()) is not None:
        yield told


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


def _dated(config: Config, request: Request) -> Request:
    return replace(request, now=clock.now().isoformat()) if config.profile == "rehearsal" else request


def _told(line: dict[str, Any]) -> Told:
    if "progress" in line:
        return Step(*line["progress"])
    return refusal(line["refused"]) if "refused" in line else Done()


def _listen(config: Config, request: Request, heard: "SimpleQueue[Told | None]") -> None:
    """Read all that the child says, for a pipe that nobody reads would hold it up, and let no ended child linger."""
    last: Told | None = None
    try:
        for last in _lines(config, request):
            heard.put(last)
    except (OSError, ValueError):
        last = None
    if last is None or isinstance(last, Step):
        heard.put(ChildFailed())
    heard.put(None)


def _lines(config: Config, request: Request) -> Iterator[Told]:
    environment = config.environment() | _SYSTEM
    with subprocess.Popen(
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=ROOT,
    ) as process:
        deadline = Timer(answering.LIFETIME, process.kill)
        deadline.start()
        try:
            if process.stdin and process.stdout:
                process.stdin.write(request.to_json())
                process.stdin.close()
                yield from (_told(json.loads(line)) for line in process.stdout)
        finally:
            deadline.cancel()


def _spawned(config: Config, request: Request) -> dict[str, Any]:
    try:
        ended = subprocess.run(
            _COMMAND,
            input=request.to_json(),
            capture_output=True,
            env=config.environment() | _SYSTEM,
            cwd=ROOT,
            timeout=answering.LIFETIME,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise ChildFailed from error
    if ended.returncode != 0:
        raise ChildFailed(details=[ended.stderr.decode(errors="replace").strip()[:80]])
    told: dict[str, Any] = json.loads(ended.stdout)
    return told
