"""Whom no candidate could declare leaves the deciding to the others, as long as there are others."""

from collections.abc import Callable

import pytest

from panel.access.models import RoleRow
from panel.access.roles import Role
from panel.blind.allocation.leaders import leads
from panel.blind.allocation.service import exclude
from panel.blind.merit import amending, queries
from panel.blind.merit.amending import Change, NeedsTwo
from panel.blind.merit.leaders import able
from panel.blind.submissions import queries as submissions
from panel.board.queries import board as read_board
from panel.kernel.errors import Missing
from panel.kernel.ids import MarkerId
from panel.named.unsealing import service
from panel.playing.company import Member
from panel.sealed.vault.sharing import Side
from tests.named.unsealing.custodial import roles_of
from tests.named.unsealing.stage import Stage
from tests.named.unsealing.succession import hand_over, hired, recover, successor
from tests.named.unsealing.visitor import Visitor, plain

pytestmark = [pytest.mark.vault("V16"), pytest.mark.leak("L70")]

ASIDE = "Another leader of the panel decides on this board."


def seated(stage: Stage, leaver: Member | None = None) -> Member:
    """A chair whom nobody could declare: she took the seat after the close."""
    new = successor(stage, Side.PANEL)
    hand_over(stage, leaver or stage.people.chair, new)
    return new


def declare(stage: Stage, *members: Member) -> None:
    """What one candidate had declared when she applied."""
    with stage.database.writing() as db:
        exclude(db, submissions.refs(db, stage.board)[0], [each.marker for each in members])


def leading(stage: Stage) -> frozenset[MarkerId]:
    with stage.database.reading() as db:
        return leads(db, stage.board)


def score(stage: Stage, *, by: Member, confirmed_by: Member) -> None:
    """One locked score is corrected by two leaders."""
    with stage.database.writing() as db:
        place = queries.merit_list(db, stage.board)[0]
        criterion = next(iter(place.scores))
        stands = queries.score_now(db, stage.board, place.number, criterion)
        change = Change(1 if stands != 1 else 2, "A slip of the pen.")
        amending.propose(db, stage.board, stage.acting(by), place.number, criterion, change)
    with stage.database.writing() as db:
        (waiting,) = queries.proposals(db, stage.board)
        amending.confirm(db, stage.board, stage.acting(confirmed_by), place.number, criterion, waiting.seen)


def test_a_chair_seated_after_the_close_locks_and_settles_nothing_while_the_deputy_is_there(moderated: Stage) -> None:
    new, deputy, board = seated(moderated), moderated.people.deputy, moderated.board
    assert roles_of(moderated, new) == {Role.CHAIR}
    assert leading(moderated) == {deputy.marker}
    with moderated.database.writing() as db, pytest.raises(Missing):
        service.lock(db, moderated.config, moderated.acting(new), board)
    visitor, other = Visitor.of(moderated, new), Visitor.of(moderated, deputy)
    for address in (f"/panel/{board}/moderation", f"/panel/{board}/texts", f"/boards/{board}/lock"):
        assert visitor.get(address).status_code == 404, address
        assert other.get(address).status_code == 200, address
    assert ASIDE in plain(visitor.get("/"))
    assert f"/panel/{board}/moderation" not in visitor.get("/").text
    assert ASIDE not in plain(other.get("/"))
    assert visitor.get(f"/boards/{board}/custody").status_code == 200


def test_she_leads_where_nobody_else_is_left(moderated: Stage) -> None:
    new, board = seated(moderated), moderated.board
    declare(moderated, moderated.people.deputy)
    assert leading(moderated) == {new.marker}
    visitor = Visitor.of(moderated, new)
    assert visitor.get(f"/panel/{board}/moderation").status_code == 200
    assert ASIDE not in plain(visitor.get("/"))
    with moderated.database.writing() as db:
        service.lock(db, moderated.config, moderated.acting(new), board)


def test_her_release_counts_as_the_panels(locked: Stage) -> None:
    new = seated(locked)
    locked.begin()
    locked.release(new)
    assert locked.progress().standing.panel_released


def test_she_is_one_of_the_two_who_amend_only_where_two_others_are_not_left(locked: Stage) -> None:
    new, deputy = seated(locked), locked.people.deputy
    assert Visitor.of(locked, new).get(f"/panel/{locked.board}/merit").status_code == 200
    assert f"/panel/{locked.board}/merit" in Visitor.of(locked, new).get("/").text
    score(locked, by=deputy, confirmed_by=new)
    second = hired(locked, "Dana Deputy")
    with locked.database.writing() as db:  # a second deputy, seated while candidates could still declare her
        db.add(RoleRow(marker=second.marker, board=locked.board, role=Role.DEPUTY.value))
    assert Visitor.of(locked, new).get(f"/panel/{locked.board}/merit").status_code == 404
    assert ASIDE in plain(Visitor.of(locked, new).get("/"))
    with pytest.raises(Missing):
        score(locked, by=new, confirmed_by=deputy)
    score(locked, by=second, confirmed_by=deputy)


def test_nor_does_she_amend_once_the_names_are_open_while_two_others_may(locked: Stage) -> None:
    new, second = seated(locked), hired(locked, "Dana Deputy")
    locked.begin()
    locked.release(new)
    locked.release(locked.people.custodians[0])
    locked.finish()
    with locked.database.writing() as db:
        db.add(RoleRow(marker=second.marker, board=locked.board, role=Role.DEPUTY.value))
    with locked.database.reading() as db:
        board, number = read_board(db, locked.board), queries.merit_list(db, locked.board)[0].number
        assert able(db, board, number) == {second.marker, locked.people.deputy.marker}
    with locked.database.writing() as db:
        ref = next(card.ref for card in submissions.cards(db, locked.board) if card.number == number)
        exclude(db, ref, [second.marker])
    with locked.database.reading() as db:
        assert able(db, board, number) == {new.marker, locked.people.deputy.marker}


def test_a_declared_late_leader_stays_aside_even_if_she_is_the_last(locked: Stage) -> None:
    new = seated(locked)
    declare(locked, new, locked.people.deputy)
    assert leading(locked) == frozenset()
    with pytest.raises((Missing, NeedsTwo)):
        score(locked, by=new, confirmed_by=locked.people.deputy)


def by_recovery(stage: Stage) -> Member:
    new = successor(stage, Side.PANEL)
    recover(stage, stage.people.chair, new, stage.people.deputy)
    return new


@pytest.mark.parametrize("take_over", [seated, by_recovery])
def test_whoever_takes_a_seat_after_the_close_is_known_by_it(
    locked: Stage, take_over: Callable[[Stage], Member]
) -> None:
    new = take_over(locked)
    with locked.database.reading() as db:
        held = {row.late for row in db.query(RoleRow).filter(RoleRow.marker == new.marker)}
    assert held == {True}


def test_who_took_the_seat_while_candidates_could_still_declare_her_leads(drafted: Stage) -> None:
    drafted.season.open()
    new = seated(drafted)
    assert leading(drafted) == {new.marker, drafted.people.deputy.marker}
