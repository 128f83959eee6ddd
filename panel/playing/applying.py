"""Candidates write, check and submit, and HR closes the board: through the same verbs as the pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from panel.board.policy import Policy
from panel.kernel.ids import BoardId, MarkerId, ReceiptCode
from panel.named.intake import drafting, service
from panel.named.intake.draft import Details, Draft
from panel.playing.company import Member, acting


@dataclass(frozen=True)
class Application:
    """What one candidate sends: answers by criterion key, her particulars, whom she declares, and equality answers."""

    member: Member
    answers: Mapping[str, str]
    station: str = ""
    unit: str = ""
    other_names: str = ""
    collar_no: str = ""
    phone: str = ""
    manager: str = ""
    known: frozenset[MarkerId] = frozenset()
    equality: Mapping[str, str] = field(default_factory=dict)


def write(db: Session, keys: Path, board: BoardId, policy: Policy, application: Application) -> Draft:
    """Save a whole draft, part by part."""
    person, member = acting(db, application.member), application.member
    details = Details(
        member.name,
        member.email,
        member.staff_no,
        other_names=application.other_names,
        collar_no=application.collar_no,
        phone=application.phone,
        station=application.station,
        unit=application.unit,
        manager=application.manager,
    )

    def written(draft: Draft) -> Draft:
        for criterion in policy.questions:
            version = draft.version(criterion.key)
            draft = draft.answered(criterion.key, version, application.answers[criterion.key])
        draft = draft.detailed(0, details).knowing(0, application.known)
        return draft.equal(0, application.equality)

    return drafting.save(db, keys, person, board, written)


def apply(db: Session, keys: Path, board: BoardId, policy: Policy, application: Application) -> ReceiptCode:
    """Write and submit; returns the receipt code that only the candidate holds."""
    draft = write(db, keys, board, policy, application)
    assert draft.code  # noqa: S101 - drawn when the draft was begun; tells mypy
    return service.submit(db, keys, acting(db, application.member), board, draft.edition, draft.code).code


def apply_all(
    db: Session, keys: Path, board: BoardId, policy: Policy, applications: Iterable[Application]
) -> list[ReceiptCode]:
    """Several candidates, one after the other."""
    return [apply(db, keys, board, policy, application) for application in applications]
