"""What somebody with the database could change behind the program's back, one thing at a time."""

from panel.audit.service import append
from panel.blind.submissions import queries as blind
from panel.board.queries import board as read_board
from panel.kernel.encoding import canonical
from panel.kernel.ids import AccountId, RollId, SubmissionRef
from panel.sealed.vault import queries as vault
from panel.sealed.vault.envelope import KeyPair, fingerprint, identity_info, seal
from panel.sealed.vault.identity import Identity
from panel.sealed.vault.sharing import Sharing, encode
from tests.named.unsealing.stage import Stage


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


def spoilt_envelope(locked: Stage) -> None:
    ref = submissions(locked)[0][0]
    locked.spoil("UPDATE {sealed.envelope} SET sealed = :bad WHERE ref = :ref", bad=bytes(2160), ref=bytes(ref))


def sealed(locked: Stage, ref: SubmissionRef) -> bytes:
    """An envelope as it lies there, to be restored."""
    with locked.database.reading() as db:
        return next(row.sealed for row in vault.envelopes(db, locked.board) if row.ref == ref)


def restore(locked: Stage, ref: SubmissionRef, sound: bytes) -> None:
    locked.spoil("UPDATE {sealed.envelope} SET sealed = :sound WHERE ref = :ref", sound=sound, ref=bytes(ref))


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
