"""The register's verbs in the tables of both databases."""

from panel.access import queries as access
from panel.access.actor import Person
from panel.blind.training import completion_queries, edition_queries, refusals
from panel.kernel.clock import today
from panel.named.register import queries, reminders, service
from tests.named.register.conftest import Force


def test_training_is_recorded_withdrawn_and_recorded_again(force: Force) -> None:
    with force.database.writing("named") as db:
        hana = access.person_of(db, force.hr)
        hr = Person(hana, access.roles(db, hana), force.hr)
        course = edition_queries.latest(db)[0].key
        first = service.record(db, hr, force.fresh, course, today(), "Register 1")
        service.revoke(db, hr, first, "The wrong day.")
        assert completion_queries.completions(db, (force.fresh,)) == ()
        service.record(db, hr, force.fresh, course, today(), "Register 2")
    with force.database.reading("named") as db:
        held = queries.file(db, force.fresh, today())
        assert sorted((each.evidence, each.reason) for each in held.taught) == [
            ("Register 1", "The wrong day."),
            ("Register 2", ""),
        ]
        assert [each.taught for each in held.completed] == [True]
    with force.database.writing("named") as db:
        assert reminders.remind(db) == 0


def test_refusals_of_one_day_are_counted(force: Force) -> None:
    for reasons in (["One."], ["One.", "Two."]):
        with force.database.writing("blind") as db:
            refusals.note(db, force.board, force.fresh, reasons)
    with force.database.reading("named") as db:
        (found,) = queries.refused(db)
    assert (found.name, found.refusal.count, found.refusal.reasons) == ("Fresh Ben", 2, ("One.", "Two."))
