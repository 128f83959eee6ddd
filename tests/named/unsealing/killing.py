"""A process that kills itself, as `kill -9` would, at a chosen point of what it does to the database or a key file."""

import os
import signal
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

from panel.kernel import keyfiles

#: Before and after each statement, before each commit, after it (when the connection is given back), around key files.
_MOMENTS = (
    (Engine, "before_cursor_execute"),
    (Engine, "after_cursor_execute"),
    (Engine, "commit"),
    (Pool, "reset"),
)


class Clockwork:
    """Counts the points that are passed; at the one named the process is gone."""

    def __init__(self, ends_at: int) -> None:
        self.ends_at, self.passed = ends_at, 0

    def __call__(self, *_args: Any, **_keywords: Any) -> None:
        self.passed += 1
        if self.passed == self.ends_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def wind(self) -> None:
        """Watch all that this process does from now on. Only a process about to end may call it."""
        for target, name in _MOMENTS:
            event.listen(target, name, self)
        for verb in ("destroy", "ensure", "renew"):
            setattr(keyfiles, verb, self._around(getattr(keyfiles, verb)))

    def _around(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **keywords: Any) -> Any:
            self()
            done = act(*args, **keywords)
            self()
            return done

        return watched


def count_points(act: Callable[[], object]) -> int:
    """How many points a whole run passes; it is made in a process of its own."""
    reads, writes = os.pipe()
    if (pid := os.fork()) == 0:
        works = Clockwork(0)
        works.wind()
        _run(act, lambda: os.write(writes, str(works.passed).encode()))
    os.close(writes)
    with os.fdopen(reads) as told:
        passed = told.read()
    assert os.waitpid(pid, 0)[1] == 0
    return int(passed)


def killed(act: Callable[[], object], point: int) -> None:
    """Run it in a process that is gone at that point."""
    if (pid := os.fork()) == 0:
        Clockwork(point).wind()
        _run(act, lambda: None)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), f"it ended by itself before point {point}"


def _run(act: Callable[[], object], then: Callable[[], object]) -> None:
    """In the forked process: nothing of the test's own may run in it after the act."""
    try:
        act()
        then()
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        os._exit(1)
    os._exit(0)
