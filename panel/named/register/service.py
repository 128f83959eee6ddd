"""What HR does in the register: training face to face is recorded and withdrawn, and the register is taken away."""

from collections.abc import Callable
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from panel.access.actor import Person
from panel.access.queries import account_of
from panel.access.roles import Role
from panel.audit.service import append
from panel.blind.training import course_service, edition_queries
from panel.blind.training.course_service import Way
from panel.blind.training.edition_queries import Edition
from panel.kernel.clock import today
from panel.kernel.encoding import Json
from panel.kernel.errors import Invalid, Missing, Refused, Stale
from panel.kernel.ids import SYSTEM, MarkerId, TaughtId
from panel.named.register.models import TaughtRow
from panel.named.register.roll_call import Entry, table
from panel.web import spreadsheet
from panel.web.filters import day

_TITLE: Final = "Register of training"
#: Each format's maker and content type.
FORMATS: Final[dict[str, tuple[Callable[[spreadsheet.Table], bytes], str]]] = {
    "csv": (spreadsheet.as_csv, spreadsheet.CSV),
    "xlsx": (lambda rows: spreadsheet.as_xlsx(rows, _TITLE), spreadsheet.XLSX),
}


class NotYet(Invalid):
    """Training is recorded when it is over."""

    sentence = "The date must be today or earlier"


class Outdated(Invalid):
    """A later version must be taken again, so that training before it counts for nothing."""


class RecordedBefore(Invalid):
    """The same person, course and day."""

    sentence = "This training is recorded already, for that day"


class OwnTraining(Refused):
    """Nobody vouches for herself."""

    sentence = "Your own training is recorded by somebody else in HR."


class WithdrawnBefore(Stale):
    """Somebody else withdrew it."""

    sentence = "This record was withdrawn before."


def record(db: Session, actor: Person, marker: MarkerId, key: str, completed_on: date, evidence: str) -> TaughtId:
    """Record that somebody was trained face to face; it counts like the course, from that day.

    Raises Missing, OwnTraining, NotYet, Outdated, RecordedBefore.
    """
    account_of(db, marker)
    if marker == actor.id:
        raise OwnTraining
    if completed_on > today():
        raise NotYet
    course = _version(db, key, completed_on).id
    expires_on = course_service.keep(db, marker, course, completed_on, Way.TAUGHT)
    if expires_on is None:
        raise RecordedBefore
    row = TaughtRow(
        id=TaughtId.new(),
        marker=marker,
        course=course,
        completed_on=completed_on,
        expires_on=expires_on,
        evidence=evidence,
        recorded_by=actor.id,
        recorded_on=today(),
    )
    db.add(row)
    db.flush()
    facts: dict[str, Json] = {**_facts(row), "expires_on": expires_on.isoformat()}
    append(db, SYSTEM, "training.recorded", actor.id, Role.HR, facts)
    return row.id


def revoke(db: Session, actor: Person, record_id: TaughtId, reason: str) -> None:
    """Withdraw a record made in error: it stays to be read, with the reason, and counts for nothing.

    Raises Missing, WithdrawnBefore.
    """
    row = db.get(TaughtRow, record_id, with_for_update=True)
    if row is None:
        raise Missing
    if row.revoked_on is not None:
        raise WithdrawnBefore
    row.revoked_on, row.revoked_by, row.reason = today(), actor.id, reason
    db.flush()
    facts = _facts(row)
    course_service.drop_taught(db, row.marker, row.course, row.completed_on)
    append(db, SYSTEM, "training.revoked", actor.id, Role.HR, facts)


def export(db: Session, actor: Person, entries: tuple[Entry, ...], kind: str) -> bytes:
    """The register as a file; that it was taken is logged. Raises Missing for a format there is none of."""
    if kind not in FORMATS:
        raise Missing
    rows = table(entries, today())
    append(db, SYSTEM, "register.exported", actor.id, Role.HR, {"format": kind, "rows": len(rows) - 1})
    return FORMATS[kind][0](rows)


def _version(db: Session, key: str, on: date) -> Edition:
    """The version that was out on that day, or the first. Raises Missing and Outdated."""
    found = edition_queries.editions(db, key)
    if not found or not found[0].current:
        raise Missing
    then = next((each for each in found if each.published_on <= on), found[-1])
    if then.version < found[0].counts_from:
        since = next(each for each in found if each.version == found[0].counts_from)
        raise Outdated(f"The date must be {day(since.published_on)} or later, since when a new version is to be taken")
    return then


def _facts(row: TaughtRow) -> dict[str, Json]:
    return {"person": str(row.marker), "course": str(row.course), "completed_on": row.completed_on.isoformat()}
