"""The panel at work: texts looked at, answers marked and signed, discrepancies settled. On the blind connection."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import NamedTuple

from sqlalchemy.orm import Session

from panel.access import queries as access
from panel.access.actor import Actor
from panel.blind.allocation import queries as allocation
from panel.blind.allocation import stand_in_queries
from panel.blind.allocation.models import State
from panel.blind.allocation.queries import Task
from panel.blind.marking import own_queries
from panel.blind.marking import service as marking
from panel.blind.marking.queue import marking_order
from panel.blind.moderation import queries as moderation_queries
from panel.blind.moderation import sending
from panel.blind.moderation import service as moderation
from panel.blind.moderation.answers import Answer, Settlement, Standing
from panel.blind.seeding.service import Paused
from panel.blind.submissions import queries as submissions
from panel.blind.submissions import text_queries, texts
from panel.board.queries import board as board_of
from panel.kernel.database import Database
from panel.kernel.ids import BoardId, MarkerId, TaskCode
from panel.playing.company import Company, Member


class Verdict(NamedTuple):
    """A played marker's mark: a score of the scale and the evidence for it."""

    score: int
    evidence: str


#: Judges one task: the marker, the criterion's key and the texts shown → a verdict.
Judge = Callable[[MarkerId, str, tuple[str, ...]], Verdict]


def leave_texts(database: Database, company: Company, board: BoardId) -> int:
    """The deputy looks at every text check and leaves the words as they are; returns how many."""
    with database.writing("blind") as db:
        codes = [check.code for check in text_queries.text_checks(db, board)]
        return texts.leave(db, blind(db, company.deputy), board, codes)


def remove_words(database: Database, company: Company, board: BoardId, words: Iterable[str], reason: str) -> int:
    """The chair removes the given words wherever a text check holds them; returns in how many answers."""
    done = 0
    with database.writing("blind") as db:
        for check in text_queries.text_checks(db, board):
            _, text = text_queries.text_check(db, board, check.code)
            here = [each for each in words if each in text]
            if here:
                texts.remove_words(db, blind(db, company.chair), board, check.code, here, reason)
                done += 1
    return done


def mark_all(database: Database, board: BoardId, marker: MarkerId, judge: Judge) -> int:
    """One marker opens and marks her tasks in her own order, each in its own transaction; returns how many marks."""
    codes = _tasks(database, board, marker)
    for code in codes:
        with database.writing("blind") as db:
            page = own_queries.page(db, board_of(db, board), marker, code)
            verdict = judge(marker, page.card.criterion.key, tuple(text.answer for text in page.texts))
            marking.record(
                db, board, marker, code, score=verdict.score, evidence=verdict.evidence, version=page.saved.version
            )
    return len(codes)


def mark_fresh(database: Database, board: BoardId, marker: MarkerId, judge: Judge, most: int | None = None) -> None:
    """The same for tasks nobody has opened yet, in one transaction and without reading pages: for the demonstration.

    Marking that is paused ends there.
    """
    with database.writing("blind") as db, suppress(Paused):
        texts_by_ref = submissions.shown(db, board)
        for task in in_order(db, board, marker)[:most]:
            texts = texts_by_ref[task.ref] if task.real else stand_in_queries.shown_texts(db, task.ref, task.criterion)
            verdict = judge(marker, task.criterion, (texts[task.criterion],))
            marking.record(db, board, marker, task.code, score=verdict.score, evidence=verdict.evidence, version=0)


def in_order(db: Session, board: BoardId, marker: MarkerId) -> list[Task]:
    """A marker's open tasks as she meets them."""
    place = {criterion.key: n for n, criterion in enumerate(marking_order(board_of(db, board).policy))}
    tasks = allocation.tasks(db, board, marker, State.OPEN)
    return sorted(tasks, key=lambda task: (place[task.criterion], task.position))


def sign(database: Database, board: BoardId, marker: MarkerId) -> None:
    """She signs her sheet."""
    with database.writing("blind") as db:
        marking.sign(db, board, marker)


def ask_further_markers(database: Database, company: Company, board: BoardId, judge: Judge, most: int = 99) -> int:
    """What the rules send to further markers is sent; so many of those who were asked mark theirs and sign.

    Returns how many further marks were asked for.
    """
    with database.writing("blind") as db:
        sent = sending.send_disputed(db, board, blind(db, company.chair))
        asked = [each.marker for each in company.markers if in_order(db, board, each.marker)]
    for marker in asked[:most]:
        mark_fresh(database, board, marker, judge)
        sign(database, board, marker)
    return sent


def settle_all(database: Database, company: Company, board: BoardId, reason: Callable[[Answer], str]) -> int:
    """The chair, or the deputy where the chair may not, agrees a score for every disputed answer; returns how many."""
    with database.reading("blind") as db:
        held = board_of(db, board)
        open_answers = [one for one in moderation_queries.answers(db, held) if one.standing is Standing.TO_SETTLE]
        barred = moderation_queries.barred(db, board, company.chair.marker)
    for one in open_answers:
        leader = company.deputy if one.ref in barred else company.chair
        with database.writing("blind") as db:
            decided = Settlement(_middle(one), reason(one), one.version)
            moderation.settle(db, board, blind(db, leader), one.number, one.criterion, decided)
    return len(open_answers)


def _tasks(database: Database, board: BoardId, marker: MarkerId) -> list[TaskCode]:
    with database.reading("blind") as db:
        queue = own_queries.queue(db, board_of(db, board), marker)
    return [item.code for part in queue.parts for item in part.to_mark]


def _middle(answer: Answer) -> int:
    scores = sorted(mark.score for mark in answer.marks)
    return scores[len(scores) // 2]


def blind(db: Session, member: Member) -> Actor:
    """Who a member is to the blind side, with the roles held now."""
    return Actor(member.marker, access.roles(db, member.marker))
