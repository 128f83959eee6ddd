"""Settings of one installation, from the environment. Nothing needs to be set for a first start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, cast
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url

from panel.kernel.database import Database
from panel.kernel.errors import Misconfigured

ROOT: Final = Path(__file__).resolve().parent.parent

Profile = Literal["standard", "rehearsal"]
Sides = Literal["both", "named", "blind"]
SecondFactor = Literal["required", "optional"]

_SIDES: Final[Mapping[str, Sides]] = {"both": "both", "named": "named", "blind": "blind"}
#: Where `panel serve` listens unless told otherwise, so that the first links lead somewhere.
PORT: Final = 8000
_BASE_URL: Final = f"http://127.0.0.1:{PORT}"


@dataclass(frozen=True)
class SingleSignOn:
    """The force's own identity provider (OpenID Connect), and what it knows this service by.

    `second_factor`: the values of `amr`, or the one of `acr`, that say that a second factor was asked for there. With
    none of them, or none set, the person is asked for hers here.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    second_factor: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Config:
    """One installation.

    `profile` rehearsal means cheap password hashing: the demo, rehearsals and tests only. Not `durable` is for what can
    be made again, the demonstration while it is built and the databases of tests: SQLite does not wait for the disk.
    `second_factor`: None is required in production, and optional where one printed password must open everything.
    """

    instance: Path
    database_url: str | None = None
    blind_database_url: str | None = None
    owner_database_url: str | None = None
    profile: Profile = "standard"
    secure_cookies: bool = True
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    base_url: str = _BASE_URL
    smtp_url: str | None = None
    mail_from: str = "promotion-boards@localhost"
    security_contact: str | None = None
    single_sign_on: SingleSignOn | None = None
    demo: bool = False
    second_factor: SecondFactor | None = None
    durable: bool = True
    extra_environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> Path:
        """Where the server's secrets are: owner-only, never in a database backup."""
        return self.instance / "keys"

    @property
    def production(self) -> bool:
        """Whatever is not the demo, a rehearsal or a test."""
        return self.profile == "standard" and not self.demo

    @property
    def demands_second_factor(self) -> bool:
        """Whether nobody with a part on a board or the system signs in by password alone. All may choose not to."""
        return self.production if self.second_factor is None else self.second_factor == "required"

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, or None with PostgreSQL: a process of one side has only that side's address."""
        addresses = (self.database_url, self.blind_database_url, self.owner_database_url)
        return None if any(addresses) else self.instance / "panel.sqlite3"

    def database(self, sides: Sides = "both") -> Database:
        """The engines of this process. Raises Misconfigured when a PostgreSQL address it needs is not set."""
        if self.sqlite_path:
            self.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
            return Database.sqlite(self.sqlite_path, durable=self.durable)
        if not self.database_url and sides != "blind":
            raise Misconfigured("PANEL_DATABASE_URL is not set: the named side cannot work without it.")
        if not self.blind_database_url and sides != "named":
            raise Misconfigured("PANEL_BLIND_DATABASE_URL is not set: the blind side cannot work without it.")
        named = psycopg_url(self.database_url) if self.database_url and sides != "blind" else None
        blind = psycopg_url(self.blind_database_url) if self.blind_database_url and sides != "named" else None
        return Database(named, blind)

    def owner_url(self) -> URL:
        """Who migrates: the owner's address, or the SQLite file. Raises Misconfigured if there is neither."""
        if self.sqlite_path:
            return make_url(f"sqlite:///{self.sqlite_path}")
        if not self.owner_database_url:
            raise Misconfigured("PANEL_OWNER_DATABASE_URL is not set: only the login that owns the tables may do this.")
        return psycopg_url(self.owner_database_url)

    def environment(self) -> dict[str, str]:
        """The settings as a child process needs them, and nothing else of our environment."""
        settings = {
            "PANEL_INSTANCE": str(self.instance),
            "PANEL_DATABASE_URL": self.database_url,
            "PANEL_BLIND_DATABASE_URL": self.blind_database_url,
            "PANEL_PROFILE": self.profile,
            "PANEL_DEMO": "1" if self.demo else None,
        }
        return {key: value for key, value in settings.items() if value} | dict(self.extra_environment)


def from_environment(environment: Mapping[str, str] = os.environ, side: Sides | None = None) -> Config:
    """Read the settings, for a process of `side` (else of PANEL_SIDE). Raises Misconfigured with the remedy."""
    named, blind = environment.get("PANEL_DATABASE_URL"), environment.get("PANEL_BLIND_DATABASE_URL")
    if blind and not named and (side or side_of(environment)) != "blind":
        raise Misconfigured(
            "PANEL_BLIND_DATABASE_URL is set but PANEL_DATABASE_URL is not: both are needed, but for --side blind."
        )
    chosen = side or side_of(environment)
    return Config(
        instance=Path(environment.get("PANEL_INSTANCE", ROOT / "instance")).resolve(),
        database_url=named,
        blind_database_url=blind,
        owner_database_url=environment.get("PANEL_OWNER_DATABASE_URL"),
        profile=_profile(environment.get("PANEL_PROFILE", "standard")),
        secure_cookies=environment.get("PANEL_INSECURE_COOKIES") != "1",
        trusted_hosts=tuple(filter(None, environment.get("PANEL_TRUSTED_HOSTS", "").split(","))),
        proxy_hops=_count(environment.get("PANEL_PROXY_HOPS", "0")),
        base_url=environment.get("PANEL_BASE_URL", _BASE_URL).rstrip("/"),
        smtp_url=environment.get("PANEL_SMTP_URL"),
        mail_from=environment.get("PANEL_MAIL_FROM", "promotion-boards@localhost"),
        security_contact=_contact(environment.get("PANEL_SECURITY_CONTACT")),
        # a process that serves markers has no business with a secret by which people sign in
        single_sign_on=None if chosen == "blind" else _single_sign_on(environment),
        demo=environment.get("PANEL_DEMO") == "1",
        second_factor=_second_factor(environment.get("PANEL_SECOND_FACTOR")),
    )


def side_of(environment: Mapping[str, str] = os.environ) -> Sides:
    """The side that PANEL_SIDE names, else both. Raises Misconfigured for any other word."""
    chosen = environment.get("PANEL_SIDE", "both")
    if chosen not in _SIDES:
        raise Misconfigured("PANEL_SIDE must be 'named', 'blind' or 'both'.")
    return _SIDES[chosen]


def psycopg_url(address: str) -> URL:
    """A PostgreSQL address for the driver we use, however the scheme was written."""
    url = make_url(address)
    return url.set(drivername="postgresql+psycopg") if url.get_backend_name().startswith("postgres") else url


def config() -> Config:
    """The settings of the running application."""
    from flask import current_app  # noqa: PLC0415 - the child and the command line start without Flask

    return cast(Config, current_app.extensions["panel.config"])


def _profile(text: str) -> Profile:
    if text not in {"standard", "rehearsal"}:
        raise Misconfigured("PANEL_PROFILE must be 'standard' (or 'rehearsal', for the demo and tests only).")
    return cast(Profile, text)


def _second_factor(text: str | None) -> SecondFactor | None:
    if text not in {None, "", "required", "optional"}:
        raise Misconfigured("PANEL_SECOND_FACTOR must be 'required' or 'optional'.")
    return cast(SecondFactor, text) if text else None


def _single_sign_on(environment: Mapping[str, str]) -> SingleSignOn | None:
    issuer, client = environment.get("PANEL_OIDC_ISSUER"), environment.get("PANEL_OIDC_CLIENT_ID")
    secret, file = environment.get("PANEL_OIDC_CLIENT_SECRET"), environment.get("PANEL_OIDC_CLIENT_SECRET_FILE")
    if not (issuer or client or secret or file):
        return None
    if file:
        secret = _in_file(file)
    if not issuer or not client or not secret:
        raise Misconfigured(
            "For single sign-on set all of PANEL_OIDC_ISSUER, PANEL_OIDC_CLIENT_ID and PANEL_OIDC_CLIENT_SECRET "
            "(or PANEL_OIDC_CLIENT_SECRET_FILE), or none of them."
        )
    if not tls_or_loopback(issuer):
        raise Misconfigured("PANEL_OIDC_ISSUER must begin with https://.")
    vouching = environment.get("PANEL_OIDC_SECOND_FACTOR", "").split(",")
    return SingleSignOn(issuer, client, secret, frozenset(filter(None, (each.strip() for each in vouching))))


def tls_or_loopback(address: str) -> bool:
    """Whether what goes there cannot be read on the way: over TLS, or without leaving this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"})


def _in_file(name: str) -> str:
    try:
        return Path(name).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured("PANEL_OIDC_CLIENT_SECRET_FILE cannot be read.") from error


def _contact(text: str | None) -> str | None:
    """An address as RFC 9116 has it: of mail, of a page, or a telephone number."""
    if not text:
        return None
    plain = text.strip() if ":" in text else f"mailto:{text.strip()}"
    if not plain.startswith(("mailto:", "https://", "tel:")) or any(each.isspace() for each in plain):
        raise Misconfigured("PANEL_SECURITY_CONTACT must be a mail address, or begin with mailto:, https:// or tel:.")
    return plain


def _count(text: str) -> int:
    if not text.isdigit():
        raise Misconfigured("PANEL_PROXY_HOPS must be a whole number: how many proxies stand in front of the service.")
    return int(text)
