"""Sealing into the tables: one length always, only while the board is open, and nothing is altered afterwards."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from panel.board.equality import CHARACTERISTICS, UnknownAnswer
from panel.board.lifecycle import Stage, WrongStage
from panel.board.models import BoardRow
from panel.kernel import clock
from panel.kernel.encoding import digest
from panel.kernel.errors import Missing
from panel.kernel.ids import AccountId, BoardId, CeremonyId, KeyholderId, SubmissionRef
from panel.sealed.equality import answers as equality
from panel.sealed.equality import queries as equality_queries
from panel.sealed.equality import service as equality_service
from panel.sealed.equality.models import EqualityEnvelopeRow
from panel.sealed.vault import queries, service
from panel.sealed.vault.envelope import KeyPair, TooLong, identity_info, unseal
from panel.sealed.vault.identity import Identity
from panel.sealed.vault.models import EnvelopeRow, ReleaseRow
from panel.sealed.vault.opening import Vault
from panel.sealed.vault.sharing import Seat, Sharing, Side

KEY = KeyPair.from_seed(secrets.token_bytes(32))
POLICY = b"\x02" * 32
CONTENT = b"\x03" * 32


@pytest.fixture
def board(db: Session) -> BoardId:
    """An open board with a vault that nobody can open, which sealing does not mind."""
    made = BoardId.new()
    db.add(BoardRow(id=made, title="Inspector", stage=Stage.OPEN.value, draw=bytes(32)))
    db.flush()
    keyholder = KeyholderId.new()
    service.enrol(db, AccountId.new(), keyholder, KEY.public, [])
    vault = Vault(made, POLICY, KEY.public, Sharing(2, 3), {Side.HR: (bytes(32),) * 3, Side.PANEL: (bytes(32),)})
    service.found(db, vault, {Seat(Side.HR, 1, keyholder): bytes(2160)})
    return made


def seal(db: Session, board: BoardId, name: str = "Zoë O’Neill") -> SubmissionRef:
    ref = SubmissionRef.new()
    identity = Identity(AccountId.new(), board, CONTENT, "zoe@example.org", name, ref, "S1")
    service.seal_identity(db, board, ref, CONTENT, identity.plaintext())
    return ref


def test_a_sealed_identity_opens_under_its_own_context_alone(db: Session, board: BoardId) -> None:
    ref = SubmissionRef.new()
    identity = Identity(AccountId.new(), board, CONTENT, "zoe@example.org", "Zoë", ref, "S1")
    told = service.seal_identity(db, board, ref, CONTENT, identity.plaintext())
    (row,) = queries.envelopes(db, board)
    assert told == digest(row.sealed) == queries.envelope_digests(db, board)[ref]
    assert unseal(KEY, identity_info(board, ref, POLICY, CONTENT), row.sealed, row.format) == identity.plaintext()


@pytest.mark.vault("V13")
@pytest.mark.parametrize("name", ["", "李", "é" * 150, "🂡" * 75, "N" * 300])
def test_any_name_makes_an_envelope_of_one_length(db: Session, board: BoardId, name: str) -> None:
    seal(db, board, name)
    assert [len(row.sealed) for row in queries.envelopes(db, board)] == [2160]


@pytest.mark.vault("V13")
def test_an_identity_that_is_too_long_is_refused_and_never_kept(db: Session, board: BoardId) -> None:
    with pytest.raises(TooLong):
        service.seal_identity(db, board, SubmissionRef.new(), CONTENT, bytes(1024))
    assert queries.count(db, board) == 0


@pytest.mark.vault("V13")
@pytest.mark.parametrize("given", [{}, {each.key: each.keys[0] for each in CHARACTERISTICS}])
def test_equality_answers_make_one_envelope_of_one_length_even_if_all_are_declined(
    db: Session, board: BoardId, given: Mapping[str, str]
) -> None:
    ref = SubmissionRef.new()
    told = equality_service.seal_answers(db, board, ref, given)
    (row,) = equality_queries.envelopes(db, board)
    assert len(row.sealed) == 2160
    assert told == equality_queries.envelope_digests(db, board)[ref]
    opened = equality.read(unseal(KEY, equality.info(board, ref, POLICY), row.sealed, row.format))
    assert set(opened) == {each.key for each in CHARACTERISTICS}
    assert opened.items() >= given.items()


def test_the_longest_equality_answers_fit() -> None:
    longest = {each.key: max(each.keys, key=len) for each in CHARACTERISTICS}
    assert len(equality.plaintext(longest)) < 1024


@pytest.mark.leak("L41")
def test_free_text_is_no_equality_answer(db: Session, board: BoardId) -> None:
    with pytest.raises(UnknownAnswer):
        equality_service.seal_answers(db, board, SubmissionRef.new(), {"religion": "Zoë of Leeds"})


@pytest.mark.parametrize("plain", [b"", b"[]", b"{}", b'{"answers":[],"v":1}', b'{"answers":{},"v":2}', b'{"v":1}'])
def test_only_what_was_sealed_is_read_as_answers(plain: bytes) -> None:
    with pytest.raises(equality.NotAnswers):
        equality.read(plain)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.OPEN])
def test_nothing_is_sealed_unless_the_board_is_open(db: Session, board: BoardId, stage: Stage) -> None:
    db.execute(update(BoardRow).where(BoardRow.id == board).values(stage=stage.value))
    with pytest.raises(WrongStage):
        seal(db, board)
    with pytest.raises(WrongStage):
        equality_service.seal_answers(db, board, SubmissionRef.new(), {})


def test_a_board_without_a_vault_seals_nothing(db: Session) -> None:
    bare = BoardId.new()
    db.add(BoardRow(id=bare, title="Inspector", stage=Stage.OPEN.value, draw=bytes(32)))
    with pytest.raises(Missing):
        seal(db, bare)


def test_rewriting_keeps_every_envelope_and_that_of_other_boards(db: Session, board: BoardId) -> None:
    for _ in range(20):
        equality_service.seal_answers(db, board, seal(db, board), {})
    before = (queries.envelopes(db, board), equality_queries.envelopes(db, board))
    service.rewrite(db, board)
    equality_service.rewrite(db, board)
    assert (queries.envelopes(db, board), equality_queries.envelopes(db, board)) == before
    service.rewrite(db, BoardId.new())
    assert queries.count(db, board) == equality_queries.count(db, board) == 20


def test_discarding_and_destroying_leave_nothing(db: Session, board: BoardId) -> None:
    first, second = seal(db, board), seal(db, board)
    equality_service.seal_answers(db, board, second, {})
    service.discard(db, first)
    assert [row.ref for row in queries.envelopes(db, board)] == [second]
    equality_service.discard(db, second)
    assert equality_queries.count(db, board) == 0
    service.destroy(db, board)
    equality_service.destroy(db, board)
    assert (queries.count(db, board), queries.seats(db, board)) == (0, ())


@pytest.mark.vault("V18")
@pytest.mark.leak("L93")
@pytest.mark.parametrize("length", [2159, 2161, 0])
@pytest.mark.parametrize("table", [EnvelopeRow, EqualityEnvelopeRow])
def test_the_database_refuses_any_other_length(
    db: Session, board: BoardId, length: int, table: type[EnvelopeRow] | type[EqualityEnvelopeRow]
) -> None:
    row = {"ref": SubmissionRef.new(), "board": board, "format": 1, "sealed": bytes(length)}
    with pytest.raises(DBAPIError):
        db.execute(insert(table).values(**row))


@pytest.mark.vault("V18")
def test_the_database_refuses_to_alter_an_envelope(db: Session, board: BoardId) -> None:
    ref = seal(db, board)
    with pytest.raises(DBAPIError):
        db.execute(update(EnvelopeRow).where(EnvelopeRow.ref == ref).values(sealed=bytes(2160)))


@pytest.mark.vault("V05")
@pytest.mark.parametrize("stage", [Stage.OPEN, Stage.CLOSED, Stage.MARKING, Stage.MODERATION])
def test_no_release_exists_before_the_lock(db: Session, board: BoardId, stage: Stage) -> None:
    db.execute(update(BoardRow).where(BoardRow.id == board).values(stage=stage.value))
    seat = Seat(Side.HR, 1, KeyholderId.new())
    with pytest.raises(WrongStage):
        service.release(db, board, CeremonyId.new(), seat, {2: bytes(2160)})
    row = {"ceremony": CeremonyId.new(), "from_side": "hr", "from_seat": 1, "to_seat": 2, "board": board}
    with pytest.raises(DBAPIError):
        db.execute(insert(ReleaseRow).values(**row, envelope=bytes(2160)))


@pytest.mark.vault("V14")
def test_attempts_are_counted_by_the_hour_of_the_clock(db: Session) -> None:
    account, holder = AccountId.new(), KeyholderId.new()
    service.enrol(db, account, holder, KeyPair.from_seed(bytes(32)).public, [])
    with clock.set_to(datetime(2026, 3, 2, 9, tzinfo=UTC)):
        service.charge(db, holder)
        assert queries.tries_left(db, account) == 4
    with clock.set_to(datetime(2026, 3, 2, 9, 59, 59, tzinfo=UTC)):
        service.charge(db, holder)
        assert (queries.tries_left(db, account), service.attempts(db, holder)) == (3, 2)
    with clock.set_to(datetime(2026, 3, 2, 10, tzinfo=UTC)):
        assert queries.tries_left(db, account) == 5
        service.charge(db, holder)
        assert service.attempts(db, holder) == 1
