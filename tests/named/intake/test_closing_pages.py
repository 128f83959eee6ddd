"""HR at the page that closes a board."""

from flask import Flask

from panel.access.roles import Role
from panel.board.queries import board
from panel.config import Config
from panel.kernel.database import Database
from tests.named.intake.scene import Scene
from tests.named.intake.visitor import Visitor, submit, visit, write_all


def test_hr_closes_the_board_after_the_deadline(
    app: Flask, database: Database, visitor: Visitor, scene: Scene, config: Config
) -> None:
    write_all(visitor, scene)
    submit(visitor, scene)
    hr = visit(app, database, scene, scene.holder(Role.HR))
    early = hr.get(f"/boards/{scene.board}/close").text
    assert "Wait until the deadline has passed." in early
    assert "A closed board does not open again." not in early
    assert hr.post(f"/boards/{scene.board}/close").status_code == 409
    scene.pass_deadline()
    scene.db.commit()
    assert "1 candidate has applied" in hr.get(f"/boards/{scene.board}/close").text
    closed = hr.post(f"/boards/{scene.board}/close")
    assert closed.status_code == 200
    assert "Board closed" in closed.text
    with scene.db.begin():
        held = board(scene.db, scene.board)
        assert (held.submissions, held.scrubbed_on is not None) == (1, True)
    assert hr.get("/applications").status_code == 302
    assert not (config.keys / "drafts" / f"{scene.board}.key").exists()


def test_scrubbing_again_is_hrs_alone(app: Flask, database: Database, visitor: Visitor, scene: Scene) -> None:
    hr = visit(app, database, scene, scene.holder(Role.HR))
    assert visitor.post(f"/boards/{scene.board}/scrub").status_code == 404
    assert hr.post(f"/boards/{scene.board}/scrub").status_code == 409
    scene.pass_deadline()
    scene.db.commit()
    hr.post(f"/boards/{scene.board}/close")
    hr = visit(app, database, scene, scene.holder(Role.HR))
    assert hr.post(f"/boards/{scene.board}/scrub").status_code == 303
