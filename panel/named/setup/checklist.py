"""The steps of setting a board up, in the order people take them, each with whether it is done. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from panel.board.completeness import CUSTODIANS, Step, problems_of
from panel.board.duties import Part
from panel.board.policy import Policy


@dataclass(frozen=True)
class Item:
    """One line of the task list. `endpoint` and `values` lead to its page; a step that must wait leads nowhere."""

    name: str
    endpoint: str
    done: bool
    hint: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False
    waits: bool = False

    @property
    def status(self) -> str:
        """As the list shows it."""
        if self.waits:
            return "Cannot start yet"
        return "Completed" if self.done else "Optional" if self.optional else "Incomplete"


@dataclass(frozen=True)
class Section:
    """Steps that belong together."""

    title: str
    items: tuple[Item, ...]


_PARTS: Final = (
    (Part.MARKER, "Panel members"),
    (Part.CHAIR, "Chair"),
    (Part.DEPUTY, "Deputies"),
    (Part.CUSTODIAN, "Custodians"),
    (Part.AUDITOR, "Auditor"),
    (Part.HR, "HR of this board"),
)


def sections(policy: Policy, counts: Mapping[Part, int], *, deadline: bool) -> tuple[Section, ...]:
    """The whole list. `counts`: how many hold each part."""
    return (
        Section("The board", tuple(_board(policy, deadline=deadline))),
        Section("What is assessed", tuple(_assessed(policy))),
        Section("How marks decide", tuple(_marks(policy))),
        Section("People", (*_people(policy, counts), _quorum(policy))),
    )


def _board(policy: Policy, *, deadline: bool) -> Iterator[Item]:
    yield _step("About the board", "setup.about", policy, Step.ABOUT)
    yield Item("Deadline", "setup.deadline", deadline)
    yield _step("Framework and level", "setup.framework", policy, Step.FRAMEWORK)


def _assessed(policy: Policy) -> Iterator[Item]:
    waits = policy.level is None
    done = bool(policy.questions)
    yield Item("Competencies and values", "setup.criteria", done, f"{len(policy.criteria)} chosen", waits=waits)
    faults = problems_of(policy, Step.CRITERIA)
    for each in policy.criteria:
        named = any(f"‘{each.name}’" in fault for fault in faults)
        hint = "Over the whole submission" if each.whole else f"{each.word_limit or 0} words"
        yield Item(each.name, "setup.criterion", not named, hint, {"key": each.key})


def _marks(policy: Policy) -> Iterator[Item]:
    waits = not policy.criteria
    yield _step(
        "Scale and anchors", "setup.scale", policy, Step.SCALE, policy.scale.name.replace("-", " to "), waits=waits
    )
    waits = waits or not policy.scale.points
    yield _step("Pass mark, floors and tie-break", "setup.pass_rule", policy, Step.RULE, waits=waits)
    yield _step("Markers, tolerance and checks", "setup.marking", policy, Step.MARKING)


def _people(policy: Policy, counts: Mapping[Part, int]) -> Iterator[Item]:
    wanted = {
        Part.MARKER: policy.markers_per_answer + 1,
        Part.CHAIR: 1,
        Part.DEPUTY: 1,
        Part.CUSTODIAN: CUSTODIANS[0],
    }
    for part, name in _PARTS:
        count, least = counts.get(part, 0), wanted.get(part, 0)
        hint = f"{count} of at least {least}" if least > 1 else ""
        done = count >= max(least, 1)
        yield Item(name, "setup.people", done, hint, {"part": part.value}, optional=not least)


def _quorum(policy: Policy) -> Item:
    hint = f"{policy.custody.k} of {policy.custody.n} custodians open the names"
    waits = policy.custody.n not in CUSTODIANS
    return _step("Quorum", "setup.quorum", policy, Step.CUSTODY, "" if waits else hint, waits=waits)


def _step(name: str, endpoint: str, policy: Policy, step: Step, hint: str = "", *, waits: bool = False) -> Item:
    return Item(name, endpoint, not problems_of(policy, step), hint, waits=waits)
