"""Who is left out of a ceremony: one whose envelope is spoilt, and nobody because log or table was written into."""

from dataclasses import replace
from unittest.mock import ANY

import pytest
from sqlalchemy import insert, select

from panel.audit.service import append
from panel.kernel import keyfiles
from panel.kernel.encoding import Json
from panel.kernel.ids import Number
from panel.named.results import queries as results
from panel.named.results.service import publish
from panel.named.results.sheet import Unnamed
from panel.named.unsealing import ceremony_queries, reveal
from panel.named.unsealing.ceremony import NotSpoilt, SetAsideTogether, check_choice
from panel.named.unsealing.models import RevealedRow
from panel.named.unsealing.results_key import NamesUnreadable
from panel.named.unsealing.reveal import Kept
from panel.sealed.vault.opening import Unsound
from tests.named.unsealing.again import AGAIN, LOST
from tests.named.unsealing.stage import Stage
from tests.named.unsealing.tampering import log_garbage, restore, sealed, spoilt_envelope, submissions
from tests.named.unsealing.test_spoilt_since import first_number, lose_key, refused
from tests.named.unsealing.visitor import Visitor

pytestmark = pytest.mark.vault("V07")

ONE, TWO, THREE = Number(111111), Number(222222), Number(333333)


def logged(stage: Stage, kind: str, facts: dict[str, Json]) -> None:
    """Whoever can write into the log can have it say anything, and it rebuilds."""
    with stage.database.writing() as db:
        append(db, stage.board, kind, None, "system", facts)


@pytest.mark.parametrize("kind", ["names.opened_again", "board.unsealed"])
def test_the_unsealing_leaves_nobody_out_because_the_log_says_that_it_had(locked: Stage, kind: str) -> None:
    number = first_number(locked)
    logged(locked, kind, {"occasion": "lost_key", "exceptions": [int(number)]})
    locked.begin()
    begun = locked.progress().ceremony
    assert begun is not None
    assert begun.exceptions == ()
    # and if the table says so too, for which its owner has to be asked, the envelope must be spoilt
    locked.spoil("UPDATE {named.ceremony} SET exceptions = :some", some=f"[{number}]")
    typed = {"exceptions": str(number)}
    for member in (locked.people.chair, locked.people.custodians[0]):
        locked.release(member, **typed)
    with pytest.raises(Unsound) as found:
        locked.finish(**typed)
    assert (found.value.check, found.value.numbers) == ("C7", (number,))


def test_a_digest_under_another_number_is_not_that_numbers_name(locked: Stage) -> None:
    """Of two spoilt envelopes one was withdrawn: its neighbour's name must not be said to be its own and lost.

    Nor is it said afterwards that its own name could not be opened, when nobody ever was to read it.
    """
    (ref, first, _), (other, second, _), *_ = submissions(locked)
    locked.spoil("UPDATE {blind.submission} SET state = 'withdrawn' WHERE ref = :ref", ref=bytes(ref))
    locked.almost()
    locked.finish()
    lose_key(locked)
    for each in (ref, other):
        locked.spoil("UPDATE {sealed.envelope} SET sealed = :bad WHERE ref = :ref", bad=bytes(2160), ref=bytes(each))
    assert refused(locked) == (first, second)
    locked.spoil("UPDATE {named.revealed} SET number = :first WHERE number = :second", first=first, second=second)
    locked.begin(exceptions=(Number(first), Number(second)), occasion=LOST)
    typed = AGAIN | {"exceptions": f"{first} {second}"}
    for member in (locked.people.chair, locked.people.custodians[0]):
        locked.release(member, **typed)
    with pytest.raises(Unsound) as found:
        locked.finish(**typed)
    assert found.value.check == "C10"
    locked.spoil("UPDATE {named.revealed} SET number = :second WHERE number = :first", first=first, second=second)
    locked.finish(**typed)
    assert locked.log("names.opened_again")[0].facts["missing"] == [[second, ANY]]
    with locked.database.reading() as db:
        listed = results.named_list(db, locked.config.keys, locked.board).rows
        assert results.nameless(db, locked.board).unopened == 1
    why = {row.place.number: row.unnamed for row in listed if not row.person}
    assert why == {first: Unnamed.WITHDRAWN, second: Unnamed.UNOPENED}


def test_what_was_refused_before_the_unsealing_and_opened_there_is_no_choice_later(locked: Stage) -> None:
    ref, number, _ = submissions(locked)[0]
    sound = sealed(locked, ref)
    locked.almost()
    spoilt_envelope(locked)
    with pytest.raises(Unsound):
        locked.finish()
    restore(locked, ref, sound)
    locked.finish()
    lose_key(locked)
    with locked.database.reading() as db:
        assert ceremony_queries.refused_since(db, locked.board) == ()
    with pytest.raises(NotSpoilt):
        locked.begin(exceptions=(Number(number),), occasion=LOST)


def test_what_the_unsealing_set_aside_ties_no_later_choice_to_itself() -> None:
    """It is never refused alone again: a C8 that named it with others would tie them together for ever."""
    told = {ONE: ("C8", frozenset({ONE, TWO})), TWO: ("C8", frozenset({ONE, TWO})), THREE: ("C7", frozenset({THREE}))}
    check_choice([THREE], told, before=frozenset({ONE}))
    check_choice([TWO], told, before=frozenset({ONE}))
    with pytest.raises(SetAsideTogether):
        check_choice([TWO, THREE], told)
    with pytest.raises(NotSpoilt):
        check_choice([Number(444444)], told, before=frozenset({ONE}))


@pytest.mark.parametrize("page", ["/oversight/{}/check", "/boards/{}/ceremony", "/boards/{}/ceremony/again"])
def test_an_entry_that_cannot_be_read_keeps_nobody_from_a_page(opened: Stage, page: str) -> None:
    log_garbage(opened)
    who = opened.people.auditor if "oversight" in page else opened.people.custodians[0]
    assert Visitor.of(opened, who).get(page.format(opened.board)).status_code == 200


def test_what_somebody_else_wrote_of_lost_names_keeps_nobody_from_a_page(opened: Stage) -> None:
    logged(opened, "names.opened_again", {"occasion": "lost_key", "missing": "all"})
    for who, page in ((opened.people.custodians[0], "/boards/{}/ceremony"), (opened.people.hr, "/results/{}/list")):
        assert Visitor.of(opened, who).get(page.format(opened.board)).status_code == 200


def test_two_names_swapped_under_the_key_itself_are_noticed_and_put_right(opened: Stage) -> None:
    """Whoever has key and table can seal each under the other's number: that row opens, and its tag is right."""
    names, key = opened.revealed(), keyfiles.read(opened.config.keys, keyfiles.results(opened.board))
    with opened.database.reading() as db:
        found = db.scalars(select(RevealedRow).order_by(RevealedRow.number)).all()[:2]
        kept = [Kept(row.number, row.account_tag, row.nonce, row.identity) for row in found]
    one, other = (reveal.reopened(key, opened.board, each) for each in kept)
    swapped = [replace(one, number=other.number), replace(other, number=one.number)]
    numbers = {"one": int(one.number), "other": int(other.number)}
    opened.spoil("DELETE FROM {named.revealed} WHERE number IN (:one, :other)", **numbers)
    with opened.database.writing() as db:
        db.execute(
            insert(RevealedRow), [{"board": opened.board, **vars(reveal.keep(key, opened.board, o))} for o in swapped]
        )
    keys, board = opened.config.keys, opened.board
    with opened.database.reading() as db, pytest.raises(NamesUnreadable):
        results.named_list(db, keys, board)
    with opened.database.writing() as db, pytest.raises(NamesUnreadable):
        publish(db, keys, opened.acting(opened.people.hr), board)
    opened.almost(LOST)
    opened.finish(**AGAIN)
    assert opened.revealed() == names
