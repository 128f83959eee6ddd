"""One request read as JSON on stdin, and its answer written as a line of JSON on stdout, after any lines of progress.

Never a name, nor, but for what enrolling and renewing must show once, a secret.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from ctypes import CDLL
from datetime import datetime
from typing import Any, Final

from panel.config import Config, from_environment
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.encoding import Json
from panel.kernel.errors import Misconfigured, PanelError
from panel.named.unsealing.child import finish, found, hand_over, keys, open_one, release
from panel.named.unsealing.child.request import Request, refusal_json
from panel.named.unsealing.child.room import Room
from panel.sealed.vault import envelope

#: Seconds until the child is gone, whatever it was doing.
LIFETIME: Final = 60
_PR_SET_DUMPABLE: Final = 4

VERBS: Final[Mapping[str, Callable[[Room, Request], dict[str, Json]]]] = {
    "enrol": keys.enrol,
    "prove": keys.prove,
    "renew": keys.renew,
    "found": found.found,
    "release": release.release,
    "finish": finish.finish,
    "hand-over": hand_over.hand_over,
    "recover-seat": hand_over.recover,
    "open-one": open_one.open_one,
}


def self_test() -> None:
    """The known answers that must hold before anything is sealed or opened here. Raises Misconfigured."""
    envelope.self_test()


def answer(
    config: Config, database: Database, request: Request, say: Callable[[dict[str, Any]], None] = lambda _told: None
) -> dict[str, Any]:
    """Do what is asked, or say why not: {"done": …} or {"refused": …}.

    If the request asks for it, `say` hears {"progress": [step, done, of]} on the way.
    """
    self_test()

    def tell(step: str, done: int, of: int) -> None:
        if request.progress:
            say({"progress": [step, done, of]})

    try:
        with _clock(config, request):
            return {"done": VERBS[request.verb](Room(config, database, tell), request)}
    except PanelError as error:
        return {"refused": refusal_json(error)}


def harden() -> None:
    """Leave no trace: no core file, no reading of our memory by others of the same user, and an end in any case."""
    if os.name != "posix":
        return
    import resource  # noqa: PLC0415 - there is no such module on Windows

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(LIFETIME)
    if sys.platform == "linux" and CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise Misconfigured("This process could not make itself unreadable to others.")


def main() -> int:
    """Answer the one request on stdin. A fault of our own shows as its kind alone, for a traceback would hold names."""
    harden()
    try:
        config = from_environment()
        told = answer(config, config.database("named"), Request.from_json(sys.stdin.buffer.read()), _say)
    except Exception as error:
        sys.stderr.write(type(error).__name__)
        return 1
    _say(told)
    return 0


def _say(told: dict[str, Any]) -> None:
    # whoever asked may be gone; what was begun is finished all the same
    with suppress(OSError):
        sys.stdout.write(f"{json.dumps(told)}\n")
        sys.stdout.flush()


def _clock(config: Config, request: Request) -> AbstractContextManager[None]:
    # a rehearsal plays a season in a minute; an installation's child trusts its own clock alone
    if request.now and config.profile == "rehearsal":
        return clock.set_to(datetime.fromisoformat(request.now))
    return nullcontext()
