"""Panel members take the courses and practise, through the same verbs as the pages."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.blind.training import course_queries, course_service, queries, script_service, service
from panel.blind.training.purpose import ATTEMPTS, Purpose
from panel.kernel.ids import BoardId, CourseId, MarkerId
from panel.playing.company import Member

#: Two points off an agreed mark up to this one lie above it, else below: both stay on a scale of five.
_MIDDLE: Final = 3


class Sample(NamedTuple):
    """A practice script: a sample answer with its agreed mark, the reason for it, and what it is for."""

    criterion: str
    answer: str
    agreed: int
    reason: str
    purpose: Purpose = Purpose.PRACTICE


def take_courses(db: Session, marker: MarkerId) -> None:
    """Read every page of every course not yet completed, and answer every question rightly."""
    for card in course_queries.cards(db, marker):
        if card.completed_on is None:
            _take(db, marker, card.id, len(card.pages))


def open_practice(db: Session, board: BoardId, chair: Member, samples: Iterable[Sample]) -> None:
    """The chair adds the scripts and opens practice to the markers."""
    for sample in samples:
        script_service.add_script(db, board, *sample)
    script_service.open_practice(db, board, chair.marker, Role.CHAIR)


def practise(
    db: Session, board: BoardId, marker: MarkerId, evidence: str, short: Mapping[str, int] | None = None
) -> None:
    """Give every script up to the first attempt its agreed mark: the marker qualifies for every criterion.

    `short`: at how many attempts she falls short in some criteria instead, two points off.
    """
    fails = short or {}
    scripts = queries.scripts(db, board)
    for attempt, purpose in enumerate((Purpose.PRACTICE, *ATTEMPTS)):
        for script in (each for each in scripts if each.purpose is purpose):
            failed = fails.get(script.criterion, 0)
            if attempt <= max(failed, 1):
                score = off(script.agreed) if 0 < attempt <= failed else script.agreed
                service.practise(db, board, marker, script.id, score, evidence)


def off(agreed: int) -> int:
    """A score two points off an agreed one, outside every usual tolerance."""
    return agreed + 2 if agreed <= _MIDDLE else agreed - 2


def _take(db: Session, marker: MarkerId, course: CourseId, pages: int) -> None:
    for position in range(1, pages + 1):
        course_service.read_page(db, marker, course, position)
    course_service.start_quiz(db, marker, course)
    attempt = course_queries.asked(db, marker, course)
    course_service.take_quiz(db, marker, course, attempt.number, [each.right for each in attempt.questions])
