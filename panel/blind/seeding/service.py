"""What seeds bring about: a marker who strays pauses, and the chair lets her go on. Neither changes a mark."""

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.audit.service import append
from panel.blind.allocation.models import StandInRow, State, TaskRow
from panel.blind.allocation.queries import Task
from panel.blind.allocation.service import set_state
from panel.blind.seeding import queries
from panel.blind.seeding.drift import strayed, takes_hold
from panel.blind.seeding.models import PauseRow, TurnRow
from panel.blind.training.once import add_once
from panel.blind.training.seed_service import take_out
from panel.board.lifecycle import Stage
from panel.board.queries import Board
from panel.board.service import take
from panel.kernel.clock import today
from panel.kernel.errors import Missing, Refused, Stale
from panel.kernel.ids import BoardId, MarkerId, ScriptId, TaskCode


class FlagDecided(Stale):
    """Another leader has decided about the flagged seed."""

    sentence = "Another leader has decided about this seed already. Speak to them if you see it otherwise."


class Paused(Refused):
    """The marker's queue is paused until the chair has spoken to her."""

    sentence = "Your marking is paused. The chair will speak to you before you go on. Nothing you have done is lost."


def demand_running(db: Session, board: BoardId, marker: MarkerId) -> None:
    """Raises Paused while a pause holds the marker up."""
    if queries.paused(db, board, marker):
        raise Paused


def note_turn(db: Session, board: Board, task: Task) -> None:
    """A marker has saved a mark for this task, whatever it is; where her seeds say that she strays, she pauses."""
    conduct = board.policy.conduct
    if not (conduct.seed_every or conduct.repeat_every):
        return
    turn = queries.last_turn(db, board.id, task.marker) + 1
    db.merge(TurnRow(code=task.code, board=board.id, marker=task.marker, turn=turn))
    db.flush()
    if conduct.seed_every:
        _pause(db, board, task.marker, turn)


def let_go_on(db: Session, board: BoardId, marker: MarkerId, note: str, actor: MarkerId, role: Role) -> None:
    """The chair has coached her, with a note that she reads; seeds count anew from here. Raises WrongStage, Missing."""
    take(db, board, Stage.MARKING)
    running = [pause for pause in queries.pauses(db, board, marker) if pause.ended is None]
    if not running:
        raise Missing
    mine = (PauseRow.board == board) & (PauseRow.marker == marker) & PauseRow.ended.is_(None)
    ended = {"ended": queries.last_turn(db, board, marker), "ended_on": today(), "note": note}
    db.execute(update(PauseRow).where(mine).values(**ended).execution_options(synchronize_session=False))
    append(db, board, "marker.resumed", actor, role, {"marker": str(marker)})


def decide_flag(db: Session, board: BoardId, script: ScriptId, actor: MarkerId, role: Role, *, stays: bool) -> None:
    """The chair has looked at a seed that a marker flagged: it is marked as it stands, or leaves every queue for good.

    Raises WrongStage.
    """
    take(db, board, Stage.MARKING)
    mine = (StandInRow.board == board) & (StandInRow.script == script)
    if not stays:
        refs = select(StandInRow.ref).where(mine)
        left = (TaskRow.board == board) & TaskRow.ref.in_(refs) & (TaskRow.state == State.OPEN)
        set_state(db, tuple(db.scalars(select(TaskRow.code).where(left).order_by(TaskRow.code))), State.WITHDRAWN)
        take_out(db, board, script)
    db.execute(update(StandInRow).where(mine).values(flagged=False).execution_options(synchronize_session=False))
    append(db, board, "seed.decided", actor, role, {"stays": stays})


def forget_turns(db: Session, codes: Collection[TaskCode]) -> None:
    """These tasks are marked anew, and count from then."""
    mine = TurnRow.code.in_(list(codes))
    db.execute(delete(TurnRow).where(mine).execution_options(synchronize_session="fetch"))


def _pause(db: Session, board: Board, marker: MarkerId, turn: int) -> None:
    before = queries.pauses(db, board.id, marker)
    marks = queries.seeds(db, board, marker)
    if before and before[-1].ended is None:
        return
    since = before[-1].ended or 0 if before else 0
    if not strayed([mark for mark in marks if mark.turn > since]):
        return
    key = {"board": board.id, "marker": marker, "round": len(before) + 1}
    holds = takes_hold(board.draw, marker, turn)
    if add_once(db, PauseRow, key, holds=holds, began_on=today(), note=""):
        append(db, board.id, "marker.paused", None, "system", {"marker": str(marker)})
