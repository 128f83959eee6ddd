"""The boards a person can apply to, a board's rules, and the list of what an application needs."""

from flask import g, render_template

from panel.access.actor import Person
from panel.access.guards import signed_in
from panel.kernel.ids import BoardId
from panel.named.intake import queries
from panel.named.intake.views.blueprint import sitting, views


@views.get("/applications")
@signed_in
def applications(person: Person) -> str:
    """Her applications, and the boards she can apply to."""
    return render_template("named/intake/applications.html", applications=queries.applications(g.db, person))


@views.get("/applications/<board:board>")
@signed_in
def board(person: Person, board: BoardId) -> str:
    """The rules, who leads and who holds the key, and where she stands."""
    at = sitting(person, board)
    people = queries.shown_to_candidates(g.db, board)
    return render_template("named/intake/board.html", board=at.board, desk=at, policy=at.policy, people=people)


@views.get("/applications/<board:board>/tasks")
@signed_in
def tasks(person: Person, board: BoardId) -> str:
    """What an application needs, and how far each part has come."""
    at = sitting(person, board)
    return render_template("named/intake/tasks.html", board=at.board, desk=at, policy=at.policy)
