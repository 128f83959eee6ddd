"""Of twenty guesses at once ten are tried, on both engines; those refused use up nothing else."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from panel.kernel.database import Database
from panel.named.accounts.models import Attempt
from panel.named.accounts.proving import Proof, WrongPassword, prove
from panel.named.accounts.throttle import PERSON, PERSON_AND_PLACE, TooManyAttempts
from tests.named.accounts.signing import EMAIL, PASSWORD, added_niamh


@pytest.mark.vault("V24")
def test_guesses_in_a_race_are_all_stopped_at_the_limit(database: Database) -> None:
    added_niamh(database)

    def guess(number: int) -> type[Exception]:
        with pytest.raises((WrongPassword, TooManyAttempts)) as refused:
            prove(database, Proof(EMAIL, f"guess number {number:03} of mine", "203.0.113.9"), "rehearsal")
        return refused.type

    with ThreadPoolExecutor(8) as several:
        met = list(several.map(guess, range(20)))
    assert met.count(WrongPassword) == PERSON_AND_PLACE
    with database.reading() as db:
        assert set(db.scalars(select(Attempt.count).order_by(Attempt.key))) == {PERSON_AND_PLACE}


@pytest.mark.vault("V24")
def test_a_guesser_in_one_place_cannot_lock_a_person_out_of_another(database: Database) -> None:
    niamh = added_niamh(database)
    for number in range(PERSON + 5):
        with pytest.raises((WrongPassword, TooManyAttempts)):
            prove(database, Proof(EMAIL, f"guess number {number:03} of mine", "203.0.113.9"), "rehearsal")
    assert prove(database, Proof(EMAIL, PASSWORD, "198.51.100.4"), "rehearsal") == niamh
