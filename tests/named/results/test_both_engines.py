"""Results on both databases, through the services; and pages whose work does not grow with the board."""

from panel.audit.queries import entries
from panel.board.lifecycle import Stage
from panel.board.queries import board as board_of
from panel.config import Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.named.monitoring.queries import tables
from panel.named.results import queries, service
from panel.playing.company import acting
from tests.named.results.conftest import play


def test_feedback_files_publication_and_results_on_both_databases(config: Config, database: Database) -> None:
    season = play(config, database)
    board, keys, people = season.board, config.keys, season.people
    with clock.set_to(season.moment):
        with database.writing("named") as db:
            assert service.approve_all(db, keys, board) >= 0
            file = service.export(db, keys, acting(db, people.hr), board, "csv")
            service.publish(db, keys, acting(db, people.hr), board)
        with database.reading() as db:
            results = [queries.own_result(db, keys, board, member.account) for member in people.candidates]
            assert board_of(db, board).stage is Stage.PUBLISHED
            assert len(entries(db, board, "export.made")) == 1
            assert {table.total.applied for table in tables(db, board)} == {6}
    assert {result.name for result in results if result} == {member.name for member in people.candidates}
    assert all(member.email.encode() in file for member in people.candidates)
