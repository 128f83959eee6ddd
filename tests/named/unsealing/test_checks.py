"""C1 to C9: whatever is changed behind the program's back, the check that owns it refuses and nothing is opened."""

import json
from collections.abc import Callable

import pytest

from panel.audit import queries as audit
from panel.board.lifecycle import Stage as BoardStage
from panel.kernel import keyfiles
from panel.named.intake import queries as intake
from panel.named.unsealing import keyholding
from panel.named.unsealing.ceremony import Act
from panel.sealed.vault import queries as vault
from panel.sealed.vault.opening import Unsound
from tests.named.unsealing.stage import Stage
from tests.named.unsealing.tampering import (
    amended,
    another_key,
    answers,
    bad_release,
    bad_share,
    equality,
    evidence,
    extra_envelope,
    forge,
    head_signature,
    log_byte,
    log_garbage,
    mark,
    missing_envelope,
    number,
    place,
    roll_account,
    roll_row,
    stranger,
    submissions,
    swapped_envelopes,
    swapped_seats,
)

CASES: list[tuple[str, Callable[[Stage], None], list[int]]] = [
    ("C1", amended, []),
    ("C2", log_byte, []),
    ("C2", log_garbage, []),
    ("C2", head_signature, []),
    ("C3", mark, []),
    ("C3", evidence, []),
    ("C3", place, []),
    ("C3", number, []),
    ("C4", another_key, []),
    ("C4", swapped_seats, []),
    ("C5", bad_share, []),
    ("C5", bad_release, []),
    ("C6", roll_account, []),
    ("C6", roll_row, []),
    ("C6", answers, [0]),
    ("C7", swapped_envelopes, [0, 1]),
    ("C7", equality, [0]),
    ("C8", stranger, [0]),
    ("C9", missing_envelope, [1]),
    ("C9", extra_envelope, []),
]


@pytest.mark.vault("V06")
@pytest.mark.vault("V07")
@pytest.mark.leak("L104")
@pytest.mark.leak("L101")
@pytest.mark.parametrize(
    ("check", "change", "concerned"), CASES, ids=[f"{c}-{change.__name__}" for c, change, _ in CASES]
)
def test_a_change_between_releases_and_finish_is_refused_by_the_check_that_owns_it(
    locked: Stage, check: str, change: Callable[[Stage], None], concerned: list[int]
) -> None:
    numbers = [number for _, number, _ in submissions(locked)]
    locked.almost()
    before = len(locked.log())
    change(locked)
    with pytest.raises(Unsound) as refused:
        locked.finish()
    assert refused.value.check == check
    assert list(refused.value.numbers) == [numbers[position] for position in concerned]
    assert_nothing_opened(locked, check, since=before)


def assert_nothing_opened(locked: Stage, check: str, since: int) -> None:
    assert locked.revealed() == ()
    progress = locked.progress()
    assert progress.stage is BoardStage.LOCKED
    assert progress.standing.panel_released
    added = [json.loads(body) for body in bodies(locked)[since:]]
    refusals = [entry for entry in added if entry["kind"] == "unseal.refused"]
    assert [entry["facts"]["check"] for entry in refusals] == [check]
    assert {entry["kind"] for entry in added} <= {"unseal.refused", "amendment.confirmed"}


def bodies(locked: Stage) -> list[bytes]:
    with locked.database.reading() as db:
        return [stored.body for stored in audit.stored_entries(db, locked.board)]


@pytest.mark.vault("V07")
def test_a_forged_name_on_the_right_account_is_found_by_the_lodged_root(locked: Stage) -> None:
    locked.almost()
    with locked.database.reading() as db:
        accounts = sorted(intake.roll(db, locked.board).values())
    refusals = set()
    for account in accounts:
        forge(locked, 0, account, "Another Name")
        with pytest.raises(Unsound) as refused:
            locked.finish()
        refusals.add(refused.value.check)
    # three of the four accounts then appear twice; the right one is caught by what was digested at the close
    assert refusals == {"C6", "C8"}
    assert locked.revealed() == ()


@pytest.mark.vault("V06")
def test_a_release_refuses_a_recipient_whose_key_was_exchanged(locked: Stage) -> None:
    locked.begin()
    another_key(locked)
    with pytest.raises(Unsound) as refused:
        locked.release(locked.people.chair)
    assert (refused.value.check, refused.value.seats) == ("C4", (seat_of(locked),))
    assert not locked.progress().standing.panel_released


def seat_of(locked: Stage) -> str:
    with locked.database.reading() as db:
        return str(vault.seats_of(db, locked.people.custodians[2].account)[locked.board].seat)


@pytest.mark.vault("V16")
def test_a_lost_signing_key_is_replaced_and_the_names_still_open(locked: Stage) -> None:
    locked.begin()
    keyfiles.destroy(locked.config.keys, keyfiles.LOG)
    locked.release(locked.people.chair)
    locked.release(locked.people.custodians[0])
    assert locked.finish() is Act.FINISH


def test_after_a_refusal_whose_cause_is_undone_the_same_releases_open_the_names(locked: Stage) -> None:
    locked.almost()
    mark(locked)
    with pytest.raises(Unsound):
        locked.finish()
    mark(locked)
    assert locked.finish() is Act.FINISH


@pytest.mark.vault("V16")
def test_a_share_that_was_exchanged_cannot_be_proved(locked: Stage) -> None:
    bad_share(locked)
    member = locked.people.custodians[1]
    with pytest.raises(Unsound) as refused:
        keyholding.prove_seat(
            locked.database, locked.config, locked.acting(member), locked.board, passphrase=locked.passphrase(member)
        )
    assert refused.value.check == "C5"
