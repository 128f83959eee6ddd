"""A course as data: what the shipped ones hold, and how plain text becomes blocks."""

import pytest

from panel.blind.training.course import Block, Kind, Question, blocks, parse, shipped
from panel.kernel.errors import Malformed

MINIMAL = """
key = "k"
title = "T"
summary = "S"
position = 1
minutes = 5
pass_percent = 80
validity_months = 12

[[page]]
title = "One"
text = '''Words'''

[[question]]
text = "Which?"
options = ["This", "That"]
right = 2
explanation = "Because."
"""


def test_two_courses_are_shipped_in_the_order_they_are_taken() -> None:
    assert [course.key for course in shipped()] == [
        "unconscious-bias-in-assessment",
        "assessing-evidence-against-a-framework",
    ]


@pytest.mark.parametrize("course", shipped(), ids=lambda course: course.key)
def test_shipped_course_is_substantial(course) -> None:
    assert 5 <= len(course.pages) <= 7
    assert len(course.questions) >= 8
    assert (course.pass_percent, course.validity_months) == (80, 12)
    for page in course.pages:
        words = " ".join(piece for block in page.blocks for runs in block.lines for piece in runs).split()
        assert 250 <= len(words) <= 600, page.title


@pytest.mark.parametrize("course", shipped(), ids=lambda course: course.key)
def test_shipped_quiz_cannot_be_passed_by_always_choosing_one_place(course) -> None:
    places = [question.right for question in course.questions]
    assert max(places.count(place) for place in set(places)) * 2 <= len(places)
    assert all(len(question.options) == 4 and question.explanation for question in course.questions)


@pytest.mark.parametrize("course", shipped(), ids=lambda course: course.key)
def test_no_sign_of_the_plain_text_is_left_in_a_shipped_page(course) -> None:
    pieces = [piece for page in course.pages for block in page.blocks for runs in block.lines for piece in runs]
    assert not [piece for piece in pieces if "**" in piece or piece.lstrip().startswith(("#", "* ", "> "))]
    assert all(len(runs) % 2 for page in course.pages for block in page.blocks for runs in block.lines)


def test_plain_text_becomes_blocks() -> None:
    text = "First line\ngoes on.\n\n## A heading\n\n* one\n* two **strong**\n\n1. step\n2. step\n\n> remember"
    assert blocks(text) == (
        Block(Kind.PARAGRAPH, (("First line goes on.",),)),
        Block(Kind.HEADING, (("A heading",),)),
        Block(Kind.BULLETS, (("one",), ("two ", "strong", ""))),
        Block(Kind.STEPS, (("step",), ("step",))),
        Block(Kind.KEY_POINT, (("remember",),)),
    )


def test_markup_stays_text() -> None:
    assert blocks("<b>bold</b>") == (Block(Kind.PARAGRAPH, (("<b>bold</b>",),)),)


def test_block_reads_what_it_wrote() -> None:
    block = Block(Kind.BULLETS, (("one",), ("two ", "strong", "")))
    assert Block.from_json(block.to_json()) == block


def test_list_with_a_stray_line_is_refused() -> None:
    with pytest.raises(Malformed, match="list"):
        blocks("* one\nand on")


def test_any_change_of_a_course_changes_its_digest() -> None:
    course = parse(MINIMAL)
    assert parse(MINIMAL).digest == course.digest
    others = [
        MINIMAL.replace(old, new)
        for old, new in {"Words": "Other words", "This": "These", "right = 2": "right = 1", "12": "6"}.items()
    ]
    assert len({course.digest, *(parse(other).digest for other in others)}) == 1 + len(others)


@pytest.mark.parametrize(
    "broken", [MINIMAL.replace("key =", "kee ="), MINIMAL.replace("right = 2", "right = 3"), "no = toml = at all", ""]
)
def test_course_in_the_wrong_form_is_refused(broken: str) -> None:
    with pytest.raises(Malformed):
        parse(broken)


def test_question_with_two_equal_options_is_refused() -> None:
    with pytest.raises(Malformed):
        Question("Which?", ("Same", "Same"), 0, "")
