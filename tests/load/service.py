"""The service itself, as `panel serve` starts it, to be stopped and started again, and lines that carry anything."""

import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

from panel.config import ROOT, Config

#: Until when it must have started, or have answered.
_PATIENCE = 60


@dataclass
class Service:
    """One process."""

    process: "subprocess.Popen[bytes]"
    port: int

    @classmethod
    @contextmanager
    def started(cls, config: Config) -> Iterator["Service"]:
        """On a free port of loopback; gone at the end."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "panel", "serve", "--port", str(port)]
        own = {"PANEL_INSECURE_COOKIES": "1", "PANEL_DEMO": "1", "PATH": os.environ["PATH"]}
        with subprocess.Popen(
            command,
            env=config.environment() | own,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            service = cls(process, port)
            try:
                service.await_start()
                yield service
            finally:
                process.kill()

    def await_start(self) -> None:
        """Raises AssertionError if it ends, or never answers."""
        until = time.monotonic() + _PATIENCE
        while not self.serves():
            assert self.process.poll() is None, "it has ended"
            assert time.monotonic() < until, "it does not answer"
            time.sleep(0.05)

    def serves(self) -> bool:
        """Whether another client is served now."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            line.request("GET", "/health")
            return line.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            line.close()

    def end(self, how: signal.Signals) -> None:
        """Send the signal, and wait until the process is gone."""
        self.process.send_signal(how)
        self.process.wait(_PATIENCE)

    def line(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=_PATIENCE)

    def said(self, sent: bytes) -> bytes:
        """All that comes back when this is sent and nothing after it."""
        found = b""
        with self.line() as line, suppress(ConnectionError):  # it need not hear a liar out
            line.sendall(sent)
            line.shutdown(socket.SHUT_WR)
            while part := line.recv(65536):
                found += part
        return found

    def hang_up_on(self, sent: bytes) -> None:
        """Send this and reset the line without reading a word."""
        with self.line() as line:
            line.sendall(sent)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
