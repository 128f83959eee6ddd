"""Nothing that a marker sees, and nothing that the server does for it, tells a seed from an answer."""

import re
from collections import Counter
from collections.abc import Callable
from math import comb

import pytest

from panel.blind.marking import own_queries
from panel.kernel.database import Database
from panel.kernel.ids import MarkerId
from tests.blind.marking.paths import address, home
from tests.blind.moderation.visitors import Visitor, counted
from tests.blind.scene import QUESTIONS
from tests.blind.seeded import seeded, stand_ins

Enter = Callable[[MarkerId], Visitor]
_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-?[0-9A-HJKMNP-TV-Z]{4}-?[0-9A-HJKMNP-TV-Z]{4}")
_TOKEN = re.compile(r'(name="csrf_token" value|nonce)="[^"]*"')
_ANSWER = re.compile(r'<div class="answer">.*?</div>', re.S)


def bare(text: str) -> str:
    """A page without what may differ between any two tasks: answer, task code, tokens."""
    return _CODE.sub("code", _TOKEN.sub("", _ANSWER.sub("", text)))


@pytest.mark.leak("L116")
def test_pages_verbs_and_statements_are_the_same_for_a_seed(database: Database, enter: Enter) -> None:
    """Kinds are compared task by task: one of each, from the same marker and question, untouched."""
    with database.writing() as db:
        scene = seeded(db, candidates=10, seed_every=4, repeat_every=4)
        me = scene.markers[0]
        hidden = stand_ins(scene, me)
        tasks = scene.tasks(me, QUESTIONS[0])
        kinds = {kind: [] for kind in ("answer", "seed", "repeat")}
        for task in tasks:
            row = hidden.get(task.ref)
            kinds["answer" if row is None else "seed" if row.script else "repeat"].append(task)
    her = enter(me)
    sample = [own[0] for own in kinds.values()]
    for more in ((), ("recognise",), ("flag",)):
        pages, statements = set(), []
        for task in sample:
            with counted(database) as heard:
                pages.add(bare(her.get(address(scene, task, *more)).text))
            statements.append(len(heard))
        assert len(pages) == 1, more
        assert len(set(statements)) == 1, (more, statements)
    assert [len(own) > 0 for own in kinds.values()] == [True] * 3
    done = []
    for task in sample:
        where = address(scene, task)
        with counted(database) as heard:
            answer = her.post(where, score="2", evidence="Names the risk and acts on it.", version="0", then="stay")
        done.append((answer.status_code, _CODE.sub("code", answer.headers["Location"]), shape(heard)))
    assert len(set(map(str, done))) == 1, "the same statements, but for the table that keeps the mark"
    with counted(database):
        listed = her.get(f"{home(scene)}/marks").text
    assert all(task.code.grouped in listed for task in sample)


def shape(statements: list[str]) -> list[tuple[str, int]]:
    """How many statements of each kind."""
    return sorted(Counter(statement.split()[0] for statement in statements).items())


@pytest.mark.leak("L116")
def test_a_classifier_given_all_that_a_marker_sees_does_no_better_than_chance(database: Database) -> None:
    """Trained on some boards and tried on others: by place in the queue, by the code, by what stands beside it.

    It names one task of each part as the seed. Chance is one in so many tasks as the part has.
    """
    seen: list[tuple[list[tuple[float, ...]], set[int]]] = []
    for _ in range(14):
        with database.writing() as db:
            scene = seeded(db, candidates=10, markers=4, seeds=2, seed_every=9)
            for marker in scene.markers:
                seeds = stand_ins(scene, marker)
                by_code = {task.code: task for task in scene.tasks(marker)}
                for part in own_queries.queue(db, scene.board, marker).parts[:2]:
                    rows = [_seen(item.code, n, part.total) for n, item in enumerate(part.items)]
                    truth = {n for n, item in enumerate(part.items) if by_code[item.code].ref in seeds}
                    seen.append((rows, truth))
            db.rollback()
    half = len(seen) // 2
    trained = _train(seen[:half])
    hits = sum(max(range(len(rows)), key=lambda n: _score(trained, rows[n])) in truth for rows, truth in seen[half:])
    chance = sum(len(truth) / len(rows) for rows, truth in seen[half:]) / (len(seen) - half)
    assert _at_least(hits, len(seen) - half, chance) > 0.0001
    # its twin, given what no marker sees, finds them all: the classifier is no straw man
    marked = [([(*row, float(n in truth)) for n, row in enumerate(rows)], truth) for rows, truth in seen]
    trained = _train(marked[:half])
    found = sum(max(range(len(rows)), key=lambda n: _score(trained, rows[n])) in truth for rows, truth in marked[half:])
    assert found > 0.9 * (len(seen) - half)


def _seen(code: str, place: int, total: int) -> tuple[float, ...]:
    letters = [ord(letter) / 90 for letter in code]
    return (place / total, float(place == 0), float(place == total - 1), float(place % 2), *letters)


def _train(parts: list[tuple[list[tuple[float, ...]], set[int]]]) -> list[tuple[float, float]]:
    """For each thing seen, how seeds differ from the rest in the mean, measured by its spread: naive Bayes."""
    yes = [row for rows, truth in parts for n, row in enumerate(rows) if n in truth]
    no = [row for rows, truth in parts for n, row in enumerate(rows) if n not in truth]
    weights = []
    for column in range(len(no[0])):
        inside, outside = [row[column] for row in yes], [row[column] for row in no]
        middle = (sum(inside) / len(inside) + sum(outside) / len(outside)) / 2
        spread = sum((value - middle) ** 2 for value in outside + inside) / (len(inside) + len(outside)) + 1e-6
        weights.append(((sum(inside) / len(inside) - sum(outside) / len(outside)) / spread, middle))
    return weights


def _score(weights: list[tuple[float, float]], row: tuple[float, ...]) -> float:
    return sum(weight * (value - middle) for (weight, middle), value in zip(weights, row, strict=True))


def _at_least(hits: int, tries: int, chance: float) -> float:
    """How likely chance alone brings as many hits."""
    return sum(comb(tries, n) * chance**n * (1 - chance) ** (tries - n) for n in range(hits, tries + 1))
