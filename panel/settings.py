"""Whether the settings of an installation are safe for real boards, each with its remedy if it is not.

A problem is what would break blindness or let people in who must not be; advice is what a force may have answered
otherwise, such as mail that is fetched from a folder.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from sqlalchemy.engine import URL

from panel.config import Config, psycopg_url

PROBLEM: Final = "PROBLEM"
_MAIL_FROM: Final = Config(instance=Path()).mail_from
_HERE: Final = frozenset({"", "localhost", "127.0.0.1", "::1"})
#: With these the address of the server is proved too, or at least nothing travels in clear.
_TLS: Final = frozenset({"verify-full", "verify-ca", "require"})


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is as it must be, and a sentence with the remedy if it is not."""

    good: bool
    sentence: str
    #: Worth doing, but the service is not unsafe without it.
    advice: bool = False

    @classmethod
    def of(cls, good: bool, so: str, otherwise: str, *, advice: bool = False) -> Self:
        """With the one sentence if it is as it must be, and else with the other."""
        return cls(good, so if good else otherwise, advice)

    @property
    def word(self) -> str:
        """How the command line begins the line."""
        return "ok" if self.good else "advice" if self.advice else PROBLEM


def settings(config: Config) -> Iterator[Finding]:
    """What the settings alone tell; nothing is asked of database or network."""
    yield Finding.of(
        config.production,
        "Passphrases and passwords are hashed at full cost.",
        "PANEL_PROFILE is 'rehearsal': cheap hashing. Unset it.",
    )
    yield Finding.of(
        config.secure_cookies,
        "Cookies travel over TLS only.",
        "PANEL_INSECURE_COOKIES is set. Put the service behind TLS and unset it.",
    )
    if config.production:
        yield Finding.of(
            config.demands_second_factor,
            "Whoever has a part signs in with a second step.",
            "PANEL_SECOND_FACTOR is 'optional': a stolen password is enough for any part. Unset it.",
        )
    yield from _addresses(config)
    yield from _mail(config)
    yield from _databases(config)
    yield from _folder(config)


def _addresses(config: Config) -> Iterator[Finding]:
    yield Finding.of(
        bool(config.trusted_hosts),
        "The service answers to named hosts only.",
        "PANEL_TRUSTED_HOSTS is not set. Name the hosts the service answers to.",
    )
    address = urlsplit(config.base_url)
    yield Finding.of(
        address.scheme == "https",
        "Links lead to an address with TLS.",
        f"PANEL_BASE_URL is {config.base_url}. Set it to the https address by which people reach the service.",
    )
    if config.trusted_hosts and address.scheme == "https":
        yield Finding.of(
            any(_covers(host, address.hostname or "") for host in config.trusted_hosts),
            "Links lead to a host the service answers to.",
            f"PANEL_BASE_URL leads to {address.hostname}, which PANEL_TRUSTED_HOSTS does not name. Links would fail.",
        )
    if address.scheme == "https":
        yield Finding.of(
            config.proxy_hops > 0,
            "The proxies in front are counted.",
            "PANEL_PROXY_HOPS is 0, but something in front ends TLS. Set it to the number of proxies. Until then all "
            "come from one address, and forms are refused.",
        )


def _covers(trusted: str, host: str) -> bool:
    """As the web framework reads the list: a leading dot stands for every name below."""
    name = trusted.split(":", maxsplit=1)[0].lower()
    return host == name or (name.startswith(".") and (host.endswith(name) or host == name[1:]))


def _mail(config: Config) -> Iterator[Finding]:
    if config.smtp_url is None:
        remedy = f"PANEL_SMTP_URL is not set: letters become files in {config.instance / 'mail'}."
        yield Finding(good=False, sentence=remedy, advice=True)
        return
    yield Finding.of(
        config.mail_from != _MAIL_FROM,
        "Letters have a sender.",
        "PANEL_MAIL_FROM is not set. Name the address that letters come from.",
    )


def _databases(config: Config) -> Iterator[Finding]:
    named, blind = config.database_url, config.blind_database_url
    if named and blind:
        yield Finding.of(
            psycopg_url(named).username != psycopg_url(blind).username,
            "The two sides have a login each.",
            "PANEL_DATABASE_URL and PANEL_BLIND_DATABASE_URL have one login. Run: panel migrate --roles --print",
        )
    for setting, address in (("PANEL_DATABASE_URL", named), ("PANEL_BLIND_DATABASE_URL", blind)):
        if address and not _private(psycopg_url(address)):
            told = f"{setting} crosses a network without TLS. Add ?sslmode=verify-full to it."
            yield Finding(good=False, sentence=told)
    if config.owner_database_url:
        told = "PANEL_OWNER_DATABASE_URL is set here. It is for panel migrate: never set it where pages are served."
        yield Finding(good=False, sentence=told, advice=True)


def _private(address: URL) -> bool:
    # libpq takes the last host given: in the query it may be a socket's folder
    host = address.query.get("host", address.host or "")
    return str(host) in _HERE or str(host).startswith("/") or address.query.get("sslmode") in _TLS


def _folder(config: Config) -> Iterator[Finding]:
    if config.instance.is_dir():
        yield Finding.of(
            not others_may(config.instance),
            "Others cannot reach the folder of the installation.",
            f"Others can reach {config.instance}, where database and logs are. Run: chmod 700 {config.instance}",
        )


def others_may(path: Path) -> bool:
    """Whether anyone but the owner may do anything with it."""
    return os.name == "posix" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
