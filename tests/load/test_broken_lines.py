"""A real `panel serve` whose clients stop, dawdle, hang up and lie, and which is stopped in the middle of a submit.

`PANEL_LOAD=20` stops it that many times.
"""

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from http.client import HTTPException
from pathlib import Path

import pytest

from panel.access import service as access
from panel.board.lifecycle import Stage
from panel.board.queries import board as board_of
from panel.kernel.ids import BoardId
from panel.named.intake import queries as intake
from panel.playing import applying
from panel.playing.applying import Application
from panel.playing.company import Member
from panel.playing.wording import answer_text
from panel.sealed.equality import queries as equality
from panel.sealed.vault import queries as vault
from panel.web.sessions import TokenSession
from tests.load.service import Service
from tests.load.serving import Answer, Tab, Tally, to_submit
from tests.web.fuzzing import Sender
from tests.world import Visit

TIMES = int(os.environ.get("PANEL_LOAD", "1"))
#: Taken in turn.
ENDS = (signal.SIGTERM, signal.SIGKILL)
#: Or it only hangs up.
REFUSED = {b"", b"302", b"400", b"404", b"413", b"422", b"431", b"501"}
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


def head(path: str, token: str, *lines: bytes) -> bytes:
    """A form's request up to its body, with all that a true one has."""
    forgery = TokenSession(token).csrf_token()
    said = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: panel={token}\r\nX-CSRF-Token: {forgery}\r\n"
    return said.encode() + FORM + b"".join(line + b"\r\n" for line in lines) + b"\r\n"


@pytest.mark.vault("V25")
def test_clients_that_stop_dawdle_hang_up_and_lie_change_nothing_and_keep_nobody_waiting(
    visit: Visit, tmp_path: Path
) -> None:
    board = visit.boards[Stage.OPEN].board
    token = signed_in(visit, writer(visit, board, "Nia Dawdle"))
    details = f"/applications/{board}/details"
    stood = Sender(visit, tmp_path).standing()
    with Service.started(visit.config) as service:
        with ExitStack() as half:
            for _ in range(120):
                line = half.enter_context(service.line())
                line.sendall(head(details, token, b"Content-Length: 1000") + b"name=Half+a+")
            assert service.serves()
        for sent in lies(details, token):
            answers = service.said(sent)
            assert answers[9:12] in {b"", b"302", b"400", b"404", b"413", b"422", b"431", b"501"}, (
                sent[:300],
                answers[:300],
            )
            assert b"Traceback" not in answers
        for _ in range(20):
            service.hang_up_on(b"GET /help HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            service.hang_up_on(head(details, token, b"Content-Length: 1000") + b"name=Gone")
        assert service.serves()
        assert Sender(visit, tmp_path).standing() == stood
        # slower than anybody types, and yet it arrives
        body = b"version=0&name=Nia+Dawdle&email=nia%40rail.example"
        with service.line() as slow:
            slow.sendall(head(details, token, b"Connection: close", b"Content-Length: %d" % len(body)))
            for at in range(0, len(body), 10):
                slow.sendall(body[at : at + 10])
                assert service.serves()
            assert slow.recv(12).endswith((b"303", b"409", b"422"))


def lies(path: str, token: str) -> Iterator[bytes]:
    body = b"version=0&name=Liar&email=liar%40rail.example"
    yield head(path, token, b"Content-Length: %d" % (len(body) + 50)) + body
    yield head(path, token, b"Content-Length: 900000000") + body
    yield head(path, token, b"Content-Length: 9", b"Connection: close") + body
    yield head(path, token, b"Content-Length: -1") + body
    yield head(path, token, b"Content-Length: many") + body
    yield head(path, token, b"Content-Length: 4", b"Content-Length: 45") + body
    yield head(path, token, b"Transfer-Encoding: chunked") + b"ZZ\r\n" + body
    yield head(path, token, b"Transfer-Encoding: chunked") + b"FFFFFFFFFFFFFFFF\r\n" + body
    yield head(path, token, b"Transfer-Encoding: chunked", b"Content-Length: 3") + b"-5\r\n" + body
    yield head(path, token, b"Transfer-Encoding: gzip, rubbish") + body
    yield head(path, token, b"X-Long: " + b"x" * 300_000)
    yield head(path + "/\x00%zz", token, b"Content-Length: 0")
    yield b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256))
    yield b"POST\r\n\r\n"
    yield b"GET / HTTP/9.9\r\n\r\n"


@pytest.mark.vault("V09")
def test_stopped_in_the_middle_of_a_submit_it_is_whole_or_not_at_all_and_the_page_says_which(visit: Visit) -> None:
    board = visit.boards[Stage.OPEN].board
    one = writer(visit, board, "Ada Quarrington")
    before = counted(visit, board)
    with Service.started(visit.config) as service:
        act = pressing(visit, service, one, board)
        with waiting_for(visit):
            pressed = begun(act)
            assert service.serves()
            service.end(signal.SIGKILL)
        with pytest.raises((OSError, HTTPException)):
            pressed.result()
    assert counted(visit, board) == before
    for turn in range(TIMES):
        with Service.started(visit.config) as service:
            answer = pressing(visit, service, one, board)()
            assert (answer.status, "receipt" in answer.text) == (200, True)
            one = writer(visit, board, f"Bea Quarrington{turn}")
            pressed = begun(pressing(visit, service, one, board))
            time.sleep(0.01 * turn)
            service.end(ENDS[turn % 2])
            with suppress(OSError, HTTPException):
                pressed.result()
        lodged = counted(visit, board)
        assert lodged in {before + turn + 1, before + turn + 2}
        told, inside = visit.client(one).get(f"/applications/{board}").text, lodged == before + turn + 2
        assert ("Use your receipt code" in told, "Go on with your application" in told) == (inside, not inside)
        before = lodged - turn - 1
        if inside:
            one = writer(visit, board, f"Cyd Quarrington{turn}")


def counted(visit: Visit, board: BoardId) -> int:
    """How many are lodged: alike wherever a lodging writes."""
    with visit.database.reading() as db:
        found = {len(intake.lodged_leaves(db, board)), vault.count(db, board), equality.count(db, board)}
        assert found == {intake.applied(db, board)}
    return found.pop()


def signed_in(visit: Visit, member: Member) -> str:
    with visit.database.writing() as db:
        return access.start_session(db, member.account, stepped_up=True)


def pressing(visit: Visit, service: Service, member: Member, board: BoardId) -> Callable[[], Answer]:
    """The page that submits is before her."""
    tab = Tab(service.port, signed_in(visit, member), Tally())
    path = f"/applications/{board}/check"
    return partial(tab.post, path, **to_submit(tab, path))


def begun(act: Callable[[], Answer]) -> "Future[Answer]":
    """She presses; what comes of it."""
    return ThreadPoolExecutor(1).submit(act)


@contextmanager
def waiting_for(visit: Visit) -> Iterator[None]:
    """Somebody else writes meanwhile, for as long as this lasts: a submit comes as far as that."""
    assert visit.config.sqlite_path
    visit.database.dispose()
    other = sqlite3.connect(visit.config.sqlite_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.rollback()
    other.close()


def writer(visit: Visit, board: BoardId, name: str) -> Member:
    """Somebody whose application is written and not submitted."""
    member = visit.hire(name.replace(" ", "."))
    with visit.database.writing() as db:
        policy = board_of(db, board).policy
        answers = {each.key: answer_text(each.key, 7) for each in policy.questions}
        applying.write(db, visit.config.keys, board, policy, Application(member, answers))
    return member
