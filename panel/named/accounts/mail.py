"""From a letter to a message on its way: one recipient, one service address, no identifier of ours."""

import secrets
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from sqlalchemy.orm import Session

from panel.config import Config
from panel.kernel import clock
from panel.kernel.errors import Misconfigured
from panel.named.accounts.letters import SERVICE, Text

_TIMEOUT: Final = 30
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class BadMailAddress(Misconfigured):
    """PANEL_SMTP_URL cannot be read."""

    sentence = "PANEL_SMTP_URL must look like smtp://user:password@host:587 or smtps://user:password@host."


@dataclass(frozen=True)
class Transport:
    """How messages leave: `deliver` takes one, `sender` is the service's only address, `base_url` begins its links."""

    deliver: Callable[[EmailMessage], None]
    sender: str
    base_url: str


class Parcel(Protocol):
    """One letter in the outbox: what to send, and how to take it out."""

    @property
    def dropped_if_refused(self) -> bool:
        """Whether a mail server that refuses the address ends it, instead of keeping it waiting."""

    def message(self, db: Session, transport: "Transport") -> EmailMessage | None:
        """The message; None if nobody is left to get it."""

    def forget(self, db: Session) -> None:
        """Take it out of the outbox."""


def transport(config: Config) -> Transport:
    """To the mail server that is configured, or into files under the instance folder. Raises BadMailAddress."""
    deliver = _smtp(urlsplit(config.smtp_url)) if config.smtp_url else _folder(config.instance / "mail")
    return Transport(deliver, config.mail_from, config.base_url)


def message(recipient: str, text: Text, sender: str) -> EmailMessage:
    """One message to one person. Its id is random, so that it tells no host and joins nothing."""
    made = EmailMessage()
    made["From"] = formataddr((SERVICE, sender))
    made["To"] = recipient
    made["Subject"] = text.subject
    made["Date"] = format_datetime(clock.now())
    made["Message-ID"] = f"<{secrets.token_hex(16)}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text.body)
    return made


def _folder(folder: Path) -> Callable[[EmailMessage], None]:
    def write(mail: EmailMessage) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{secrets.token_hex(8)}.eml"
        path.touch(mode=0o600)
        path.write_bytes(mail.as_bytes())

    return write


def _smtp(url: SplitResult) -> Callable[[EmailMessage], None]:
    host = url.hostname
    if url.scheme not in {"smtp", "smtps"} or not host:
        raise BadMailAddress

    def send(mail: EmailMessage) -> None:
        with _connection(url, host) as server:
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(mail)

    return send


def _connection(url: SplitResult, host: str) -> smtplib.SMTP:
    if url.scheme == "smtps":
        return smtplib.SMTP_SSL(host, url.port or 465, timeout=_TIMEOUT, context=ssl.create_default_context())
    server = smtplib.SMTP(host, url.port or 25, timeout=_TIMEOUT)
    if host not in _LOOPBACK:
        server.starttls(context=ssl.create_default_context())
    return server
