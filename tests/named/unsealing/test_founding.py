"""Opening a board: its key is made, shared out and forgotten, and the log has everything needed to check it later."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from panel.audit import queries as audit
from panel.blind.allocation import queries as allocation
from panel.blind.marking.models import MarkDraftRow
from panel.blind.moderation.models import AgreedScoreRow
from panel.blind.submissions import queries as submissions
from panel.board.lifecycle import NotReady, UnlawfulMove, WrongStage
from panel.board.lifecycle import Stage as BoardStage
from panel.board.queries import board as read_board
from panel.board.retention import DESTROYED
from panel.kernel import keyfiles
from panel.named.unsealing import cancelling, keyholding, service
from panel.named.unsealing.child.logged_keys import KeyNotLogged
from panel.named.unsealing.founding import Founding
from panel.sealed.vault import queries as vault
from panel.sealed.vault.envelope import KeyPair, fingerprint
from panel.sealed.vault.models import SeatRow, VaultRow
from panel.sealed.vault.sharing import Side
from tests.named.unsealing.stage import CANDIDATES, Stage
from tests.tables import contents


def open_board(drafted: Stage) -> None:
    service.open_board(drafted.database, drafted.config, drafted.acting(drafted.people.hr), drafted.board)


def test_opening_fixes_the_rules_founds_the_vault_and_makes_the_key_files(drafted: Stage) -> None:
    open_board(drafted)
    with drafted.database.reading() as db:
        held = read_board(db, drafted.board)
        public, policy = vault.public_key(db, drafted.board)
        seats = vault.seats(db, drafted.board)
    assert held.stage is BoardStage.OPEN
    assert held.policy_digest == policy == held.policy.digest
    assert len(public) == 1216
    assert [(card.seat.side, card.seat.number) for card in seats] == [
        (Side.HR, 1),
        (Side.HR, 2),
        (Side.HR, 3),
        (Side.PANEL, 1),
        (Side.PANEL, 2),
    ]
    assert {card.account for card in seats} == {member.account for member in drafted.people.keyholders}
    for name in (keyfiles.drafts(drafted.board), keyfiles.results(drafted.board)):
        assert keyfiles.exists(drafted.config.keys, name)


def test_the_log_holds_key_seats_and_commitments_and_its_head_is_signed(drafted: Stage) -> None:
    open_board(drafted)
    with drafted.database.reading() as db:
        founding = Founding.read(drafted.board, audit.entries(db, drafted.board))
        public, policy = vault.public_key(db, drafted.board)
        cards = {card.seat: fingerprint(card.public_key) for card in vault.seats(db, drafted.board)}
        heads = audit.signed_heads(db, drafted.board)
        size = audit.head(db, drafted.board).size
    assert (founding.vault.public_key, founding.vault.policy_digest) == (public, policy)
    assert {each.seat: each.fingerprint for each in founding.seats} == cards
    assert [len(founding.vault.commitments[side]) for side in (Side.HR, Side.PANEL)] == [3, 1]
    assert heads[-1].size == size


def test_every_keyholder_can_prove_her_share_at_once(drafted: Stage) -> None:
    open_board(drafted)
    for member in drafted.people.keyholders:
        person, words = drafted.acting(member), drafted.passphrase(member)
        keyholding.prove_seat(drafted.database, drafted.config, person, drafted.board, passphrase=words)
    assert len(drafted.log("seat.proved")) == 5


def test_a_board_that_is_not_ready_does_not_open(drafted: Stage) -> None:
    drafted.spoil(
        "UPDATE {sealed.keyholder} SET state = 'enrolled' WHERE account = :a", a=bytes(drafted.people.chair.account)
    )
    with pytest.raises(NotReady) as refused:
        open_board(drafted)
    assert "4 of 5 keyholders" in " ".join(refused.value.details)
    assert_still_draft(drafted)


@pytest.mark.vault("V06")
def test_a_key_that_was_never_logged_is_given_no_share(drafted: Stage) -> None:
    public = KeyPair.from_seed(bytes(32)).public
    drafted.spoil(
        "UPDATE {sealed.keyholder} SET public_key = :public, fingerprint = :print WHERE account = :account",
        public=public,
        print=fingerprint(public),
        account=bytes(drafted.people.custodians[1].account),
    )
    with pytest.raises(KeyNotLogged):
        open_board(drafted)
    assert_still_draft(drafted)


def assert_still_draft(drafted: Stage) -> None:
    with drafted.database.reading() as db:
        assert read_board(db, drafted.board).stage is BoardStage.DRAFT
        assert list(db.scalars(select(VaultRow.board).order_by(VaultRow.board))) == []
        assert list(db.scalars(select(SeatRow.board).order_by(SeatRow.board))) == []


def test_a_board_opens_once(drafted: Stage) -> None:
    open_board(drafted)
    with pytest.raises(WrongStage):
        open_board(drafted)


@pytest.mark.leak("L106")
@pytest.mark.leak("L94")
def test_cancelling_destroys_shares_envelopes_and_keys(drafted: Stage) -> None:
    open_board(drafted)
    drafted.season.apply()
    person = drafted.acting(drafted.people.hr)
    assert cancelling.cancel(drafted.database, drafted.config, person, drafted.board, reason="applications")
    with drafted.database.reading() as db:
        assert read_board(db, drafted.board).stage is BoardStage.CANCELLED
        assert (vault.count(db, drafted.board), vault.seats(db, drafted.board)) == (0, ())
    for name in (keyfiles.drafts(drafted.board), keyfiles.results(drafted.board)):
        assert not keyfiles.exists(drafted.config.keys, name)
    member = drafted.people.custodians[0]
    with pytest.raises(WrongStage):
        drafted.begin(member)
    assert drafted.log("board.cancelled")[0].facts == {"reason": "applications"}


@pytest.mark.leak("L106")
@pytest.mark.leak("L84")
def test_what_a_cancelled_board_keeps_no_longer_tells_who_wrote_what(drafted: Stage) -> None:
    open_board(drafted)
    drafted.season.apply()
    with drafted.database.reading() as db:
        sealed = [row.sealed for row in vault.envelopes(db, drafted.board)]
        before = _transactions(db)
    person = drafted.acting(drafted.people.hr)
    assert cancelling.cancel(drafted.database, drafted.config, person, drafted.board, reason="applications")
    with drafted.database.reading() as db:
        after = _transactions(db)
        assert set(submissions.numbers(db, drafted.board)) == set(submissions.refs(db, drafted.board))
    assert len(sealed) == CANDIDATES
    if drafted.database.is_sqlite:
        files = b"".join(path.read_bytes() for path in drafted.config.instance.glob("panel.sqlite3*"))
        assert not [each for each in sealed if each[:64] in files]
        assert not [each for each in beginnings(drafted) if each.encode() in files]
    else:
        assert (before, after) == ([CANDIDATES, CANDIDATES], [1, 1])


def _transactions(db: Session) -> list[int]:
    """How many transactions the rows of roll and submissions tell apart; SQLite keeps none."""
    if db.get_bind().dialect.name == "sqlite":
        return []
    tables = ("named.roll", "blind.submission")
    return [db.scalar(text(f"SELECT count(DISTINCT xmin::text) FROM {table}")) or 0 for table in tables]


def beginnings(played: Stage) -> set[str]:
    """The first words of every answer that was written."""
    return {answer.split(".")[0] for answers in played.season.written.values() for answer in answers.values()}


@pytest.mark.leak("L106")
def test_cancelling_late_destroys_answers_evidence_reasons_and_exclusions_and_keeps_the_roll(moderated: Stage) -> None:
    with moderated.database.writing("blind") as db:
        task = allocation.tasks(db, moderated.board, moderated.people.markers[0].marker)[0]
        db.add(MarkDraftRow(code=task.code, score=None, evidence="Typed and never saved.", version=9))
        agreed = {"score": 3, "reason": "Read again.", "marker": moderated.people.chair.marker, "version": 1}
        db.merge(AgreedScoreRow(ref=task.ref, criterion=task.criterion, board=moderated.board, **agreed))
    before = kept(moderated)
    for table in ("submission", "mark", "mark_revision", "agreed_score", "mark_draft", "exclusion"):
        assert before[table], table
    person = moderated.acting(moderated.people.hr)
    assert cancelling.cancel(moderated.database, moderated.config, person, moderated.board, reason="panel")
    after = kept(moderated)
    for table in ("submission", "mark", "mark_revision", "agreed_score"):
        assert len(after[table]) == len(before[table])
        assert all(DESTROYED in row for row in after[table])
    assert after["mark_draft"] == after["exclusion"] == []
    assert after["roll"] == before["roll"]
    texts = beginnings(moderated)
    left = {name for name, rows in after.items() if any(each in row for row in rows for each in texts)}
    assert left <= {"practice_script"}, "practice scripts are the force's own"


def kept(played: Stage) -> dict[str, list[str]]:
    """Every row of every table."""
    with played.database.reading() as db:
        return contents(db)


def test_a_draft_is_cancelled_too(drafted: Stage) -> None:
    person = drafted.acting(drafted.people.hr)
    assert cancelling.cancel(drafted.database, drafted.config, person, drafted.board, reason="rules")
    with drafted.database.reading() as db:
        assert read_board(db, drafted.board).stage is BoardStage.CANCELLED


def test_a_locked_board_is_not_cancelled(locked: Stage) -> None:
    person = locked.acting(locked.people.hr)
    with pytest.raises(UnlawfulMove):
        cancelling.cancel(locked.database, locked.config, person, locked.board, reason="rules")
    with locked.database.reading() as db:
        assert vault.count(db, locked.board) == CANDIDATES
    assert keyfiles.exists(locked.config.keys, keyfiles.results(locked.board))
