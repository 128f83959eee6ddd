"""How marking is conducted: off at first, written only where it differs, refused outside its limits."""

from dataclasses import replace

import pytest

from panel.board.completeness import Step, problems_of
from panel.board.conduct import Conduct, Settling, Sharing
from panel.board.policy import Policy

CHOSEN = Conduct(Sharing.SUBMISSION, 40, 10, 20, Settling.FURTHER, pass_line=True, sample_percent=5)


def test_plain_board_is_written_as_before_there_were_such_rules() -> None:
    assert "conduct" not in Policy().to_json()


def test_conduct_survives_being_written_and_changes_the_digest() -> None:
    policy = replace(Policy(title="Inspector"), conduct=CHOSEN)
    assert Policy.from_json(policy.to_json()) == policy
    assert policy.digest != replace(policy, conduct=Conduct()).digest


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        ({"load_cap": 0}, "most tasks"),
        ({"seed_every": 2}, "seed"),
        ({"repeat_every": 101}, "seed"),
        ({"sample_percent": 101}, "sample"),
    ],
)
def test_rule_outside_its_limits_is_told(rule: dict[str, int], word: str) -> None:
    faults = problems_of(Policy(conduct=Conduct(**rule)), Step.MARKING)  # type: ignore[arg-type]
    assert [fault for fault in faults if word in fault]


def test_every_rule_within_its_limits_is_taken() -> None:
    assert problems_of(Policy(conduct=CHOSEN), Step.MARKING) == ()
