"""Wrong passphrases at a sitting: one person cannot lock the others out, nor guess at them unseen or without end."""

from collections.abc import Iterator

import pytest

from panel.named.unsealing.child.room import TooManyWrong
from panel.named.unsealing.process import in_this_process
from panel.named.unsealing.sitting import NoSuchNumber, WrongAtSitting
from panel.sealed.vault.service import TooManyAttempts
from tests.named.unsealing.sitting import WRONG, ask, left, quorum, seat, target, together
from tests.named.unsealing.stage import Stage

pytestmark = pytest.mark.vault("V15")


@pytest.fixture
def here(moderated: Stage) -> Iterator[Stage]:
    """In moderation; the child's verbs run in this process."""
    with in_this_process(moderated.config):
        yield moderated


def test_wrong_passphrases_of_others_are_the_askers_attempts_and_lock_nobody_else_out(here: Stage) -> None:
    one, people = target(here), here.people
    for wrong in ({"chair": WRONG}, {"second": WRONG}, {"chair": WRONG}, {"second": WRONG}, {"chair": WRONG}):
        with pytest.raises(WrongAtSitting):
            ask(here, one.number, together(here, *quorum(here), **wrong))
    assert [left(here, each) for each in quorum(here)] == [5, 5, 5]
    with pytest.raises(TooManyWrong):
        ask(here, one.number)
    assert here.log("envelope.opened_early") == ()
    ask(here, one.number, member=people.custodians[1])


def test_right_passphrases_of_others_cost_the_asker_nothing(here: Stage) -> None:
    one = target(here)
    for _ in range(4):
        with pytest.raises(NoSuchNumber):
            ask(here, 0)
    ask(here, one.number)


def test_the_first_wrong_passphrase_ends_the_sitting_and_is_told_of_its_seat(here: Stage) -> None:
    one, people = target(here), here.people
    with pytest.raises(WrongAtSitting) as wrong:
        ask(here, one.number, together(here, *quorum(here), second=WRONG, chair=WRONG))
    second = seat(here, people.custodians[1])
    assert set(wrong.value.by_seat) == {second}
    entry = here.log("sitting.refused")[-1]
    assert (entry.actor, list(entry.facts["seats"])) == (people.custodians[0].marker, [second])  # type: ignore[call-overload]
    assert here.log("envelope.opened_early") == ()


def test_who_does_not_know_her_own_passphrase_tries_nobody_elses(here: Stage) -> None:
    one, people = target(here), here.people
    for _ in range(5):
        with pytest.raises(WrongAtSitting) as wrong:
            ask(here, one.number, together(here, *quorum(here), first=WRONG, second=WRONG, chair=WRONG))
        assert set(wrong.value.by_seat) == {seat(here, people.custodians[0])}
    assert [left(here, each) for each in quorum(here)] == [0, 5, 5]
    with pytest.raises(TooManyAttempts):
        ask(here, one.number)


def test_what_cannot_be_a_passphrase_is_told_of_everybody_and_tries_nothing(here: Stage) -> None:
    one, people = target(here), here.people
    with pytest.raises(WrongAtSitting) as wrong:
        ask(here, one.number, together(here, *quorum(here), second="two words", chair="one"))
    assert set(wrong.value.by_seat) == {seat(here, people.custodians[1]), seat(here, people.chair)}
    assert here.log("sitting.refused") == ()
