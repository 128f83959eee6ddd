"""A board's heads, mailed out: one for each stage it came to, and nothing of any candidate in them."""

import re
from email import message_from_bytes, policy

import pytest
from click.testing import CliRunner

from panel.audit import queries as audit
from panel.blind.submissions.queries import numbers
from panel.cli import cli
from panel.kernel.encoding import words
from tests.named.unsealing.stage import Stage


@pytest.mark.leak("L01")
@pytest.mark.leak("L66")
def test_the_head_of_every_stage_change_leaves_and_says_nothing_of_a_candidate(
    locked: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("panel.cli.from_environment", lambda: locked.config)
    done = CliRunner().invoke(cli, ["send-mail"])
    assert done.exit_code == 0, done.output
    letters = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in (locked.config.instance / "mail").glob("*.eml")
    ]
    said = [each.get_content() for each in letters if "signed head" in each["Subject"]]
    with locked.database.reading() as db:
        heads = {head.size: head for head in audit.signed_heads(db, locked.board)}
        dealt = [str(number) for number in numbers(db, locked.board).values()]
    moves = [entry for entry in locked.log() if entry.kind.startswith("board.") and entry.kind != "board.drafted"]
    stages = [entry.kind for entry in moves if entry.stored.seq + 1 in heads]
    assert {"board.opened", "board.closed", "board.marking", "board.moderation", "board.locked"} <= set(stages)
    keepers = (locked.people.chair, locked.people.deputy, *locked.people.custodians, locked.people.hr)
    for member in (*keepers, locked.people.auditor):
        hers = {
            found[1]
            for each in letters
            if each["To"] == member.email and (found := re.search(r"Head: (\d+:[0-9a-f]{64})\n", each.get_content()))
        }
        assert {f"{size}:{head.root.hex()}" for size, head in heads.items()} <= hers
    for head in heads.values():
        assert any(" ".join(words(head.root)) in each for each in said)
    for each in said:
        secret = [*dealt, *(part for who in locked.people.candidates for part in (who.name, who.email, who.staff_no))]
        assert not [part for part in secret if part in each]
    markers = {who.email for who in (*locked.people.markers, *locked.people.candidates)}
    assert not [each for each in letters if each["To"] in markers and "signed head" in each["Subject"]]
