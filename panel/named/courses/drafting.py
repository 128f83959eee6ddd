"""A draft course and what its author does to it: pages and questions put in, changed, moved and taken out. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from panel.blind.training.course import Course, Page, Question

Part = TypeVar("Part")

#: What a new course begins with; its author changes each.
_MINUTES: Final = 30
_PASS_PERCENT: Final = 80
_MONTHS: Final = 12


def blank(key: str, title: str, position: int) -> Course:
    """A course of which only the title is known."""
    return Course(key, title, "", position, _MINUTES, _PASS_PERCENT, _MONTHS)


def from_json(data: Mapping[str, Any]) -> Course:
    """A draft as it was kept: whole or not."""
    pages = tuple(Page(**page) for page in data["pages"])
    questions = tuple(Question(**{**each, "options": tuple(each["options"])}) for each in data["questions"])
    return Course(**{**data, "pages": pages, "questions": questions})


def from_edition(course: Course) -> Course:
    """The draft that follows a published version: a quiz that asks the whole bank goes on asking all of it."""
    return replace(course, asked=0 if course.asked == len(course.questions) else course.asked)


def with_page(course: Course, place: int | None, page: Page) -> Course:
    """The page put last, or in place of the one that is there."""
    return replace(course, pages=_put(course.pages, place, page))


def without_page(course: Course, place: int) -> Course:
    """One page less."""
    return replace(course, pages=_without(course.pages, place))


def page_earlier(course: Course, place: int) -> Course:
    """The page one place nearer the beginning; the first stays first."""
    return replace(course, pages=_earlier(course.pages, place))


def with_question(course: Course, place: int | None, question: Question) -> Course:
    """The question put last in the bank, or in place of the one that is there."""
    return replace(course, questions=_put(course.questions, place, question))


def without_question(course: Course, place: int) -> Course:
    """One question less in the bank."""
    return replace(course, questions=_without(course.questions, place))


def _put(parts: Sequence[Part], place: int | None, part: Part) -> tuple[Part, ...]:
    return (*parts, part) if place is None else (*parts[:place], part, *parts[place + 1 :])


def _without(parts: Sequence[Part], place: int) -> tuple[Part, ...]:
    return (*parts[:place], *parts[place + 1 :])


def _earlier(parts: Sequence[Part], place: int) -> tuple[Part, ...]:
    if place == 0:
        return tuple(parts)
    return (*parts[: place - 1], parts[place], parts[place - 1], *parts[place + 1 :])
