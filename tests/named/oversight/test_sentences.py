"""Every kind of entry that the service writes has a sentence, and whatever else turns up can still be read."""

import ast
import string
from pathlib import Path

import panel
from panel.board.lifecycle import Stage
from panel.named.oversight.sentences import SENTENCES, particulars, sentence

SOURCES = sorted(Path(panel.__file__).parent.rglob("*.py"))


def written() -> set[str]:
    """The kinds of entries that calls of `append` name, and one for each stage a board moves to."""
    kinds = {stage.entry for stage in Stage if stage is not Stage.DRAFT}
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "append":
                kind = node.args[2]
                if isinstance(kind, ast.Constant):
                    kinds.add(str(kind.value))
    return kinds


def test_every_kind_of_entry_has_a_sentence() -> None:
    found = written()
    assert len(found) > 30
    assert found - SENTENCES.keys() == set()


def test_every_sentence_is_one_sentence_that_takes_facts_by_name() -> None:
    for told in SENTENCES.values():
        assert told[0].isupper()
        assert told.endswith(".")
        assert all(name is None or name.isidentifier() for _, name, _, _ in string.Formatter().parse(told))


def test_sentence_names_staff_and_keeps_numbers() -> None:
    facts = {"person": "ab" * 16, "part": "custodian"}
    assert sentence("person.appointed", facts, {"ab" * 16: "Dana Reed"}) == "Appointed Dana Reed as custodian."
    assert sentence("score.agreed", {"number": 123456, "criterion": "courage", "score": 3}, {}) == (
        "Settled submission 123456, criterion courage: agreed score 3."
    )


def test_missing_fact_becomes_a_dash_and_unknown_kind_its_own_words() -> None:
    assert sentence("board.closed", {}, {}) == "Closed the board and dealt the numbers. Submissions: –."
    assert sentence("seat.lent_out", {}, {}) == "Seat lent out."


def test_fact_with_braces_is_text() -> None:
    assert "{score}" in sentence("board.cancelled", {"reason": "{score}"}, {})


def test_particulars_are_plain_words() -> None:
    facts = {"seats": [{"side": "hr", "seat": 1}], "marks_root": "00ff", "done": True, "note": None}
    assert particulars(facts, {}) == (
        ("Done", "yes"),
        ("Marks root", "00ff"),
        ("Note", "none"),
        ("Seats", "seat 1; side hr"),
    )
