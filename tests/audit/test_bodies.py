"""What a log may never hold, looked for in every entry of boards played to every stage."""

import re

import pytest
from sqlalchemy import select

from panel.audit.models import LogEntry
from tests.world import Visit

#: An hour and its minutes, however they are parted from a day.
TIME = re.compile(rb"[T ]\d\d:?\d\d|\d\d:\d\d")


@pytest.mark.vault("V19")
@pytest.mark.leak("L58")
def test_no_body_holds_a_name_or_a_time_of_day(visit: Visit) -> None:
    with visit.database.reading() as db:
        bodies = list(db.scalars(select(LogEntry.body).order_by(LogEntry.log, LogEntry.seq)))
    assert len(bodies) > 200
    people = [
        member
        for season in visit.boards.values()
        for member in (*season.people.candidates, *season.people.markers, *season.people.keyholders, season.people.hr)
    ]
    names = {text.encode() for who in people for text in (who.name, who.email, who.staff_no)}
    accounts = {str(who.account).encode() for who in people}
    told = b"\n".join(bodies)
    assert [each for each in (*names, *accounts) if each in told] == []
    assert TIME.search(told) is None
    # what is looked for would be found
    assert TIME.search(b'{"on":"2026-11-22T09:30"}')
    assert str(people[0].marker).encode() in told or str(people[-1].marker).encode() in told


@pytest.mark.vault("V19")
def test_no_body_before_the_close_is_about_one_candidate(visit: Visit) -> None:
    for season in visit.boards.values():
        with visit.database.reading() as db:
            query = select(LogEntry.body).where(LogEntry.log == season.board).order_by(LogEntry.seq)
            bodies = list(db.scalars(query))
        closed = next((n for n, body in enumerate(bodies) if b'"kind":"board.closed"' in body), len(bodies))
        ids = [str(each).encode() for who in season.people.candidates for each in (who.account, who.marker)]
        assert [body for body in bodies if any(each in body for each in ids)] == []
        assert not [body for body in bodies[:closed] if b'"number"' in body or b'"submissions"' in body]
