"""A course as data: what the shipped ones hold, how a file is read with the line of every fault, and written back."""

from dataclasses import replace

import pytest

from panel.blind.training.course import Course, Page, Question
from panel.blind.training.course_data import CourseInvalid
from panel.blind.training.course_toml import read, shipped, write
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


def test_course_is_read_with_its_usual_values() -> None:
    course = read(MINIMAL)
    assert (course.asked, course.attempts, course.online, course.lacking) == (1, 0, True, ())
    assert course.questions[0].right == 1


@pytest.mark.parametrize(
    "course",
    [
        *shipped(),
        replace(read(MINIMAL), attempts=3, pages=(Page('A "quote"', "He said \"\"\" and ''' \\ twice."),)),
        Course("attended", "Attended", "A day in a room.", 4, 300, 100, 36, online=False),
    ],
    ids=lambda course: course.key,
)
def test_file_that_was_written_reads_the_same(course: Course) -> None:
    assert read(write(course)) == course


FAULTY = """
key = "Not a key"
summary = "S"
position = 1
minutes = true
pass_percent = 101
validity_months = 12
attempts = 99
colour = "blue"

[[page]]
title = "One"
text = '''
Words

> * a list in a key point
'''

[[question]]
text = "Which?"
options = ["Same", "Same"]
right = 1
explanation = "Because."

[[question]]
text = "Which?"
options = ["This", "That"]
right = 3
"""


def test_every_fault_is_told_with_its_line_and_field() -> None:
    with pytest.raises(CourseInvalid) as refusal:
        read(FAULTY)
    assert [said[: said.index(": ", 9)] for said in refusal.value.details] == [
        "Line 1: title",
        "Line 2: key",
        "Line 5: minutes",
        "Line 6: pass_percent",
        "Line 8: attempts",
        "Line 9: colour",
        "Line 16: Page 1, text",
        "Line 21: Question 1, options",
        "Line 25: Question 2, explanation",
        "Line 28: Question 2, right",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no = toml = at all", "Line 1, character"),
        ("minutes = " + "9" * 5000, "A number in the text is too long."),
        ("a = " + "[" * 5000, "brackets"),
        ("", "title"),
        ("page = 3", "Begin each page with"),
        (MINIMAL.replace("[[page]]", "asked = 2\n[[page]]", 1), "Add questions, or let a quiz ask fewer"),
        (MINIMAL.replace("position", "online = false\nposition"), "Remove the pages and questions"),
    ],
)
def test_text_that_is_no_course_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(CourseInvalid) as refusal:
        read(text)
    assert any(said in sentence for sentence in refusal.value.details)


def test_any_change_of_a_course_changes_its_digest() -> None:
    assert read(MINIMAL).digest == read(MINIMAL).digest
    changes = {"Words": "Other words", "This": "These", "right = 2": "right = 1", "12": "6", "80": "70"}
    others = [MINIMAL.replace(old, new) for old, new in changes.items()]
    assert len({read(MINIMAL).digest, *(read(other).digest for other in others)}) == 1 + len(others)


def test_question_with_two_equal_options_is_refused() -> None:
    with pytest.raises(Malformed):
        Question("Which?", ("Same", "Same"), 0, "")


def test_what_an_unfinished_course_lacks_is_said() -> None:
    course = read(MINIMAL)
    assert replace(course, summary="", pages=(), questions=(), asked=0).lacking == (
        "Say what the course is about.",
        "Add a page.",
        "Add a question.",
    )
    assert replace(course, asked=0).settled == course
    assert replace(course, asked=2).lacking[0].endswith("it asks 2, and the bank holds 1.")


@pytest.mark.vault("V25")
def test_a_text_of_nothing_but_faults_is_told_in_one_passage() -> None:
    """As many tables as fit the form: each fault is found by its line without reading the text again for each."""
    with pytest.raises(CourseInvalid) as refusal:
        read("[[page]]\n" * 40_000)
    assert len(refusal.value.details) < 300
    assert "Line 100: Page 100, title: This is missing, or is no text in quotation marks." in refusal.value.details
    assert "Line 101: Page 101: A course has at most 100 pages." in refusal.value.details
    with pytest.raises(CourseInvalid) as refusal:
        read("\n".join(f"k{number} = 1" for number in range(20_000)))
    assert any(said.startswith("Line 20000: k19999: ") for said in refusal.value.details)
