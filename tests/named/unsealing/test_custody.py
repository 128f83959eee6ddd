"""Custody over a year: keys are proved, practised and lost, and everybody concerned sees how much is left."""

from datetime import timedelta
from itertools import pairwise

import pytest

from panel.access.roles import Role
from panel.kernel import clock
from panel.named.unsealing import drilling, keyholding
from panel.named.unsealing.ceremony import Act
from panel.named.unsealing.drilling import NotInTime
from panel.named.unsealing.reach import Reach
from panel.sealed.vault import queries as vault
from panel.sealed.vault.custody import WrongPassphrase
from tests.named.unsealing.custodial import custody, posted, retire, run, strength
from tests.named.unsealing.stage import CANDIDATES, Stage
from tests.named.unsealing.succession import appointed, hand_over, prove_seat, successor
from tests.named.unsealing.visitor import Visitor, plain

pytestmark = pytest.mark.vault("V16")
DAY = timedelta(days=1)


def remind(stage: Stage) -> int:
    with stage.database.writing() as db:
        return drilling.remind(db)


def test_every_seat_stands_with_its_person_key_and_proof(locked: Stage) -> None:
    prove_seat(locked, locked.people.custodians[0])
    found = custody(locked)
    assert [place.title for place in found.places] == [
        "Custodian seat 1",
        "Custodian seat 2",
        "Custodian seat 3",
        "Panel seat 1",
        "Panel seat 2",
    ]
    assert {place.name for place in found.places} == {member.name for member in locked.people.keyholders}
    proved = {place.account for place in found.places if place.proved_on == clock.today()}
    assert proved == {locked.people.custodians[0].account}
    assert {place.reach for place in found.places} == {Reach.PROVED}
    assert strength(locked).warnings == ()


def test_a_quarter_without_proof_is_overdue_and_a_proof_ends_it(locked: Stage) -> None:
    with clock.set_to(clock.now() + 91 * DAY):
        assert (strength(locked).custodians.proved, strength(locked).panel.proved) == (0, 0)
        assert len(strength(locked).warnings) == 2
        for member in locked.people.keyholders:
            prove_seat(locked, member)
        assert strength(locked).warnings == ()
        assert (strength(locked).custodians.proved, strength(locked).panel.proved) == (3, 2)


def test_letters_go_before_the_proof_runs_out_and_once_a_fortnight(locked: Stage) -> None:
    posted(locked)
    everyone = {bytes(member.account) for member in locked.people.keyholders}
    start, days = clock.now(), []
    for day in range(60, 105):
        with clock.set_to(start + day * DAY):
            if remind(locked):
                days.append(day)
                assert posted(locked) == everyone
    assert len(days) in {2, 3}
    assert {later - earlier for earlier, later in pairwise(days)} == {14}
    assert days[0] <= 76


def test_who_has_proved_or_lost_or_finished_gets_no_letter(locked: Stage) -> None:
    posted(locked)
    start, proved, lost = clock.now(), *locked.people.custodians[:2]
    with clock.set_to(start + 60 * DAY):
        prove_seat(locked, proved)
    retire(locked, lost)
    posted(locked)
    told = set()
    for day in range(70, 92):
        with clock.set_to(start + day * DAY):
            remind(locked)
            told |= posted(locked)
    others = set(locked.people.keyholders) - {proved, lost}
    assert told == {bytes(member.account) for member in others}


def test_the_daily_round_reminds(locked: Stage) -> None:
    with locked.database.reading() as db:
        used = [card.used_on for card in vault.seats(db, locked.board)]
    last = max(each for each in used if each is not None)
    run(locked, "send-mail")
    with clock.set_to(clock.now() + (last - clock.today()) + 76 * DAY):
        code, output = run(locked, "send-mail")
    assert code == 0, output
    assert "Sent: 5" in output


def test_once_the_names_are_open_letters_go_once_a_quarter_until_the_archive(locked: Stage) -> None:
    locked.almost()
    locked.finish()
    people, start = locked.people, clock.now()
    for member in people.keyholders:
        prove_seat(locked, member)
    told = {}
    for day in (75, 76, 90, 166):
        with clock.set_to(start + day * DAY):
            told[day] = remind(locked)
    assert told == {75: 0, 76: 5, 90: 0, 166: 5}
    with clock.set_to(start + 76 * DAY):
        visitor = Visitor.of(locked, people.chair)
        assert "It is time to prove your share again" in plain(visitor.get("/keyholder"))
        locked.spoil("UPDATE {open.board} SET stage = 'archived'")
        assert remind(locked) == 0
        assert "It is time to prove" not in plain(visitor.get("/keyholder"))


def test_once_the_names_are_open_nobody_asks_how_strong_custody_is(locked: Stage) -> None:
    locked.almost()
    locked.finish()
    assert custody(locked).strength is None
    assert "The names of this board are open." in run(locked, "custody", str(locked.board))[1]


def test_a_drill_shows_who_has_proved_since_it_began(locked: Stage) -> None:
    early, late = locked.people.custodians[0], locked.people.custodians[1]
    prove_seat(locked, early)
    posted(locked)
    with locked.database.writing() as db:
        drilling.start(db, locked.acting(locked.people.hr), locked.board, clock.today() + 14 * DAY)
    assert posted(locked) == {bytes(member.account) for member in locked.people.keyholders}
    entry = locked.log("custody.drill")[0]
    assert entry.facts == {"asked": 5, "by": (clock.today() + 14 * DAY).isoformat()}
    assert (entry.actor, entry.role) == (locked.people.hr.marker, "hr")
    prove_seat(locked, late)
    found = custody(locked)
    assert found.drill is not None
    done = {place.account for place in found.places if found.drill.has(place.seat)}
    assert done == {late.account}
    facts = [entry.facts for entry in locked.log("seat.proved")]
    assert all(each.keys() == {"side", "seat"} for each in facts)


def test_a_seat_handed_over_during_a_drill_proves_anew(locked: Stage) -> None:
    leaver, new = locked.people.custodians[0], successor(locked)
    with locked.database.writing() as db:
        drilling.start(db, locked.acting(locked.people.hr), locked.board, clock.today())
    prove_seat(locked, leaver)
    assert len((custody(locked).drill or pytest.fail("no drill")).proved) == 1
    hand_over(locked, leaver, new)
    assert len((custody(locked).drill or pytest.fail("no drill")).proved) == 0
    prove_seat(locked, new)
    assert len((custody(locked).drill or pytest.fail("no drill")).proved) == 1


def test_a_drill_ends_on_a_day_ahead_that_people_can_meet(locked: Stage) -> None:
    for days in (-1, 91):
        with locked.database.writing() as db, pytest.raises(NotInTime):
            drilling.start(db, locked.acting(locked.people.hr), locked.board, clock.today() + days * DAY)
    assert locked.log("custody.drill") == ()


def test_a_new_passphrase_touches_no_board_and_leaves_an_open_ceremony_alone(locked: Stage) -> None:
    member = locked.people.custodians[1]
    sheet = locked.season.passphrases.sheets[member.account]
    locked.almost()
    size = len(locked.log())
    renewed = keyholding.renew(locked.database, locked.config, locked.acting(member), recovery=sheet.recovery)
    assert len(locked.log()) == size
    with pytest.raises(WrongPassphrase):
        locked.release(member)
    assert locked.release(member, passphrase=renewed.passphrase) is Act.FINISH
    assert len(locked.revealed()) == CANDIDATES


def test_the_command_line_tells_each_seat(locked: Stage) -> None:
    code, output = run(locked, "custody", str(locked.board))
    assert code == 0, output
    assert output.count("reachable (last opened on") == 5
    assert f"Custodian seat 1, {custody(locked).places[0].name}" in output
    with clock.set_to(clock.now() + 100 * DAY):
        code, output = run(locked, "custody", str(locked.board))
    assert code == 1
    assert output.count("PROBLEM") == 6
    assert "not proved in the last 90 days" in output


def test_a_draft_has_no_shares_and_says_so(drafted: Stage) -> None:
    assert custody(drafted).places == ()
    code, output = run(drafted, "custody", str(drafted.board))
    assert (code, "This board has no shares" in output) == (0, True)


def test_who_waits_is_seen_with_her_part_until_she_sits(locked: Stage) -> None:
    new = appointed(locked)
    assert [(each.account, each.role, each.ready) for each in custody(locked).waiting] == [
        (new.account, Role.NEXT_CUSTODIAN, False)
    ]
