"""The commands that look after an installation: its backups, putting one back, and looking at its settings."""

import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import click

from panel import health
from panel.backup import keys, proving, restoring, taking
from panel.backup.box import Kind
from panel.config import from_environment
from panel.kernel.errors import PanelError
from panel.settings import PROBLEM, Finding
from panel.web.logs import Event, note

Command = TypeVar("Command", bound=Callable[..., Any])

_FILE: Final = click.Path(path_type=Path, dir_okay=False)
_GONE: Final = (
    "Nobody is signed in any more. Drafts and links for a new password were in no backup: candidates begin their "
    "drafts again, and whoever waits for a link asks for another."
)

_LEFT: Final = "Look for what it left, under its name or one that begins with a dot, and destroy it."


def plainly(command: Command) -> Command:
    """Turn our errors, and files that are another login's, into one line on standard error and exit code 1."""

    @wraps(command)
    def spoken(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except PanelError as error:
            lines = (error.message, *error.details)
            click.echo("\n".join(lines), err=True)
            sys.exit(1)
        except PermissionError as error:
            click.echo(f"This login may not reach {error.filename}. Run it as the login of the service.", err=True)
            sys.exit(1)

    return cast(Command, spoken)


@click.command("backup-key")
@click.argument("private", type=_FILE)
@click.argument("public", type=_FILE)
@plainly
def backup_key(private: Path, public: Path) -> None:
    """Make the two halves of a backup key, in two new files. Best on a machine that is not the server.

    PRIVATE opens every backup made for PUBLIC: keep it where the server cannot reach it, twice. PUBLIC opens nothing
    and goes to the server.
    """
    made = keys.write_pair(private, public)
    click.echo(f"{private}: opens backups. Keep it off the server, and one copy elsewhere.")
    click.echo(f"{public}: for panel backup --to. In words: {made.words}")


@click.command()
@click.argument("file", type=_FILE)
@click.option("--to", required=True, type=_FILE, help="The public half of a backup key.")
@click.option(
    "--of",
    "kind",
    default=Kind.DATABASE.value,
    show_default=True,
    type=click.Choice([each.value for each in Kind]),
    help="What to back up.",
)
@plainly
def backup(file: Path, to: Path, kind: str) -> None:
    """Write an encrypted backup to a new FILE, in one piece or not at all. It can run while the service does.

    Of the database (without drafts, sessions and links); of the secrets, which are the pepper, the log's key and the
    key of authenticator apps; or of the keys by which opened names are read. Keep the three apart: together they are
    everything. While a board is open there is one backup of the database a day at most.
    """
    config, public = from_environment(), keys.PublicKey.read(to)
    if kind != Kind.DATABASE:
        count = taking.take_keys(config, file, public, Kind(kind))
        note(Event.BACKED_UP, kind=kind)
        click.echo(f"Written to {file}: {count} {'key' if count == 1 else 'keys'}.")
        return
    noted = taking.take_database(config, file, public)
    note(Event.BACKED_UP, kind=kind, count=noted.number)
    click.echo(f"Written to {file}: backup number {noted.number} of the database.")
    for each in taking.stopped_before(config, noted):
        click.echo(f"Backup number {each.number} of {each.on} was stopped. {_LEFT}")


@click.command()
@click.argument("file", type=_FILE)
@click.option("--key", required=True, type=_FILE, help="The private half of the backup key.")
@click.option("--without-secrets", is_flag=True, help="The secrets are lost for good: make new ones, and log it.")
@plainly
def restore(file: Path, key: Path, without_secrets: bool) -> None:
    """Put a backup back into an empty installation: secrets first, the database last, which then proves itself.

    A line for the service, for every board and for each thing that panel check looks at; exit code 1 if a board or a
    guard of the database is not as it must be.
    """
    config = from_environment()
    header = restoring.restore(config, file, keys.PrivateKey.read(key), without_secrets=without_secrets)
    note(Event.RESTORED, kind=header.kind.value)
    click.echo(f"Restored: {header.kind}, as of {header.on}.")
    if header.kind is Kind.DATABASE:
        click.echo(_GONE)
        tell(proving.prove(config))


@click.command()
@plainly
def check() -> None:
    """Look at the settings, the secrets' file rights, the database roles and the cryptographic self-tests."""
    tell(health.check(from_environment()))


def tell(findings: Iterable[Finding]) -> None:
    """A line each, and exit code 1 if there is a problem; advice alone is none."""
    told = tuple(findings)
    for finding in told:
        click.echo(f"{finding.word:7}  {finding.sentence}")
    if any(finding.word == PROBLEM for finding in told):
        sys.exit(1)
