"""One board of the demonstration, played through the services up to its stage, on days of its own."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final

from panel.audit.heads import Signer
from panel.board.lifecycle import Stage
from panel.board.policy import Policy
from panel.board.queries import board as board_of
from panel.config import Config
from panel.demo import content
from panel.demo.content import BoardPlan
from panel.demo.judging import Judge
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import SYSTEM, BoardId, FrameworkId, ReceiptCode
from panel.named.intake import closing
from panel.named.intake import service as intake
from panel.named.results import service as results
from panel.named.setup import moves, service
from panel.playing import applying, company, custody, drafting, panel, training
from panel.playing.company import Company, Member
from panel.playing.custody import Passphrases

_NOON: Final = time(12, 0)
#: Days after the deadline on which things happen.
_WRITTEN, _OPENED, _APPLIED, _CLOSED, _TRAINED, _STARTED = -33, -30, -4, 1, 3, 5
_MODERATED, _SETTLED, _LOCKED, _UNSEALED, _PUBLISHED = 17, 20, 21, 24, 26


@dataclass
class Plot:
    """A board being played. `codes`: the receipt codes that candidates hold."""

    config: Config
    database: Database
    plan: BoardPlan
    company: Company
    members: Mapping[str, Member]
    passphrases: Passphrases
    framework: FrameworkId
    today: datetime
    board: BoardId = SYSTEM
    codes: dict[str, ReceiptCode] = field(default_factory=dict)

    def play(self) -> None:
        """From draft to the stage the script says."""
        acts = (
            (Stage.DRAFT, self.draft),
            (Stage.OPEN, self.open),
            (Stage.CLOSED, self.close),
            (Stage.MARKING, self.start_marking),
            (Stage.MODERATION, self.moderate),
            (Stage.LOCKED, self.lock),
            (Stage.UNSEALED, self.unseal),
            (Stage.PUBLISHED, self.publish),
        )
        for stage, act in acts:
            if self.stage.reached(stage):
                act()

    def draft(self) -> None:
        """HR writes the rules and appoints everyone."""
        plan = self.plan
        rules = drafting.Rules(
            title=plan.title,
            rank=plan.rank,
            workforce_group=plan.group,
            about=plan.about,
            questions={name: content.questions()[name] for name in plan.criteria},
            pass_mark=plan.pass_mark,
            word_limit=350,
        )
        with self._on(_WRITTEN), self.database.writing() as db:
            self.board = drafting.draft(db, self.company, rules, self.framework, self.deadline)

    def open(self) -> None:
        """Keyholders, founding, applications."""
        with self._on(_OPENED):
            custody.become_keyholders(self.database, self.config, self.company.keyholders, self.passphrases)
            custody.open_board(self.database, self.config, self.company, self.board)
        with self._on(_APPLIED), self.database.writing() as db:
            for key, place in self.plan.submitted.items():
                application = self._application(key, place)
                self.codes[key] = applying.apply(db, self.config.keys, self.board, self.policy, application)
            for key, place in self.plan.drafting.items():
                applying.write(db, self.config.keys, self.board, self.policy, self._application(key, place))
            if self.plan.extended:
                service.extend(db, company.acting(db, self.company.hr), self.board, self.deadline + timedelta(hours=6))

    def close(self) -> None:
        """HR closes, and the files are scrubbed."""
        with self._on(_CLOSED):
            with self.database.writing() as db:
                closing.close(db, self.config.keys, company.acting(db, self.company.hr), self.board)
            closing.finish(self.database, self.config.keys, self.board)

    def start_marking(self) -> None:
        """Training, practice, text checks, allocation; then the panel marks, wholly or in part."""
        self._train()
        with self._on(_STARTED):
            self._settle_texts()
            with self.database.writing() as db:
                hr = company.acting(db, self.company.hr)
                moves.record_backups_destroyed(db, hr, self.board)
                moves.start_marking(db, hr, self.board, Signer.of(self.config.keys))
            self._mark()

    def moderate(self) -> None:
        """The chair starts moderation; on boards beyond it every difference is settled."""
        with self._on(_MODERATED), self.database.writing() as db:
            moves.start_moderation(db, company.acting(db, self.company.chair), self.board, Signer.of(self.config.keys))
        if self.stage.reached(Stage.LOCKED):
            with self._on(_SETTLED):
                panel.settle_all(self.database, self.company, self.board, lambda _one: _REASON)

    def lock(self) -> None:
        """The chair signs; on the board left here one custodian and the panel have already released."""
        with self._on(_LOCKED):
            custody.lock(self.database, self.config, self.company.chair, self.board)
            if self.stage is Stage.LOCKED:
                # opened today: a ceremony lasts seven days
                with clock.set_to(self.today):
                    custody.begin_ceremony(
                        self.database, self.config, self.company, self.board, self.passphrases, releases=2
                    )

    def unseal(self) -> None:
        """Panel and custodians open the names."""
        with self._on(_UNSEALED):
            custody.unseal(self.database, self.config, self.company, self.board, self.passphrases)

    def publish(self) -> None:
        """HR approves feedback and publishes."""
        with self._on(_PUBLISHED), self.database.writing() as db:
            results.approve_all(db, self.config.keys, self.board)
            results.publish(db, self.config.keys, company.acting(db, self.company.hr), self.board)

    @property
    def stage(self) -> Stage:
        """How far the board has come."""
        return Stage(self.plan.stage)

    @property
    def deadline(self) -> datetime:
        """Noon of its day."""
        day = (self.today - timedelta(days=self.plan.days)).astimezone(clock.UK).date()
        return datetime.combine(day, _NOON, clock.UK)

    @property
    def policy(self) -> Policy:
        """The board's rules."""
        with self.database.reading() as db:
            return board_of(db, self.board).policy

    def _on(self, days: int) -> AbstractContextManager[None]:
        return clock.set_to(min(self.deadline + timedelta(days=days), self.today))

    def _application(self, key: str, place: int) -> applying.Application:
        who = content.people()[key]
        policy = self.policy
        return applying.Application(
            self.members[key],
            {criterion.key: content.answers(criterion.name)[place - 1].text for criterion in policy.questions},
            station=who.station,
            unit=who.unit,
            known=frozenset(self.members[each].marker for each in who.known if each in self.plan.markers),
            equality=who.equality,
        )

    def _train(self) -> None:
        with self._on(_TRAINED), self.database.writing("blind") as db:
            scripts = [
                training.Sample(criterion.key, each.answer, each.agreed, each.reason, each.purpose)
                for criterion in self.policy.criteria
                for each in content.scripts(criterion.name)
            ]
            training.open_practice(db, self.board, self.company.chair, scripts)
            for member in self.company.markers:
                training.take_courses(db, member.marker)
                training.practise(db, self.board, member.marker, "As the agreed reason says.")

    def _settle_texts(self) -> None:
        """The chair removes the words that name a writer; the deputy leaves the rest as they are."""
        leaks = {leak for name in self.plan.criteria for answer in content.answers(name) for leak in answer.leaks}
        panel.remove_words(self.database, self.company, self.board, leaks, _REMOVED)
        panel.leave_texts(self.database, self.company, self.board)

    def _mark(self) -> None:
        judge = Judge.of({criterion.key: criterion.name for criterion in self.policy.criteria})
        for place, key in enumerate(self.plan.markers):
            marker = self.members[key].marker
            most = None if self.stage is not Stage.MARKING else self._share(place, key)
            panel.mark_fresh(self.database, self.board, marker, judge, most)
            if most is None:
                panel.sign(self.database, self.board, marker)
        if self.plan.withdraws:
            with self.database.writing() as db:
                person = company.acting(db, self.members[self.plan.withdraws])
                intake.withdraw(db, person, self.board, self.codes[self.plan.withdraws])

    def _share(self, place: int, key: str) -> int | None:
        """How many answers a marker of the board in marking has marked: one is done, one has barely begun."""
        if key == self.plan.late_marker:
            return 3
        return None if place == 0 else 3 + 2 * place


_REMOVED: Final = "The words name the writer or a colleague."
_REASON: Final = (
    "Read again against the anchors with all three notes side by side. The lower mark overlooked the result."
)
