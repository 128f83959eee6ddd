"""A board as HR meets it at each stage, what it still needs for its next move, and the moves made from here."""

from flask import g, render_template, url_for
from werkzeug.wrappers import Response

from panel.access.actor import Person
from panel.access.guards import requires, stepped_up
from panel.access.roles import Role
from panel.audit.heads import Signer
from panel.blind.allocation import queries as allocation
from panel.blind.allocation.forecast import forecast
from panel.blind.allocation.service import present
from panel.blind.moderation.queries import leading
from panel.board import queries as boards
from panel.board.backups import from_while_open
from panel.board.lifecycle import CANCELLABLE, MOVES, Stage, WrongStage
from panel.board.queries import Board
from panel.config import config
from panel.kernel.ids import BoardId
from panel.named.setup import moves, queries
from panel.named.setup.appointing import changeable
from panel.named.setup.facts import readiness
from panel.named.setup.readiness import WEAK_BELOW
from panel.named.setup.views.blueprint import views
from panel.web.notices import done

#: The moves whose facts can be told from here; the others are told on the pages that make them.
_TOLD = (Stage.OPEN, Stage.CLOSED, Stage.MARKING, Stage.MODERATION, Stage.LOCKED)


@views.get("/boards/<board:board>")
@requires(Role.HR)
def board(actor: Person, board: BoardId) -> str:
    """Where the board stands, and what comes next."""
    held = boards.board(g.db, board)
    following = next((to for start, to in MOVES if start is held.stage), None)
    ready = readiness(g.db, board, following) if following in _TOLD else None
    return render_template(
        "named/setup/board.html",
        board=held,
        readiness=ready,
        people=queries.people(g.db, board),
        changeable=changeable(held.stage),
        weak=held.submissions is not None and 0 < held.submissions < WEAK_BELOW,
        shortfall=_shortfall(held),
        overlap=_overlap(held),
        cancellable=held.stage in CANCELLABLE,
        backups=from_while_open(g.db, board) if held.stage is Stage.CLOSED else (),
    )


@views.post("/boards/<board:board>/backups")
@requires(Role.HR)
def backups(actor: Person, board: BoardId) -> Response:
    """HR has destroyed the backups from before the close."""
    moves.record_backups_destroyed(g.db, actor, board)
    return done("backups-recorded", url_for("setup.board", board=board))


@views.post("/boards/<board:board>/weakness")
@requires(Role.HR)
def weakness(actor: Person, board: BoardId) -> Response:
    """HR goes on with few submissions."""
    moves.acknowledge_weakness(g.db, actor, board)
    return done("weakness-acknowledged", url_for("setup.board", board=board))


@views.get("/boards/<board:board>/marking/start")
@requires(Role.HR)
@stepped_up
def marking_start(actor: Person, board: BoardId) -> str:
    """What starting to mark does, and how many answers would lack markers."""
    held = _at(board, Stage.CLOSED)
    ready = readiness(g.db, board, Stage.MARKING)
    shown = {"foreseen": allocation.foreseen(g.db, held, present(g.db, board)), "overlap": forecast(g.db, held)}
    return render_template("named/setup/marking_start.html", board=held, readiness=ready, **shown)


@views.post("/boards/<board:board>/marking/start")
@requires(Role.HR)
@stepped_up
def start_marking(actor: Person, board: BoardId) -> Response:
    """closed → marking."""
    shortfall = moves.start_marking(g.db, actor, board, Signer.of(config().keys))
    return done("marking-short" if shortfall else "marking-started", url_for("setup.board", board=board))


@views.get("/boards/<board:board>/moderation/start")
@requires(Role.CHAIR, Role.DEPUTY)
@stepped_up
def moderation_start(actor: Person, board: BoardId) -> str:
    """What starting moderation does. Shows no name: the chair may not know one."""
    leading(g.db, board, actor)
    held = _at(board, Stage.MARKING)
    ready = readiness(g.db, board, Stage.MODERATION)
    return render_template("named/setup/moderation_start.html", board=held, readiness=ready, shortfall=_shortfall(held))


@views.post("/boards/<board:board>/moderation/start")
@requires(Role.CHAIR, Role.DEPUTY)
@stepped_up
def start_moderation(actor: Person, board: BoardId) -> Response:
    """marking → moderation."""
    moves.start_moderation(g.db, actor, board, Signer.of(config().keys))
    return done("moderation-started", f"/panel/{board}/moderation")


def _at(board: BoardId, stage: Stage) -> Board:
    held = boards.board(g.db, board)
    if held.stage is not stage:
        raise WrongStage
    return held


def _overlap(held: Board) -> tuple[str, ...]:
    return allocation.shares(g.db, held.id).sentences if held.stage is Stage.MARKING else ()


def _shortfall(held: Board) -> tuple[str, ...]:
    allocated = held.stage is Stage.MARKING
    return allocation.shortfall(g.db, held).sentences if allocated else ()
