"""Who may meet what before the names are open, and who never may. Pure.

One: the panel meets nobody's particulars. Two: HR and custodians meet no answer and no code; a candidate meets only her
own, and of the codes only her receipt code, save on her receipt. Three: nothing that outlives a request, and no page
but a candidate's own, holds who she is beside what she wrote or a code of hers.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from panel.blindcheck.canaries import Canary, Family, Kind
from panel.blindcheck.scanner import Hit
from panel.board.lifecycle import Stage


class Part(StrEnum):
    """Who looks."""

    NOBODY = "nobody"
    CANDIDATE = "candidate"
    ANOTHER_CANDIDATE = "another candidate"
    MARKER = "marker"
    CHAIR = "chair"
    DEPUTY = "deputy"
    CUSTODIAN = "custodian"
    HR = "HR"
    AUDITOR = "auditor"
    NEWCOMER = "newcomer"
    MARKER_ELSEWHERE = "marker of another board"
    CHAIR_ELSEWHERE = "chair of another board"
    ADMINISTRATOR = "administrator"
    SYSTEM_AUDITOR = "auditor of the system"
    SUCCESSOR = "successor"


CANDIDATES: Final = frozenset({Part.CANDIDATE, Part.ANOTHER_CANDIDATE})
LEADERS: Final = frozenset({Part.CHAIR, Part.DEPUTY})
#: Whom no name may reach before the names are open.
PANEL: Final = LEADERS | {Part.MARKER}
KEEPERS: Final = frozenset({Part.HR, Part.CUSTODIAN})
#: Where a candidate is shown her receipt: having submitted, with her receipt code, and as a file.
RECEIPTS: Final = frozenset({"intake.check", "intake.code", "intake.withdraw", "intake.download"})
_ON_RECEIPT: Final = frozenset({Kind.REF, Kind.DIGEST, Kind.RECEIPT})
_IN_RECORD: Final = frozenset({Kind.REF, Kind.NUMBER, Kind.TASK, Kind.DIGEST, Kind.ANSWER})


@dataclass(frozen=True)
class Looking:
    """Somebody looks at something: with which part, at which stage, at which endpoint.

    `person`: which candidate, if one. `marker`: her marker id.
    """

    part: Part
    stage: Stage
    endpoint: str = ""
    person: int | None = None
    marker: str = ""


def may_meet(looking: Looking, canary: Canary) -> bool:
    """Whether this person may meet this at that stage."""
    if looking.part in CANDIDATES:
        return canary.person == looking.person and _her_own(looking, canary.kind)
    if looking.part is Part.MARKER:
        return canary.kind is Kind.ANSWER or (canary.kind is Kind.TASK and canary.holder == looking.marker)
    if looking.part in KEEPERS | LEADERS and looking.stage.reached(Stage.UNSEALED):
        return canary.kind is not Kind.RECEIPT
    if looking.part in KEEPERS | {Part.ADMINISTRATOR}:
        return canary.family is Family.WHO
    if looking.part in LEADERS:
        return _leading(looking.stage, canary.kind)
    return looking.part is Part.AUDITOR and looking.stage.reached(Stage.LOCKED) and canary.kind in _IN_RECORD


def together(hits: Iterable[Hit]) -> Set[int]:
    """The candidates of whom both who they are and what they wrote, or a code, was found in one thing."""
    found = [hit.canary for hit in hits]
    who = {canary.person for canary in found if canary.family is Family.WHO}
    return who & {canary.person for canary in found if canary.family is not Family.WHO}


def _her_own(looking: Looking, kind: Kind) -> bool:
    if kind.family is not Family.CODE or kind is Kind.RECEIPT:
        return True
    if kind is Kind.NUMBER:
        return looking.stage.reached(Stage.PUBLISHED)
    return looking.endpoint in RECEIPTS and kind in _ON_RECEIPT


def _leading(stage: Stage, kind: Kind) -> bool:
    if kind is Kind.NUMBER:
        return stage.reached(Stage.MODERATION)
    return kind in {Kind.ANSWER, Kind.TEXT, Kind.TASK}
