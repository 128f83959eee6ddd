"""The panel of one board of the demonstration at work, and what happens to it: absences, coaching, seeds, guesses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from panel.blind.allocation import queries as allocated
from panel.blind.allocation import service as allocation
from panel.blind.allocation import stand_in_queries
from panel.blind.marking import handover
from panel.blind.marking import service as marking
from panel.blind.submissions import queries as submissions
from panel.blind.training import seed_service
from panel.board.lifecycle import Stage
from panel.board.policy import Policy
from panel.board.queries import board as board_of
from panel.demo import content
from panel.demo.content import BoardPlan
from panel.demo.judging import Judge
from panel.kernel.database import Database
from panel.kernel.ids import BoardId, MarkerId, TaskCode
from panel.named.monitoring import guessing
from panel.playing import company, panel, training
from panel.playing.company import Company, Member

_REMOVED: Final = "The words name the writer or a colleague."
#: How many tasks a marker has done who has barely begun, and how many the one who strays does at most.
_BARELY: Final = 3
_FAR: Final = 30


@dataclass(frozen=True)
class Work:
    """What the panel of a board does. On the board left in marking they are in the middle of it."""

    database: Database
    plan: BoardPlan
    company: Company
    members: Mapping[str, Member]
    board: BoardId

    def send_away(self) -> None:
        """HR knows who will be away."""
        with self.database.writing() as db:
            for key in self.plan.away:
                allocation.absent(db, self.board, self._marker(key), self.company.hr.marker)

    def train(self) -> None:
        """The chair opens practice and writes seeds; the panel take the courses, practise and qualify, most of them."""
        with self.database.writing("blind") as db:
            policy = board_of(db, self.board).policy
            scripts = [
                training.Sample(criterion.key, each.answer, each.agreed, each.reason, each.purpose)
                for criterion in policy.criteria
                for each in content.scripts(criterion.name)
            ]
            training.open_practice(db, self.board, self.company.chair, scripts)
            if policy.conduct.seed_every:
                self._write_seeds(db, policy)
            for key in self.plan.markers:
                training.take_courses(db, self._marker(key))
                short = {policy.keys[0]: self.plan.short.get(key, 0)}
                if key not in self.plan.away:
                    training.practise(db, self.board, self._marker(key), "As the agreed reason says.", short)

    def settle_texts(self) -> None:
        """The chair removes the words that name a writer; the deputy leaves the rest as they are."""
        leaks = {leak for name in self.plan.criteria for answer in content.answers(name) for leak in answer.leaks}
        panel.remove_words(self.database, self.company, self.board, leaks, _REMOVED)
        panel.leave_texts(self.database, self.company, self.board)

    def mark(self) -> None:
        """Everybody marks and signs; on the board left in marking one has, one has barely begun, one is paused."""
        if self.plan.recognises:
            self._step_aside(self._marker(self.plan.recognises))
        judge = Judge.of(self._names, self._marker(self.plan.strays) if self.plan.strays else None)
        for place, key in enumerate(self.plan.markers):
            most = self._share(place, key) if self.plan.stage == Stage.MARKING else None
            panel.mark_fresh(self.database, self.board, self._marker(key), judge, most)
            if most is None:
                panel.sign(self.database, self.board, self._marker(key))
        if self.plan.flags:
            self._flag_seed(self._marker(self.plan.flags))

    def ask_further_markers(self) -> None:
        """Answers whose marks disagree go to further markers: one has marked hers, the others still have to."""
        panel.ask_further_markers(self.database, self.company, self.board, Judge.of(self._names), most=1)

    def think(self) -> None:
        """Everybody says whom she thought she recognised, or that she recognised nobody."""
        for member in self.company.markers if self.plan.thoughts else ():
            with self.database.writing() as db:
                guessing.answer(db, company.acting(db, member), self.board, self._thoughts(db, member))

    def _marker(self, key: str) -> MarkerId:
        return self.members[key].marker

    def _write_seeds(self, db: Session, policy: Policy) -> None:
        for criterion in policy.criteria:
            if criterion.name not in self.plan.unwritten:
                seed = content.seeds()[criterion.name]
                seed_service.add_seed(db, self.board, criterion.key, seed.answer, seed.agreed, seed.reason)

    def _share(self, place: int, key: str) -> int | None:
        if key == self.plan.late_marker:
            return _BARELY
        if key == self.plan.strays:
            return _FAR
        return None if place == 0 else _BARELY + place

    def _step_aside(self, marker: MarkerId) -> None:
        with self.database.writing("blind") as db:
            handover.recognise(db, self.board, marker, panel.in_order(db, self.board, marker)[0].code)

    def _flag_seed(self, marker: MarkerId) -> None:
        """The one among the answers with which she began."""
        with self.database.writing("blind") as db:
            first = board_of(db, self.board).policy.keys[0]
            here = stand_in_queries.behind(db, self.board, marker)
            hers = [each for each in allocated.tasks(db, self.board, marker) if each.criterion == first]
            seed = next(each.code for each in hers if each.ref in here and here[each.ref].script)
            marking.flag(db, self.board, marker, seed)

    def _thoughts(self, db: Session, member: Member) -> list[tuple[TaskCode, str]]:
        tasks = {task.ref: task.code for task in allocated.tasks(db, self.board, member.marker)}
        first = board_of(db, self.board).policy.questions[0]
        refs = {texts[first.key]: ref for ref, texts in submissions.shown(db, self.board).items()}
        found = []
        for each in self.plan.thoughts:
            text = content.answers(first.name)[self.plan.submitted[each.candidate] - 1].text
            if self.members[each.marker] is member and refs.get(text) in tasks:
                found.append((tasks[refs[text]], each.name))
        return found

    @property
    def _names(self) -> Mapping[str, str]:
        return {criterion.key: criterion.name for criterion in self._policy.criteria}

    @property
    def _policy(self) -> Policy:
        with self.database.reading() as db:
            return board_of(db, self.board).policy
