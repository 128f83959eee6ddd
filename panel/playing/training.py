"""Panel members take the courses and practise, through the same verbs as the pages."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.blind.training import course_queries, course_service, queries, service
from panel.blind.training.purpose import Purpose
from panel.kernel.ids import BoardId, CourseId, MarkerId
from panel.playing.company import Member


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
        service.add_script(db, board, *sample)
    service.open_practice(db, board, chair.marker, Role.CHAIR)


def practise(db: Session, board: BoardId, marker: MarkerId, evidence: str) -> None:
    """Give every script up to the first attempt its agreed mark: the marker qualifies for every criterion."""
    scripts = queries.scripts(db, board)
    for purpose in (Purpose.PRACTICE, Purpose.QUALIFICATION):
        for script in scripts:
            if script.purpose is purpose:
                service.practise(db, board, marker, script.id, script.agreed, evidence)


def _take(db: Session, marker: MarkerId, course: CourseId, pages: int) -> None:
    for position in range(1, pages + 1):
        course_service.read_page(db, marker, course, position)
    course_service.start_quiz(db, marker, course)
    attempt = course_queries.asked(db, marker, course)
    course_service.take_quiz(db, marker, course, attempt.number, [each.right for each in attempt.questions])
