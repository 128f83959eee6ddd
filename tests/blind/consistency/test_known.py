"""Seeds stand beside what was agreed, repeats beside what the marker gave first: read from real queues."""

import pytest

from panel.blind.consistency import queries
from panel.blind.moderation.queries import marker_letters
from panel.kernel.database import Database
from tests.blind.scene import QUESTIONS
from tests.blind.seeded import AGREED, mark_until_paused, seed_tasks, seeded


@pytest.mark.thorough
def test_what_markers_gave_seeds_and_repeats_stands_beside_what_was_known(database: Database) -> None:
    with database.writing() as db:
        scene = seeded(db, candidates=8, markers=4, seeds=6, seed_every=5, repeat_every=5)
        letters = marker_letters(db, scene.board)
        for marker in scene.markers:
            mark_until_paused(scene, marker, seeds_at=AGREED - 1, others_at=2)
        agreed, earlier = queries.beside_agreed(db, scene.board), queries.beside_earlier(db, scene.board)
        wanted = {letters[marker]: len(seed_tasks(scene, marker)) for marker in scene.markers}
        assert {letter: len(pairs) for letter, pairs in agreed.items()} == wanted
        assert {pair for pairs in agreed.values() for pair in pairs} == {(AGREED - 1, AGREED)}
        assert {pair for pairs in earlier.values() for pair in pairs} == {(2, 2)}
        apart = [queries.beside_agreed(db, scene.board, key) for key in QUESTIONS]
        assert sum(len(pairs) for each in apart for pairs in each.values()) == sum(wanted.values())
