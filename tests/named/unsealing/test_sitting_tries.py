"""Wrong passphrases at a sitting: one person cannot lock the others out, nor guess at them unseen or without end."""

import pytest

from panel.named.unsealing.child.room import TooManyWrong
from panel.named.unsealing.sitting import NoSuchNumber, WrongAtSitting
from panel.sealed.vault.service import TooManyAttempts
from tests.named.unsealing.sitting import WRONG, ask, left, quorum, seat, target, together
from tests.named.unsealing.stage import Stage

pytestmark = pytest.mark.vault("V15")


def test_wrong_passphrases_of_others_are_the_askers_attempts_and_lock_nobody_else_out(moderated: Stage) -> None:
    one, people = target(moderated), moderated.people
    for wrong in ({"chair": WRONG}, {"second": WRONG}, {"chair": WRONG}, {"second": WRONG}, {"chair": WRONG}):
        with pytest.raises(WrongAtSitting):
            ask(moderated, one.number, together(moderated, *quorum(moderated), **wrong))
    assert [left(moderated, each) for each in quorum(moderated)] == [5, 5, 5]
    with pytest.raises(TooManyWrong):
        ask(moderated, one.number)
    assert moderated.log("envelope.opened_early") == ()
    ask(moderated, one.number, member=people.custodians[1])


def test_right_passphrases_of_others_cost_the_asker_nothing(moderated: Stage) -> None:
    one = target(moderated)
    for _ in range(4):
        with pytest.raises(NoSuchNumber):
            ask(moderated, 0)
    ask(moderated, one.number)


def test_the_first_wrong_passphrase_ends_the_sitting_and_is_told_of_its_seat(moderated: Stage) -> None:
    one, people = target(moderated), moderated.people
    with pytest.raises(WrongAtSitting) as wrong:
        ask(moderated, one.number, together(moderated, *quorum(moderated), second=WRONG, chair=WRONG))
    second = seat(moderated, people.custodians[1])
    assert set(wrong.value.by_seat) == {second}
    entry = moderated.log("sitting.refused")[-1]
    assert (entry.actor, list(entry.facts["seats"])) == (people.custodians[0].marker, [second])  # type: ignore[call-overload]
    assert moderated.log("envelope.opened_early") == ()


def test_who_does_not_know_her_own_passphrase_tries_nobody_elses(moderated: Stage) -> None:
    one, people = target(moderated), moderated.people
    for _ in range(5):
        with pytest.raises(WrongAtSitting) as wrong:
            ask(moderated, one.number, together(moderated, *quorum(moderated), first=WRONG, second=WRONG, chair=WRONG))
        assert set(wrong.value.by_seat) == {seat(moderated, people.custodians[0])}
    assert [left(moderated, each) for each in quorum(moderated)] == [0, 5, 5]
    with pytest.raises(TooManyAttempts):
        ask(moderated, one.number)


def test_what_cannot_be_a_passphrase_is_told_of_everybody_and_tries_nothing(moderated: Stage) -> None:
    one, people = target(moderated), moderated.people
    with pytest.raises(WrongAtSitting) as wrong:
        ask(moderated, one.number, together(moderated, *quorum(moderated), second="two words", chair="one"))
    assert set(wrong.value.by_seat) == {seat(moderated, people.custodians[1]), seat(moderated, people.chair)}
    assert moderated.log("sitting.refused") == ()
