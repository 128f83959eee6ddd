"""The command line: `panel` or `python -m panel`. Says plainly what it does, and what to do when it cannot."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import click
import waitress

from panel import installation, rehearsal, upkeep
from panel.app import LARGEST_FORM, create_app
from panel.audit import verifier
from panel.audit.heads import Signer
from panel.blindcheck import check as checking
from panel.config import PORT, Config, Sides, from_environment
from panel.demo import build as demonstration
from panel.kernel.database import Database
from panel.kernel.errors import Malformed
from panel.kernel.ids import BoardId
from panel.named.accounts import head_posting, posting
from panel.named.accounts import service as accounts
from panel.named.accounts.factors import traces
from panel.named.accounts.mail import transport
from panel.named.intake import closing
from panel.named.intake.queries import states
from panel.named.oversight import recount
from panel.named.oversight import service as oversight
from panel.named.register import calls, reminders
from panel.named.results import archiving, telling
from panel.named.unsealing import convening, custody_report, drilling
from panel.settings import Finding
from panel.upkeep import plainly, tell
from panel.web.logs import Event, init_logs, note

#: A hundred clients that stop in the middle of a request would keep everybody else waiting for two minutes, and a body
#: is written to disk before the application can say that it is too large; so waitress gets bounds of our own.
_LINES: Final[dict[str, Any]] = {
    "threads": 8,
    "connection_limit": 1000,
    "asyncore_use_poll": True,
    "channel_timeout": 60,
    "cleanup_interval": 10,
    "max_request_header_size": 32 * 1024,
    "max_request_body_size": 2 * LARGEST_FORM,
}


def main() -> None:
    """Run the command line."""
    init_logs()
    cli(prog_name="panel")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Blind promotion boards: applications marked by number, names sealed until every mark is locked."""


for each in (upkeep.backup, upkeep.backup_key, upkeep.restore, upkeep.check):
    cli.add_command(each)


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=demonstration.PORT, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option("--reset", is_flag=True, help="Throw the demonstration away and make a fresh one.")
@click.option("--build-only", is_flag=True, help="Make the demonstration and stop, without serving it.")
@plainly
def demo(host: str, port: int, reset: bool, build_only: bool) -> None:
    """Serve a fictional force with boards from open to published, in instance/demo/."""
    config = demonstration.prepare(reset=reset, say=click.echo)
    click.echo(demonstration.sign_ins(config))
    if not build_only:
        _serve(replace(config, base_url=f"http://{host}:{port}"), host, port, "both")


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option(
    "--side",
    default="both",
    show_default=True,
    envvar="PANEL_SIDE",
    show_envvar=True,
    type=click.Choice(["both", "named", "blind"]),
    help="Serve only the pages, and use only the database address, of one side.",
)
@plainly
def serve(host: str, port: int, side: Sides) -> None:
    """Serve this installation. The first start makes its secrets and its tables."""
    config = from_environment(side=side)
    installation.serving(config, side)
    _serve(config, host, port, side)


@cli.command()
@click.option("--roles", is_flag=True, help="PostgreSQL: first make the two roles and their members.")
@click.option("--print", "print_only", is_flag=True, help="With --roles: print the SQL for a database administrator.")
@plainly
def migrate(roles: bool, print_only: bool) -> None:
    """Bring the database to the newest tables."""
    if print_only:
        click.echo("\n".join(installation.role_statements(from_environment())))
        return
    installation.migrate(from_environment(), roles=roles)
    note(Event.MIGRATED)
    click.echo("The tables are up to date.")


@cli.group()
def account() -> None:
    """People's accounts."""


@account.command("add")
@click.argument("email")
@click.option("--name", required=True, help="Full name.")
@click.option("--staff-no", required=True, help="Staff number.")
@click.option("--administrator", is_flag=True, help="May manage accounts.")
@click.option("--hr", is_flag=True, help="May make boards.")
@plainly
def account_add(email: str, name: str, staff_no: str, administrator: bool, hr: bool) -> None:
    """Add a person and print the link by which she sets her password."""
    config = from_environment()
    with _prepared(config) as database, database.writing("named") as db:
        token = accounts.invite_from_command_line(
            db, name=name, email=email, staff_no=staff_no, administrator=administrator, hr=hr
        )
    click.echo(f"Send this link to {email}. It works once, for seven days:\n{config.base_url}/invitation/{token}")


@cli.command()
@click.option("--candidates", default=24, show_default=True, type=click.IntRange(3, 20_000), help="Submissions.")
@click.option("--markers", default=6, show_default=True, type=click.IntRange(4, 500), help="Panel members.")
@click.option("--criteria", default=6, show_default=True, type=click.IntRange(1, 12), help="Questions.")
@plainly
def rehearse(candidates: int, markers: int, criteria: int) -> None:
    """Play a whole board in a scratch database and print how long each stage took."""
    report = rehearsal.rehearse(from_environment(), candidates=candidates, markers=markers, criteria=criteria)
    click.echo(report.table())
    if not report.sound:
        click.echo("\n".join(report.faults), err=True)
        sys.exit(1)


@cli.command()
@click.option("--candidates", default=6, show_default=True, type=click.IntRange(3, 200), help="Submissions.")
@click.option("--markers", default=4, show_default=True, type=click.IntRange(4, 50), help="Panel members.")
@click.option("--criteria", default=2, show_default=True, type=click.IntRange(1, 12), help="Questions.")
@plainly
def blindcheck(candidates: int, markers: int, criteria: int) -> None:
    """Play a board in a scratch database and look for its invented candidates wherever they must not be.

    At every stage it signs in as every part and walks every page and form; it looks through mails, logs, error pages,
    files and rows too. A line for each thing found where it must not be, and exit code 1 if there is one. Your own
    database is not touched.
    """
    report = checking.blindcheck(from_environment(), candidates=candidates, markers=markers, criteria=criteria)
    click.echo("\n".join(report.lines()))
    sys.exit(int(not report.blind))


@cli.command()
@click.argument("board", required=False)
@plainly
def scrub(board: str | None) -> None:
    """Rewrite the files of closed boards so that nothing in them tells the order of applying; safe to repeat."""
    config = from_environment()
    with _prepared(config) as database:
        archiving.finish_all(database, config.keys)
        done = closing.scrub_closed(database, config.keys, BoardId.parse(board) if board else None)
    click.echo(f"Scrubbed. Boards now recorded as scrubbed: {done}.")


@cli.command()
@click.argument("board")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--names", is_flag=True, help="With the opened names: personal data, so keep it as such.")
@plainly
def record(board: str, file: Path, names: bool) -> None:
    """Write the record of a locked board, which an auditor checks with `panel verify`, to a new zip file."""
    config = from_environment()
    with _prepared(config) as database, database.writing() as db:
        made = oversight.take_record(db, config.keys, BoardId.parse(board), None, oversight.COMMAND_LINE, names=names)
        try:
            with file.open("xb") as new:
                file.chmod(0o600)
                new.write(made.to_zip())
        except OSError as error:
            raise Malformed(f"{file} cannot be written: {error.strerror}.") from error
    click.echo(f"Written to {file}. Check it with: panel verify {file}")


@cli.command()
@click.argument("file", type=click.Path())
@click.option("--head", "heads", multiple=True, metavar="SIZE:ROOT", help="A head kept elsewhere, as in the minutes.")
@click.option("--receipt", "receipts", multiple=True, type=click.Path(), help="A candidate's receipt, as a file.")
@click.option("--key", "keys", multiple=True, metavar="HEX", help="A later log key that the force has confirmed.")
@click.option("--recount", "again", is_flag=True, help="Compute the merit list anew from the marks and the rules.")
@plainly
def verify(file: str, heads: tuple[str, ...], receipts: tuple[str, ...], keys: tuple[str, ...], again: bool) -> None:
    """Check a record, without database or network. Better with an auditor's own copy of panel/audit/verifier.py."""
    brought = {"--head": heads, "--receipt": receipts, "--key": keys}
    options = [part for option, values in brought.items() for value in values for part in (option, value)]
    failed = verifier.main([file, *options])
    if again and not failed:
        counted = recount.recount(Path(file))
        click.echo(counted.sentence)
        failed = not counted.same
    sys.exit(int(failed))


@cli.command("send-mail")
@plainly
def send_mail() -> None:
    """Send what waits in the outbox, in random order. Run it once a day, for it is the daily round too.

    Opening ceremonies that have run out or were overtaken are closed, and what was released for them is deleted.
    Keyholders whose proof runs out are reminded, and panel members whose training ends or who have new work. Logs that
    have grown are signed, and every signed head leaves. What is left of sign-ins that nobody finished is forgotten.
    """
    config = from_environment()
    with _prepared(config) as database:
        with database.writing() as db:
            expired = convening.close_expired(db)
        with database.writing() as db:
            posting.tell_changes(db, states(db))
            telling.tell_amended(db, config.keys)
            drilling.remind(db)
            reminders.remind(db)
            calls.call(db)
            traces.sweep(db)
        with database.writing() as db:
            head_posting.post_heads(db, Signer.of(config.keys))
        sent = accounts.send_mail(database, transport(config))
    note(Event.MAIL_SENT, count=sent)
    click.echo(f"Sent: {sent}. Ceremonies closed because they had run out or were overtaken: {expired}.")


@cli.command("replace-secrets")
@click.confirmation_option(prompt="Is every backup of the missing secrets gone for good?")
@plainly
def replace_secrets() -> None:
    """Make anew a secret in instance/keys that is lost for good, and log it.

    Without the old pepper every keyholder needs the recovery code to make a new passphrase. After a new log key
    auditors ask whose it is, and after a new key of authenticator apps these are set up anew.
    """
    made = installation.replace_secrets(from_environment())
    click.echo(f"Made anew: {', '.join(made)}." if made else "No secret is missing. Nothing was changed.")


@cli.command()
@click.argument("board")
@plainly
def custody(board: str) -> None:
    """Print each seat of a board's custody, and whether it can still be reached. Touches no key."""
    with _prepared(from_environment()) as database, database.reading() as db:
        report = custody_report.report(db, BoardId.parse(board))
    tell(Finding(each.good, each.sentence) for each in report)


@contextmanager
def _prepared(config: Config) -> Iterator[Database]:
    """The named side of an installation that has all it needs."""
    installation.prepare(config)
    database = config.database("named")
    try:
        yield database
    finally:
        database.dispose()


def _serve(config: Config, host: str, port: int, side: Sides) -> None:
    app = create_app(config, side=side)
    click.echo(f"Listening on http://{host}:{port} (stop with Ctrl+C)")
    with installation.logged(config, side):
        waitress.serve(app, host=host, port=port, ident=None, **_LINES)
