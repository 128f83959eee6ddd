"""A marker's own tasks in order."""

import pytest

from panel.blind.marking.queue import Item, Queue, Status
from panel.board.policy import Criterion, Kind, Policy
from panel.kernel.ids import TaskCode

COURAGE = Criterion("courage", Kind.VALUE, "Courage", whole=True)
OWNERSHIP = Criterion("we-take-ownership", Kind.COMPETENCY, "We take ownership", question="What did you put right?")
COLLABORATE = Criterion("we-collaborate", Kind.COMPETENCY, "We collaborate", question="Who did you work with?")
POLICY = Policy(criteria=(COURAGE, OWNERSHIP, COLLABORATE))

TO_MARK, MARKED, WAITING, ASIDE = Status


def items(criterion: Criterion, *statuses: Status) -> list[Item]:
    return [Item(TaskCode.new(), criterion.key, n, status) for n, status in enumerate(statuses, 1)]


def test_questions_come_first_and_what_concerns_the_whole_submission_last() -> None:
    queue = Queue.of(POLICY, [*items(COURAGE, TO_MARK), *items(COLLABORATE, TO_MARK), *items(OWNERSHIP, TO_MARK)])
    assert [part.criterion for part in queue.parts] == [OWNERSHIP, COLLABORATE, COURAGE]


def test_tasks_stand_in_their_own_order() -> None:
    own = items(OWNERSHIP, TO_MARK, TO_MARK, TO_MARK)
    assert Queue.of(POLICY, own[::-1]).parts[0].items == tuple(own)


@pytest.mark.leak("L108")
def test_the_next_question_is_reached_when_the_one_before_it_is_marked() -> None:
    first, second = items(OWNERSHIP, MARKED, TO_MARK), items(COLLABORATE, TO_MARK)
    assert [part.reached for part in Queue.of(POLICY, first + second).parts] == [True, False]
    first = items(OWNERSHIP, MARKED, MARKED)
    assert [part.reached for part in Queue.of(POLICY, first + second).parts] == [True, True]


def test_a_text_check_keeps_nobody_from_the_next_question() -> None:
    queue = Queue.of(POLICY, [*items(OWNERSHIP, MARKED, WAITING), *(rest := items(COLLABORATE, TO_MARK))])
    assert queue.next() == rest[0].code
    assert queue.waiting == 1
    assert not queue.complete


def test_next_is_the_first_one_after_this_and_then_what_was_left_out() -> None:
    own = items(OWNERSHIP, TO_MARK, MARKED, TO_MARK)
    queue = Queue.of(POLICY, own)
    assert queue.next() == own[0].code
    assert queue.next(after=own[1].code) == own[2].code
    assert queue.next(after=own[2].code) == own[0].code


def test_next_goes_on_with_the_first_of_the_next_question() -> None:
    own, rest = items(OWNERSHIP, MARKED, MARKED), items(COLLABORATE, TO_MARK, TO_MARK)
    assert Queue.of(POLICY, own + rest).next(after=own[1].code) == rest[0].code


def test_nothing_is_next_when_all_is_marked() -> None:
    queue = Queue.of(POLICY, items(OWNERSHIP, MARKED, ASIDE))
    assert queue.next() is None
    assert queue.complete
    assert (queue.done, queue.total) == (1, 1)


def test_an_empty_queue_is_not_complete() -> None:
    assert not Queue.of(POLICY, []).complete
    assert not Queue.of(POLICY, items(OWNERSHIP, ASIDE)).complete
