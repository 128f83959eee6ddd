"""The README is true: its stage table is the code's, its commands exist."""

import re

from click.testing import CliRunner

from panel.access.roles import Role
from panel.board.lifecycle import CANCELLABLE, MOVES, Stage
from panel.cli import cli
from panel.config import ROOT

README = (ROOT / "README.md").read_text()


def test_stage_table_is_the_codes() -> None:
    rows = re.findall(r"^\| (\w+) → (\w+) \| (.+) \|$", README, flags=re.MULTILINE)
    told = {(start, to): set(who.split(", ")) for start, to, who in rows}
    titles = {role.value: role.label for role in Role} | {"deputy": "deputy"}
    code = {(start.value, to.value): {titles[role] for role in move.by} for (start, to), move in MOVES.items()}
    assert told == code


def test_cancelling_ends_at_the_lock() -> None:
    assert Stage.MODERATION in CANCELLABLE
    assert Stage.LOCKED not in CANCELLABLE


def test_commands_named_in_the_readme_exist() -> None:
    named = set(
        re.findall(
            r"(?:-m )?panel (demo|serve|migrate|account|rehearse|blindcheck|scrub|send-mail|check|custody|record|verify"
            r"|replace-secrets|backup-key|backup|restore)\b",
            README,
        )
    )
    assert named == set(cli.commands)


def test_every_command_has_help() -> None:
    for name in cli.commands:
        result = CliRunner().invoke(cli, [name, "--help"])
        assert result.exit_code == 0, result.output
        assert "Usage:" in result.output
