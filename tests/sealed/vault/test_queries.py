"""A board's vault beside another's: what is read or done for one of them leaves the other alone."""

import json
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from panel.board.lifecycle import Stage
from panel.kernel import clock
from panel.kernel.encoding import digest
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId, CeremonyId
from panel.sealed.vault import queries, service
from panel.sealed.vault.envelope import FORMAT
from panel.sealed.vault.models import VaultRow
from panel.sealed.vault.sharing import Seat, Side
from tests.sealed.vault.two_boards import NOON, TODAY, Holder, Scene, at, envelope, keep, refs

# what is asked is plain SQL, alike on both engines
pytestmark = [pytest.mark.vault("V04"), pytest.mark.parametrize("engine_kind", ["sqlite"])]


def test_a_founding_is_kept_as_it_was(db: Session, scene: Scene) -> None:
    row = db.get(VaultRow, scene.other)
    assert row is not None
    assert (row.format, row.k, row.n, row.founded_on) == (FORMAT, 3, 4, TODAY)
    pieces = {"hr": [f"{n:02x}" * 32 for n in range(6)], "panel": ["09" * 32]}
    assert json.loads(row.piece_digests) == pieces
    assert queries.public_key(db, scene.other) == (Holder(9).public, digest(scene.other))
    assert (queries.quorum(db, scene.one), queries.quorum(db, scene.other)) == (2, 3)
    for ask in (queries.quorum, queries.public_key):
        with pytest.raises(Missing):
            ask(db, BoardId.new())


def test_seats_are_those_of_the_board_custodians_first(db: Session, scene: Scene) -> None:
    cards = queries.seats(db, scene.one)
    assert [(str(card.seat), card.account, card.share_envelope, card.lost) for card in cards] == [
        ("hr 1", scene.anne.account, envelope(1), False),
        ("hr 2", scene.gone.account, envelope(2), True),
        ("panel 1", scene.bob.account, envelope(3), False),
    ]
    assert [card.public_key for card in cards] == [scene.anne.public, scene.gone.public, scene.bob.public]
    assert [card.share_envelope for card in queries.seats(db, scene.other)] == [envelope(4)]
    assert queries.vaults(db) == (scene.one, scene.other)


def test_the_seats_of_a_person_are_her_own(db: Session, scene: Scene) -> None:
    held = queries.seats_of(db, scene.anne.account)
    assert {board: card.share_envelope for board, card in held.items()} == {
        scene.one: envelope(1),
        scene.other: envelope(4),
    }
    assert {*queries.seats_of(db, scene.bob.account)} == {scene.one}


def test_what_is_proved_of_one_seat_is_of_no_other(db: Session, scene: Scene) -> None:
    with clock.set_to(NOON):
        service.mark_seat_proved(db, scene.one, Seat(Side.HR, 1, scene.anne.id))
    assert [card.proved_on for card in queries.seats(db, scene.one)] == [TODAY, None, None]
    assert [card.proved_on for card in queries.seats(db, scene.other)] == [None]


def test_a_seat_handed_over_is_not_yet_proved_and_the_others_stay(db: Session, scene: Scene) -> None:
    for seat in (Seat(Side.HR, 1, scene.anne.id), Seat(Side.PANEL, 1, scene.bob.id)):
        service.mark_seat_proved(db, scene.one, seat)
    new = Holder(5)
    service.enrol(db, new.account, new.id, new.public, [])
    service.reseat(db, scene.one, Seat(Side.HR, 1, new.id), envelope(7))
    assert [(card.account, card.share_envelope, card.proved_on is None) for card in queries.seats(db, scene.one)] == [
        (new.account, envelope(7), True),
        (scene.gone.account, envelope(2), True),
        (scene.bob.account, envelope(3), False),
    ]
    assert [card.account for card in queries.seats(db, scene.other)] == [scene.anne.account]
    for seat in (Seat(Side.HR, 3, new.id), Seat(Side.PANEL, 2, new.id)):
        with pytest.raises(Missing):
            service.reseat(db, scene.one, seat, envelope(7))


def test_envelopes_are_those_of_the_board_by_ref(db: Session, scene: Scene) -> None:
    first, second, third = refs(1, 2, 3)
    keep(db, scene.one, third, first)
    keep(db, scene.other, second)
    assert [(each.ref, each.sealed) for each in queries.envelopes(db, scene.one)] == [
        (first, envelope(1)),
        (third, envelope(3)),
    ]
    assert queries.refs(db, scene.one) == {first, third}
    assert queries.envelope_digests(db, scene.one) == {first: digest(envelope(1)), third: digest(envelope(3))}
    assert (queries.count(db, scene.one), queries.count(db, scene.other), queries.count(db, BoardId.new())) == (2, 1, 0)
    assert queries.envelope_digest(db, second) == digest(envelope(2))
    service.discard(db, first)
    assert queries.refs(db, scene.one) | queries.refs(db, scene.other) == {second, third}
    with pytest.raises(Missing):
        queries.envelope_digest(db, first)


def test_envelopes_are_not_rewritten_in_the_order_in_which_they_lay(db: Session, scene: Scene) -> None:
    keep(db, scene.one, *refs(*range(20)))
    keep(db, scene.other, *refs(*range(20, 30)))
    written: list[bytes] = []

    def hear(_connection: Any, _cursor: Any, said: str, rows: Any, *_rest: Any) -> None:
        if said.startswith("INSERT"):
            written.extend(next(bytes(part) for part in row if part != scene.one) for row in rows)

    event.listen(db.get_bind(), "before_cursor_execute", hear)
    service.rewrite(db, scene.one)
    assert sorted(written) == refs(*range(20))
    assert written not in (refs(*range(20)), refs(*range(19, -1, -1)))
    assert queries.count(db, scene.other) == 10


def test_leaves_of_the_close_are_kept_by_ref(db: Session, scene: Scene) -> None:
    first, second, third = refs(1, 2, 3)
    service.keep_leaves(db, scene.one, {})
    assert queries.lodged_leaves(db, scene.one) == {}
    service.keep_leaves(db, scene.one, {third: b"\x03" * 32, first: b"\x01" * 32})
    service.keep_leaves(db, scene.other, {second: b"\x02" * 32})
    assert list(queries.lodged_leaves(db, scene.one).items()) == [(first, b"\x01" * 32), (third, b"\x03" * 32)]


def test_releases_are_those_of_the_ceremony_in_order(db: Session, scene: Scene) -> None:
    held, another = CeremonyId.new(), CeremonyId.new()
    for stage in (Stage.LOCKED, Stage.UNSEALED, Stage.PUBLISHED):
        at(db, scene.one, stage)
        service.release(
            db, scene.one, another, Seat(Side.HR, list(Stage).index(stage) + 1, scene.anne.id), {1: envelope(9)}
        )
    service.release(db, scene.one, held, Seat(Side.PANEL, 1, scene.bob.id), {2: envelope(4), 1: envelope(3)})
    service.release(db, scene.one, held, Seat(Side.HR, 2, scene.gone.id), {1: envelope(2)})
    service.release(db, scene.one, held, Seat(Side.HR, 1, scene.anne.id), {2: envelope(1)})
    told = [(each.side, each.from_seat, each.to_seat, each.envelope) for each in queries.releases(db, held)]
    assert told == [
        (Side.HR, 1, 2, envelope(1)),
        (Side.HR, 2, 1, envelope(2)),
        (Side.PANEL, 1, 1, envelope(3)),
        (Side.PANEL, 1, 2, envelope(4)),
    ]
    assert service.forget_releases(db, held) == 4
    assert (len(queries.releases(db, held)), len(queries.releases(db, another))) == (0, 3)


def test_destroying_a_board_leaves_the_other_whole(db: Session, scene: Scene) -> None:
    first, second = refs(1, 2)
    ceremonies = {scene.one: CeremonyId.new(), scene.other: CeremonyId.new()}
    for board, ref in ((scene.one, first), (scene.other, second)):
        keep(db, board, ref)
        service.keep_leaves(db, board, {ref: b"\x01" * 32})
        at(db, board, Stage.LOCKED)
        service.release(db, board, ceremonies[board], Seat(Side.HR, 1, scene.anne.id), {2: envelope(1)})
    at(db, scene.one, Stage.ARCHIVED)
    service.destroy(db, scene.one)
    left = [
        (len(ask(db, board)), len(queries.releases(db, ceremonies[board])))
        for board in (scene.one, scene.other)
        for ask in (queries.envelopes, queries.seats, queries.lodged_leaves)
    ]
    assert left == [(0, 0)] * 3 + [(1, 1)] * 3
