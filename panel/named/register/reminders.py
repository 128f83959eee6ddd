"""Letters to panel members whose training is about to end, has ended, or must be taken. Each is sent once."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from panel.access.queries import accounts_of, seats
from panel.access.roles import Role
from panel.blind.training import edition_queries
from panel.blind.training.completion_queries import required
from panel.blind.training.required import SOON, Required
from panel.kernel.clock import today
from panel.kernel.ids import MarkerId
from panel.named.accounts.letters import Letter
from panel.named.accounts.posting import post
from panel.named.register.models import ReminderRow
from panel.named.register.queries import under_way

#: A second reminder comes when so much is left.
_VERY_SOON: Final = timedelta(days=7)


def remind(db: Session) -> int:
    """Post a letter to everyone on the panel of a board under way who has news of her training; how many letters.

    Part of the daily round. What was reminded of is kept, so that a round run twice, or missed for days, neither
    repeats a letter nor loses it.
    """
    live = {board.id for board in under_way(db)}
    people = [marker for marker, boards in seats(db, Role.MARKER).items() if boards & live]
    news = set(_news(db, people, today())) - _sent(db, people)
    rows = [{"marker": who, "course": key, "about": about, "sent_on": today()} for who, key, about in sorted(news)]
    if not rows:
        return 0
    db.execute(insert(ReminderRow), rows)
    recipients = accounts_of(db, {who for who, _, _ in news})
    post(db, recipients.values(), Letter.CHANGED)
    return len(recipients)


def about(course: Required, on: date, added: Collection[str] = ()) -> str | None:
    """What a letter of that day would be about; None if there is nothing to say.

    `added`: by key, the courses that HR has published. Nobody is written to about what came with the system before she
    has taken it: she hears of it when she is asked onto the panel.
    """
    if course.replaced(on):
        return f"{course.replaced_until} replaced"
    if course.never and course.key in added:
        return "added"
    if course.expires_on is None or on + SOON <= course.expires_on:
        return None
    if course.expires_on < on:
        return f"{course.expires_on} ended"
    return f"{course.expires_on} very soon" if course.expires_on < on + _VERY_SOON else f"{course.expires_on} soon"


def _news(db: Session, people: list[MarkerId], on: date) -> Iterator[tuple[MarkerId, str, str]]:
    added = {each.key for each in edition_queries.latest(db) if each.current and each.ours}
    for marker, courses in required(db, people).items():
        for course in courses:
            said = about(course, on, added)
            if said is not None:
                yield marker, course.key, said


def _sent(db: Session, people: list[MarkerId]) -> set[tuple[MarkerId, str, str]]:
    columns = ReminderRow.marker, ReminderRow.course, ReminderRow.about
    rows = db.execute(select(*columns).where(ReminderRow.marker.in_(people)).order_by(*columns))
    return {(row.marker, row.course, row.about) for row in rows}
