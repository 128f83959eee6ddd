"""The task list: every step with its status."""

from dataclasses import replace

from panel.board.duties import Part
from panel.board.policy import Custody, Policy
from panel.named.setup.checklist import Item, sections
from tests.named.setup.policies import complete, drafted

EVERYBODY = {Part.MARKER: 4, Part.CHAIR: 1, Part.DEPUTY: 1, Part.CUSTODIAN: 3, Part.HR: 1}


def items(policy: Policy, counts: dict[Part, int], *, deadline: bool = True) -> dict[str, Item]:
    return {item.name: item for section in sections(policy, counts, deadline=deadline) for item in section.items}


def test_empty_draft_has_little_done_and_some_steps_wait() -> None:
    listed = items(Policy(custody=Custody(n=0)), {Part.HR: 1}, deadline=False)
    assert {name for name, item in listed.items() if item.status == "Completed"} == {
        "Markers, tolerance and checks",
        "HR of this board",
    }
    assert {name for name, item in listed.items() if item.waits} == {
        "Competencies and values",
        "Scale and anchors",
        "Pass mark, floors and tie-break",
        "Quorum",
    }


def test_complete_draft_has_everything_done() -> None:
    assert {item.status for item in items(complete(), EVERYBODY).values()} == {"Completed", "Optional"}


def test_each_criterion_has_a_step_that_tells_whether_its_question_is_written() -> None:
    listed = items(drafted(), EVERYBODY)
    assert listed["Growing a team"].status == "Incomplete"
    assert listed["Candour"].status == "Completed"
    assert listed["Growing a team"].values == {"key": "growing-a-team"}


def test_too_few_people_leave_their_step_open() -> None:
    listed = items(replace(complete(), markers_per_answer=4), EVERYBODY)
    assert (listed["Panel members"].status, listed["Panel members"].hint) == ("Incomplete", "4 of at least 5")
