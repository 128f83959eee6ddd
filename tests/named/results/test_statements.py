"""Constant queries per page, whatever the board's size."""

from pathlib import Path

from sqlalchemy import event

from panel.named.results import queries, service
from panel.playing.company import acting
from tests.named.accounts.signing import sign_in
from tests.named.results.conftest import PASSWORD, Opened, Played, at_the_opening, played_on


def statements(opened: Opened) -> dict[str, int]:
    """How many statements each page takes."""
    with opened.database.writing("named") as db:
        service.approve_all(db, opened.keys, opened.board)
        number = queries.overview(db, opened.keys, opened.board)[0].number
    board, found = opened.board, {}
    hr, candidate = opened.client(), opened.client()
    sign_in(hr, opened.company.hr.email, PASSWORD)
    sign_in(candidate, opened.company.candidates[0].email, PASSWORD)
    for page in ("list", "feedback", f"feedback/{number}", "publish"):
        found[page.replace(str(number), "number")] = _counted(
            opened, lambda page=page: hr.get(f"/results/{board}/{page}")
        )
    found["monitoring"] = _counted(opened, lambda: hr.get(f"/monitoring/{board}"))
    found["accounts"] = _counted(opened, lambda: hr.get("/accounts"))
    found["home"] = _counted(opened, lambda: hr.get("/"))
    with opened.database.writing("named") as db:
        service.publish(db, opened.keys, acting(db, opened.company.hr), board)
    found["own"] = _counted(opened, lambda: candidate.get(f"/results/{board}"))
    return found


def _counted(opened: Opened, visit) -> int:  # type: ignore[no-untyped-def]
    seen: list[str] = []

    def hear(_connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        seen.append(statement)

    engine = opened.database.engine("named")
    event.listen(engine, "before_cursor_execute", hear)
    assert visit().status_code == 200
    event.remove(engine, "before_cursor_execute", hear)
    return len(seen)


def test_pages_take_as_many_statements_for_six_candidates_as_for_fourteen(
    opened: Opened, sqlite_template: Path, tmp_path: Path
) -> None:
    (tmp_path / "larger").mkdir()
    larger: Played = played_on(sqlite_template, tmp_path / "larger", candidates=14)
    few = statements(opened)
    with at_the_opening(larger) as many:
        assert statements(many) == few
    assert max(few.values()) < 25
