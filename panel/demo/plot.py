"""One board of the demonstration, played through the services up to its stage, on days of its own."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final

from panel.audit.heads import Signer
from panel.board.conduct import Settling
from panel.board.lifecycle import Stage
from panel.board.policy import Policy
from panel.board.queries import board as board_of
from panel.config import Config
from panel.demo import content
from panel.demo.content import BoardPlan
from panel.demo.work import Work
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import SYSTEM, BoardId, FrameworkId, ReceiptCode
from panel.named.intake import closing
from panel.named.intake import service as intake
from panel.named.results import service as results
from panel.named.setup import moves, service
from panel.playing import applying, company, custody, drafting, panel
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
            conduct=plan.conduct,
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
        """HR closes, and the files are scrubbed; the panel is trained, practises and qualifies."""
        with self._on(_CLOSED):
            with self.database.writing() as db:
                closing.close(db, self.config.keys, company.acting(db, self.company.hr), self.board)
            closing.finish(self.database, self.config.keys, self.board)
            self._panel.send_away()
        with self._on(_TRAINED):
            self._panel.train()

    def start_marking(self) -> None:
        """Text checks, allocation; then the panel marks, wholly or in part."""
        with self._on(_STARTED):
            self._panel.settle_texts()
            with self.database.writing() as db:
                hr = company.acting(db, self.company.hr)
                moves.record_backups_destroyed(db, hr, self.board)
                moves.start_marking(db, hr, self.board, Signer.of(self.config.keys))
            self._panel.mark()
            if self.plan.withdraws:
                with self.database.writing() as db:
                    person = company.acting(db, self.members[self.plan.withdraws])
                    intake.withdraw(db, person, self.board, self.codes[self.plan.withdraws])

    def moderate(self) -> None:
        """The chair starts moderation; on boards beyond it every difference is settled."""
        with self._on(_MODERATED), self.database.writing() as db:
            moves.start_moderation(db, company.acting(db, self.company.chair), self.board, Signer.of(self.config.keys))
        with self._on(_SETTLED):
            if self.plan.conduct.settling is Settling.FURTHER:
                self._panel.ask_further_markers()
            if self.stage.reached(Stage.LOCKED):
                self._panel.think()
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

    @property
    def _panel(self) -> Work:
        return Work(self.database, self.plan, self.company, self.members, self.board)


_REASON: Final = (
    "Read again against the anchors with all three notes side by side. The lower mark overlooked the result."
)
