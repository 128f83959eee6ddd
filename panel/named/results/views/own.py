"""A candidate's own result, on the page and as a letter. Not found before publication, nor for anyone else."""

from flask import Response, g, render_template

from panel.access.actor import Person
from panel.access.guards import signed_in
from panel.board.queries import board as board_of
from panel.kernel.errors import Missing
from panel.kernel.ids import BoardId
from panel.named.results import queries
from panel.named.results.letter import changed, letter, sentences
from panel.named.results.views.blueprint import download, keys, views


@views.get("/results/<board:board>")
@signed_in
def own(actor: Person, board: BoardId) -> str:
    """Outcome, scores and approved feedback."""
    result = queries.own_result(g.db, keys(), board, actor.account)
    if result is None:
        nameless = queries.nameless(g.db, board)
        return render_template("named/results/withdrawn.html", board=board_of(g.db, board), nameless=nameless)
    return render_template("named/results/own.html", result=result, sentences=tuple(sentences(result)), changed=changed)


@views.get("/results/<board:board>/letter")
@signed_in
def own_letter(actor: Person, board: BoardId) -> Response:
    """The same as a PDF."""
    result = queries.own_result(g.db, keys(), board, actor.account)
    if result is None:
        raise Missing
    return download(letter(result), "application/pdf", f"result-{{board}}-{result.number}.pdf", board)
