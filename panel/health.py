"""An installation's state of health: settings, file rights, database and self-tests. Looking changes nothing."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from panel.config import Config, tls_or_loopback
from panel.kernel import clock
from panel.kernel.apart import sees_names
from panel.kernel.database import Database, Side
from panel.kernel.errors import PanelError
from panel.kernel.precautions import advice, precautions
from panel.named.accounts.sso.addresses import ANSWER
from panel.named.unsealing import later, server_secrets
from panel.named.unsealing.child.answering import self_test
from panel.settings import Finding, others_may, settings
from panel.web.filters import plural

#: PostgreSQL's code for a missing right.
_INSUFFICIENT_PRIVILEGE: Final = "42501"
_CLOCKS_APART: Final = timedelta(minutes=1)
_SETTINGS: Final[dict[Side, str]] = {"named": "PANEL_DATABASE_URL", "blind": "PANEL_BLIND_DATABASE_URL"}


def check(config: Config) -> tuple[Finding, ...]:
    """Look at settings, file rights, database and self-tests; changes nothing."""
    return (*settings(config), *_extras(config), *_secrets(config), *_database(config), _self_tests())


def _extras(config: Config) -> Iterator[Finding]:
    """What nobody must have: whom to tell of a weakness, and single sign-on, which is worse half set up than not."""
    yield Finding.of(
        bool(config.security_contact),
        f"People who find a weakness are told to write to {config.security_contact}.",
        "PANEL_SECURITY_CONTACT is not set: whoever finds a weakness is not told whom to write to. Name somebody.",
        advice=True,
    )
    if config.single_sign_on:
        yield from _single_sign_on(config)


def _single_sign_on(config: Config) -> Iterator[Finding]:
    yield Finding.of(
        bool(find_spec("authlib") and find_spec("requests")),
        "Single sign-on has the libraries it needs.",
        "Single sign-on is set up, but its libraries are missing. Install the project with its extra 'sso'.",
    )
    yield Finding.of(
        tls_or_loopback(config.base_url),
        f"The identity provider must know this address: {config.base_url}{ANSWER}",
        "PANEL_BASE_URL must begin with https:// for single sign-on: the identity provider sends people there.",
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
    exposed = [path for path in (config.keys, *config.keys.rglob("*")) if others_may(path)]
    yield Finding.of(
        not exposed,
        "Secrets are readable by their owner only.",
        f"Others can reach {plural(len(exposed), 'file')} under {config.keys}. Run: chmod -R go-rwx {config.keys}",
    )


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
    yield _apart(database)
    yield _clock(database)
    yield _whole(database, config)
    yield _readable(database, config)
    yield from (Finding(good, sentence) for good, sentence in precautions(database))
    yield from (Finding(good=False, sentence=sentence, advice=True) for sentence in advice(database))


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


def _apart(database: Database) -> Finding:
    faults = sees_names(database)
    if faults:
        told = f"The blind database login {'; it '.join(faults)}. Give it a login of its own: panel migrate --roles"
        return Finding(good=False, sentence=told)
    return Finding(good=True, sentence="The blind database login has no way to names.")


def _clock(database: Database) -> Finding:
    """Deadlines go by this machine's clock; a database elsewhere shows whether it is right."""
    if not database.is_sqlite:
        with database.reading("named") as db:
            off = abs(clock.now() - db.execute(text("SELECT now()")).scalar_one())
        if off > _CLOCKS_APART:
            told = "This machine’s clock and the database’s are more than a minute apart. Set both by a time server."
            return Finding(good=False, sentence=told)
    return Finding(good=True, sentence=f"The clock says {clock.now():%d %B %Y, %H:%M} UTC.")


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
        told = f"Opened names cannot be read: {'; '.join(unread)}."
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
