"""An installation's state of health: settings, file rights, database and self-tests. Looking changes nothing."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from panel.config import Config, tls_or_loopback
from panel.kernel.database import Database, Side
from panel.kernel.errors import PanelError
from panel.kernel.precautions import precautions
from panel.named.accounts.sso.addresses import ANSWER
from panel.named.unsealing import later, server_secrets
from panel.named.unsealing.child.answering import self_test

#: PostgreSQL's code for a missing right.
_INSUFFICIENT_PRIVILEGE: Final = "42501"
_SETTINGS: Final[dict[Side, str]] = {"named": "PANEL_DATABASE_URL", "blind": "PANEL_BLIND_DATABASE_URL"}


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is as it must be, and a sentence with the remedy if it is not."""

    good: bool
    sentence: str


def check(config: Config) -> tuple[Finding, ...]:
    """Look at settings, file rights, database and self-tests; changes nothing."""
    return (*_settings(config), *_secrets(config), *_database(config), _self_tests())


def _settings(config: Config) -> Iterator[Finding]:
    yield Finding(
        config.production,
        "Passphrases and passwords are hashed at full cost."
        if config.production
        else "PANEL_PROFILE is 'rehearsal': cheap hashing. Unset it.",
    )
    yield Finding(
        config.secure_cookies,
        "Cookies travel over TLS only."
        if config.secure_cookies
        else "PANEL_INSECURE_COOKIES is set. Put the service behind TLS and unset it.",
    )
    yield Finding(
        config.demands_second_factor,
        "Whoever has a part signs in with a second step."
        if config.demands_second_factor
        else "PANEL_SECOND_FACTOR is 'optional': a stolen password is enough for any part. Unset it.",
    )
    yield Finding(
        bool(config.trusted_hosts),
        "The service answers to named hosts only."
        if config.trusted_hosts
        else "PANEL_TRUSTED_HOSTS is not set. Name the hosts the service answers to.",
    )
    yield from _extras(config)


def _extras(config: Config) -> Iterator[Finding]:
    """What nobody must have: whom to tell of a weakness, and single sign-on, which is worse half set up than not."""
    yield Finding(
        good=True,
        sentence=f"People who find a weakness are told to write to {config.security_contact}."
        if config.security_contact
        else "PANEL_SECURITY_CONTACT is not set: whoever finds a weakness is not told whom to write to. Name somebody.",
    )
    if config.single_sign_on:
        yield from _single_sign_on(config)


def _single_sign_on(config: Config) -> Iterator[Finding]:
    ready = bool(find_spec("authlib") and find_spec("requests"))
    yield Finding(
        ready,
        "Single sign-on has the libraries it needs."
        if ready
        else "Single sign-on is set up, but its libraries are missing. Install the project with its extra 'sso'.",
    )
    safe = tls_or_loopback(config.base_url)
    yield Finding(
        safe,
        f"The identity provider must know this address: {config.base_url}{ANSWER}"
        if safe
        else "PANEL_BASE_URL must begin with https:// for single sign-on: the identity provider sends people there.",
    )
    yield Finding(
        good=True,
        sentence="Single sign-on counts as a second factor where the provider says so."
        if config.single_sign_on and config.single_sign_on.second_factor
        else "Single sign-on never counts as a second factor: PANEL_OIDC_SECOND_FACTOR is not set.",
    )


def _secrets(config: Config) -> Iterator[Finding]:
    if not config.keys.is_dir():
        yield Finding(good=False, sentence="There are no secrets yet. Start the service once: panel serve.")
        return
    exposed = [path for path in (config.keys, *config.keys.rglob("*")) if _others_may(path)]
    yield Finding(
        not exposed,
        f"Others can reach {len(exposed)} files under {config.keys}. Run: chmod -R go-rwx {config.keys}"
        if exposed
        else "Secrets are readable by their owner only.",
    )


def _others_may(path: Path) -> bool:
    return os.name == "posix" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _database(config: Config) -> Iterator[Finding]:
    if config.sqlite_path and not config.sqlite_path.exists():
        yield Finding(good=False, sentence="There is no database yet. Start the service once: panel serve.")
        return
    try:
        database = config.database()
    except PanelError as error:
        yield Finding(good=False, sentence=error.message)
        return
    try:
        silent = tuple(_silent(database))
        yield from silent
        if not silent:
            yield from _answering(database, config)
    finally:
        database.dispose()


def _silent(database: Database) -> Iterator[Finding]:
    for side, setting in _SETTINGS.items():
        try:
            with database.reading(side) as db:
                db.execute(text("SELECT 1"))
        # a file that is no database fails in our own preparation of the connection, which SQLAlchemy does not wrap
        except (SQLAlchemyError, sqlite3.Error):
            remedy = "Is the file whole?" if database.is_sqlite else f"Is it running, and is {setting} right?"
            yield Finding(good=False, sentence=f"The database does not answer the {side} side. {remedy}")


def _answering(database: Database, config: Config) -> Iterator[Finding]:
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    yield Finding(good=True, sentence=f"The database answers on both sides ({kind}).")
    yield _blindness(database)
    yield _whole(database, config)
    yield _readable(database, config)
    yield from (Finding(good, sentence) for good, sentence in precautions(database))


def _blindness(database: Database) -> Finding:
    table = "account" if database.is_sqlite else "named.account"
    try:
        with database.reading("blind") as db:
            db.execute(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - one of two fixed names
    except DBAPIError as error:
        if _is_refusal(error):
            return Finding(good=True, sentence="The blind database role is refused every name.")
        return Finding(good=False, sentence="Whether the blind role is refused names is unknown. Run: panel migrate")
    return Finding(good=False, sentence="The blind database role can read names. Run: panel migrate --roles")


def _whole(database: Database, config: Config) -> Finding:
    try:
        with database.reading("named") as db:
            lost = server_secrets.missing(db, config.keys)
    except DBAPIError:
        return Finding(good=False, sentence="Whether a secret is missing is unknown. Run: panel migrate")
    if lost:
        return Finding(good=False, sentence=f"{server_secrets.SecretMissing.sentence} Missing: {', '.join(lost)}.")
    return Finding(good=True, sentence="No secret is missing.")


def _readable(database: Database, config: Config) -> Finding:
    try:
        with database.reading("named") as db:
            unread = later.all_unreadable(db, config.keys)
    except DBAPIError:
        return Finding(good=False, sentence="Whether opened names can be read is unknown. Run: panel migrate")
    if unread:
        told = f"Opened names cannot be read: {'; '.join(each.title for each in unread)}."
        remedy = "Restore instance/keys/results from its own backup, or have the custodians open the envelopes again."
        return Finding(good=False, sentence=f"{told} {remedy}")
    return Finding(good=True, sentence="Every name that is open can be read.")


def _is_refusal(error: DBAPIError) -> bool:
    """Whether a right was missing. Any other failure, such as a missing table, proves nothing."""
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorcode", None)
    return code in {_INSUFFICIENT_PRIVILEGE, sqlite3.SQLITE_AUTH}


def _self_tests() -> Finding:
    try:
        self_test()
    except Exception as error:
        return Finding(good=False, sentence=f"A cryptographic self-test failed ({type(error).__name__}).")
    return Finding(good=True, sentence="The cryptographic self-tests pass.")
