"""C1 to C9: whatever is changed behind the program's back, the check that owns it refuses and nothing is opened."""

import json
from collections.abc import Callable

import pytest

from panel.audit import queries as audit
from panel.audit.service import append
from panel.blind.submissions import queries as blind
from panel.board.lifecycle import Stage as BoardStage
from panel.board.queries import board as read_board
from panel.kernel import keyfiles
from panel.kernel.encoding import canonical
from panel.kernel.ids import AccountId, RollId, SubmissionRef
from panel.named.intake import queries as intake
from panel.named.unsealing import service
from panel.named.unsealing.ceremony import Act
from panel.sealed.vault import queries as vault
from panel.sealed.vault.envelope import KeyPair, fingerprint, identity_info, seal
from panel.sealed.vault.identity import Identity
from panel.sealed.vault.opening import Unsound
from panel.sealed.vault.sharing import Sharing, encode
from tests.named.unsealing.conftest import Stage


def submissions(locked: Stage) -> list[tuple[SubmissionRef, int, bytes]]:
    """ref, number, answers digest, by number."""
    with locked.database.reading() as db:
        return [(card.ref, int(card.number), card.answers_digest) for card in blind.cards(db, locked.board)]


def amended(locked: Stage) -> None:
    with locked.database.writing() as db:
        append(db, locked.board, "amendment.confirmed", None, "chair", {"number": 123456})


def log_byte(locked: Stage) -> None:
    body = locked.log("board.closed")[0].stored.body
    changed = body.replace(b'"submissions":4', b'"submissions":5')
    assert changed != body
    locked.spoil(
        "UPDATE {open.log_entry} SET body = :new WHERE log = :log AND body = :old",
        new=changed,
        old=body,
        log=bytes(locked.board),
    )


def log_garbage(locked: Stage) -> None:
    body = locked.log("board.closed")[0].stored.body
    locked.spoil("UPDATE {open.log_entry} SET body = :new WHERE body = :old", new=b"{", old=body)


def head_signature(locked: Stage) -> None:
    locked.spoil("UPDATE {open.signed_head} SET signature = :bad WHERE size = 1 OR size > 1", bad=bytes(64))


def mark(locked: Stage) -> None:
    locked.spoil("UPDATE {blind.mark} SET score = 6 - score")


def evidence(locked: Stage) -> None:
    locked.spoil("UPDATE {blind.mark} SET evidence = 'Something else entirely.'")


def place(locked: Stage) -> None:
    locked.spoil("UPDATE {blind.merit_entry} SET outcome = 'passed', rank = 1")


def number(locked: Stage) -> None:
    (_, first, _), *_ = submissions(locked)
    free = next(n for n in range(100_000, 100_010) if n not in {each[1] for each in submissions(locked)})
    locked.spoil("UPDATE {blind.submission} SET number = :free WHERE number = :first", free=free, first=first)


def another_key(locked: Stage) -> None:
    public = KeyPair.from_seed(bytes(32)).public
    account = bytes(locked.people.custodians[2].account)
    locked.spoil(
        "UPDATE {sealed.keyholder} SET public_key = :public, fingerprint = :print WHERE account = :account",
        public=public,
        print=fingerprint(public),
        account=account,
    )


def swapped_seats(locked: Stage) -> None:
    """The seats of the two custodians who have not released."""
    with locked.database.reading() as db:
        one, other = (vault.seats_of(db, m.account)[locked.board].seat.number for m in locked.people.custodians[1:])
    for start, end in ((one, 9), (other, one), (9, other)):
        statement = "UPDATE {sealed.seat} SET seat_no = :end WHERE side = 'hr' AND seat_no = :start"
        locked.spoil(statement, start=start, end=end)


def bad_share(locked: Stage) -> None:
    """A share of another secret, sealed as it should be: only the commitments tell."""
    with locked.database.reading() as db:
        card = vault.seats_of(db, locked.people.custodians[1].account)[locked.board]
        policy = read_board(db, locked.board).policy_digest or b""
    sharing = Sharing(2, 3)
    share = encode(sharing.share(sharing.split(bytes(32)), card.seat.number))
    sealed = seal(card.public_key, card.seat.info(locked.board, policy), share)
    locked.spoil(
        "UPDATE {sealed.seat} SET share_envelope = :sealed WHERE keyholder = :keyholder",
        sealed=sealed,
        keyholder=bytes(card.seat.keyholder),
    )


def bad_release(locked: Stage) -> None:
    locked.spoil("UPDATE {sealed.release} SET envelope = :bad WHERE from_side = 'panel'", bad=bytes(2160))


def roll_account(locked: Stage) -> None:
    locked.spoil(
        "UPDATE {named.roll} SET account = :other WHERE account = :account",
        other=bytes(AccountId.new()),
        account=bytes(locked.people.candidates[0].account),
    )


def roll_row(locked: Stage) -> None:
    locked.spoil(
        "INSERT INTO {named.roll} (id, board, account, state) VALUES (:id, :board, :account, 'applied')",
        id=bytes(RollId.new()),
        board=bytes(locked.board),
        account=bytes(AccountId.new()),
    )


def answers(locked: Stage) -> None:
    ref = submissions(locked)[0][0]
    with locked.database.reading() as db:
        kept = dict(blind.shown_answers(db, ref))
    kept[next(iter(kept))] = "I did it all alone."
    locked.spoil(
        "UPDATE {blind.submission} SET answers = :answers WHERE ref = :ref",
        answers=canonical(kept).decode(),
        ref=bytes(ref),
    )


def forge(locked: Stage, position: int, account: AccountId, name: str) -> None:
    """Anyone with the public key can seal another name under the right context, and it opens cleanly."""
    ref, _, content = submissions(locked)[position]
    with locked.database.reading() as db:
        public, policy = vault.public_key(db, locked.board)
    identity = Identity(account, locked.board, content, "someone@example.org", name, ref, "X1")
    sealed = seal(public, identity_info(locked.board, ref, policy, content), identity.plaintext())
    locked.spoil("UPDATE {sealed.envelope} SET sealed = :sealed WHERE ref = :ref", sealed=sealed, ref=bytes(ref))


def stranger(locked: Stage) -> None:
    forge(locked, 0, AccountId.new(), "A stranger")


def equality(locked: Stage) -> None:
    ref = submissions(locked)[0][0]
    locked.spoil(
        "UPDATE {sealed.equality_envelope} SET sealed = :bad WHERE ref = :ref", bad=bytes(2160), ref=bytes(ref)
    )


def swapped_envelopes(locked: Stage) -> None:
    (first, *_), (second, *_), *_ = submissions(locked)
    with locked.database.reading() as db:
        sealed = {row.ref: row.sealed for row in vault.envelopes(db, locked.board)}
    for ref, other in ((first, second), (second, first)):
        locked.spoil("UPDATE {sealed.envelope} SET sealed = :s WHERE ref = :ref", s=sealed[other], ref=bytes(ref))


def missing_envelope(locked: Stage) -> None:
    locked.spoil("DELETE FROM {sealed.envelope} WHERE ref = :ref", ref=bytes(submissions(locked)[1][0]))


def extra_envelope(locked: Stage) -> None:
    locked.spoil(
        "INSERT INTO {sealed.envelope} (ref, board, format, sealed) VALUES (:ref, :board, 1, :sealed)",
        ref=bytes(SubmissionRef.new()),
        board=bytes(locked.board),
        sealed=bytes(2160),
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
    ("C6", answers, []),
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
        service.prove_seat(
            locked.database, locked.config, locked.acting(member), locked.board, passphrase=locked.passphrase(member)
        )
    assert refused.value.check == "C5"
