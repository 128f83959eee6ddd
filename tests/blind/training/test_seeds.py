"""Seeds are written beside practice scripts and never met in practice."""

import pytest

from panel.blind.training import queries, script_service, seed_queries, seed_service
from panel.blind.training.fresh import NotFresh, demand_fresh
from panel.blind.training.purpose import Purpose
from panel.blind.training.seeds import SeedStandsOut, due, missing
from panel.board.lifecycle import Stage, WrongStage
from panel.kernel.database import Database
from panel.kernel.errors import Invalid
from tests.blind.scene import QUESTIONS
from tests.blind.seeded import seeded


@pytest.mark.parametrize(("tasks", "every", "seeds"), [(0, 5, 0), (9, 0, 0), (1, 5, 1), (5, 5, 1), (6, 5, 2)])
def test_one_seed_is_due_for_each_so_many_tasks_begun(tasks: int, every: int, seeds: int) -> None:
    assert due(tasks, every) == seeds


@pytest.mark.parametrize(("purpose", "word"), [(Purpose.QUALIFICATION, "qualification script"), (Purpose.SEED, "seed")])
def test_what_is_fresh_says_what_no_other_says(purpose: Purpose, word: str) -> None:
    others = [(Purpose.PRACTICE, "I asked."), (purpose, "I asked  the depot.")]
    demand_fresh("I asked the depot twice.", others)
    with pytest.raises(NotFresh) as known:
        demand_fresh("i asked the\ndepot. ", others)
    assert word in known.value.details[0]


def test_no_seed_is_a_practice_script(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, seeds=1, begun=False, seed_every=5)
        assert queries.scripts(db, scene.board_id) == ()
        seed = seed_queries.seeds(db, scene.board_id)[0]
        script_service.remove_script(db, scene.board_id, seed.id)
        assert seed_queries.seed(db, scene.board_id, seed.id) == seed, "a practice verb does not reach it"


def test_marking_needs_enough_seeds_that_nobody_meets_one_twice(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, candidates=10, markers=5, seeds=1, begun=False, seed_every=4)
        needed = seed_queries.needed(db, scene.board)
        assert [(need.criterion.key, need.written, need.needed) for need in needed] == [
            (key, 1, 2) for key in QUESTIONS
        ]
        assert missing(needed)[0] == "The chair must write 1 more seed for ‘We take ownership’."
        plain = seeded(db, seeds=0, begun=False)
        assert seed_queries.needed(db, plain.board) == ()


def test_a_seed_keeps_to_what_candidates_keep_to_and_to_its_time(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, seeds=0, begun=False, seed_every=5)
        add = seed_service.add_seed
        with pytest.raises(SeedStandsOut):
            add(db, scene.board_id, QUESTIONS[0], "word " * 301, 3, "Why.")
        for criterion, agreed in (("courage", 3), (QUESTIONS[0], 9)):
            with pytest.raises(Invalid):
                add(db, scene.board_id, criterion, "I put it right.", agreed, "Why.")
        seed = add(db, scene.board_id, QUESTIONS[0], "I put it right.", 3, "Why.")
        seed_service.change_seed(db, scene.board_id, seed, 1, "I put it right then.", 2, "Why.")
        with pytest.raises(script_service.ScriptChanged):
            seed_service.change_seed(db, scene.board_id, seed, 1, "I put it right.", 2, "Why.")
        for twice in ("I put it  right THEN.\n", "I put it right then."):
            with pytest.raises(NotFresh) as known:
                add(db, scene.board_id, QUESTIONS[0], twice, 3, "Why.")
        assert known.value.details == ("Answer must be new. A seed for this criterion says the same",)
        seed_service.change_seed(db, scene.board_id, seed, 2, "I put it right then!", 2, "Why.")
        add(db, scene.board_id, QUESTIONS[1], "I put it right then!", 3, "Why.")
        scene.move(Stage.MARKING)
        for act in (
            lambda: add(db, scene.board_id, QUESTIONS[0], "I put it right.", 3, "Why."),
            lambda: seed_service.remove_seed(db, scene.board_id, seed),
        ):
            with pytest.raises(WrongStage):
                act()
