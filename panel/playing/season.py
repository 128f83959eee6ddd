"""A whole board from accounts to published results, with invented people and answers, timed stage by stage."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from sqlalchemy.orm import Session

from panel.access.roles import Role
from panel.audit.heads import Signer
from panel.blind.training import seed_service
from panel.blind.training.purpose import PRACTISED
from panel.blind.training.seeds import seeded
from panel.board import library
from panel.board.conduct import Conduct
from panel.board.lifecycle import Stage
from panel.board.policy import Policy
from panel.board.queries import board as board_of
from panel.config import Config
from panel.kernel.database import Database
from panel.kernel.encoding import digest
from panel.kernel.ids import SYSTEM, AccountId, BoardId, MarkerId, ReceiptCode
from panel.named.intake import closing
from panel.named.results import archiving
from panel.named.results import service as results
from panel.named.setup import moves
from panel.named.setup.readiness import WEAK_BELOW
from panel.playing import applying, company, custody, drafting, panel, training
from panel.playing.applying import Application
from panel.playing.company import Company, Member
from panel.playing.panel import Verdict
from panel.playing.stopwatch import Stopwatch
from panel.playing.wording import answer_text, evidence_text, password, person_name

_DAY: Final = timedelta(days=1)
_YEARS: Final = timedelta(days=3 * 366)
#: The writer of seeds: a number that no candidate has.
_NOBODY: Final = 999_999


@dataclass
class Season:
    """One board played to its end.

    `ahead`: how far the season's clock runs ahead of the machine's. `further`: how many further marks there were.
    """

    config: Config
    database: Database
    watch: Stopwatch
    started: datetime
    ahead: timedelta = timedelta(0)
    label: str = "Rehearsal"
    conduct: Conduct = field(default=Conduct())
    board: BoardId = SYSTEM
    company: Company | None = None
    passphrases: custody.Passphrases = field(default_factory=custody.Passphrases)
    further: int = 0
    written: dict[AccountId, Mapping[str, str]] = field(default_factory=dict)
    codes: dict[AccountId, ReceiptCode] = field(default_factory=dict)

    def moment(self) -> datetime:
        """The season's clock."""
        return self.started + self.ahead

    def play(self, candidates: int, markers: int, criteria: int, until: Stage = Stage.PUBLISHED) -> None:
        """Everything, in order, up to a stage."""
        next(stage for stage in self.stages(candidates, markers, criteria) if stage.reached(until))

    def stages(self, candidates: int, markers: int, criteria: int) -> Iterator[Stage]:
        """The same, resting at every stage for as long as somebody wants to look around."""
        self.hire(candidates, markers)
        self.draft(criteria)
        yield Stage.DRAFT
        acts = (
            (Stage.OPEN, (self.open, self.apply)),
            (Stage.CLOSED, (self.close,)),
            (Stage.MARKING, (self.train, self.start_marking)),
            (Stage.MODERATION, (self.mark, self.start_moderation)),
            (Stage.LOCKED, (self.settle, self.lock)),
            (Stage.UNSEALED, (self.unseal,)),
            (Stage.PUBLISHED, (self.publish,)),
            (Stage.ARCHIVED, (self.archive,)),
        )
        for stage, steps in acts:
            for step in steps:
                step()
            yield stage

    @property
    def people(self) -> Company:
        """The company, once hired."""
        if self.company is None:
            raise LookupError("nobody has been hired")
        return self.company

    @property
    def policy(self) -> Policy:
        """The board's rules."""
        with self.database.reading() as db:
            return board_of(db, self.board).policy

    def hire(self, candidates: int, markers: int) -> None:
        """Accounts for everybody."""
        with self.watch.lap("accounts", "people", candidates + markers + 7) as drawn:
            staff = [self._hire(f"Staff {n}", n) for n in range(7)]
            panel_members = tuple(self._hire(f"Marker {n}", 100_000 + n) for n in range(markers))
            applicants = tuple(self.applicant(n) for n in drawn(range(candidates)))
        hr, chair, deputy, auditor, *custodians = staff
        self.company = Company(hr, chair, deputy, tuple(custodians), panel_members, applicants, auditor)
        with self.database.writing() as db:
            company.empower(db, hr, Role.HR)

    def draft(self, criteria: int) -> None:
        """The rules, with everybody appointed."""
        with self.database.writing() as db:
            framework = next(each for each in library.frameworks(db) if each.described)
            content = library.framework(db, framework.id)
            names = [element.name for element in content.elements][:criteria]
            rules = drafting.Rules(self.label, "Inspector", {name: f"{name}?" for name in names}, Fraction(5, 2))
            rules = replace(rules, conduct=self.conduct)
            self.board = drafting.draft(db, self.people, rules, framework.id, self.moment() + _DAY)

    def open(self) -> None:
        """Keyholders, founding."""
        with self.watch.lap("opening", "keyholders", len(self.people.keyholders)) as drawn:
            for member in drawn(self.people.keyholders):
                custody.become_keyholders(self.database, self.config, [member], self.passphrases)
            custody.open_board(self.database, self.config, self.people, self.board)

    def apply(self) -> None:
        """Every candidate writes and submits, in a transaction of her own."""
        policy = self.policy
        with self.watch.lap("applying", "submissions", len(self.people.candidates)) as drawn:
            for n, member in enumerate(drawn(self.people.candidates)):
                application = self.application(n, member, policy)
                with self.database.writing() as db:
                    code = applying.apply(db, self.config.keys, self.board, policy, application)
                self.written[member.account] = application.answers
                self.codes[member.account] = code

    def applicant(self, n: int) -> Member:
        """An account for one candidate."""
        return self._hire(person_name(self.label, n), 200_000 + n)

    def application(self, n: int, member: Member, policy: Policy) -> Application:
        """What one candidate sends; every fifth is known to a panel member."""
        markers = self.people.markers
        answers = {each.key: answer_text(each.key, n) for each in policy.questions}
        known = frozenset({markers[n % len(markers)].marker}) if n % 5 == 0 else frozenset[MarkerId]()
        return Application(member, answers, known=known)

    def close(self) -> None:
        """Rewrite, numbers, scrub."""
        self.ahead = 2 * _DAY
        with self.watch.lap("closing", "submissions", len(self.people.candidates)):
            with self.database.writing() as db:
                closing.close(db, self.config.keys, company.acting(db, self.people.hr), self.board)
            if not closing.finish(self.database, self.config.keys, self.board):
                raise LookupError("the scrub did not happen")

    def train(self) -> None:
        """Courses, practice, text checks, and the move to marking with its allocation."""
        with self.watch.lap("training", "markers", len(self.people.markers)) as drawn:
            with self.database.writing("blind") as db:
                samples = [
                    training.Sample(key, answer_text(key, _NOBODY - n), 3, "As agreed.", purpose)
                    for key in self.policy.keys
                    for n, purpose in enumerate(PRACTISED, start=1)
                ]
                training.open_practice(db, self.board, self.people.chair, samples)
                self.write_seeds(db)
            for member in drawn(self.people.markers):
                with self.database.writing("blind") as db:
                    training.take_courses(db, member.marker)
                    training.practise(db, self.board, member.marker, evidence_text(3))
            panel.leave_texts(self.database, self.people, self.board)

    def write_seeds(self, db: Session) -> None:
        """The chair writes a seed for each question that has any by the rules."""
        for question in seeded(self.policy):
            text = answer_text(question.key, _NOBODY)
            seed_service.add_seed(db, self.board, question.key, text, worth((text,)), "As agreed.")

    def start_marking(self) -> None:
        """What HR records first, and the move to marking with its allocation."""
        with self.watch.lap("allocating", "tasks", self._tasks()), self.database.writing() as db:
            hr = company.acting(db, self.people.hr)
            moves.record_backups_destroyed(db, hr, self.board)
            if len(self.people.candidates) < WEAK_BELOW:
                moves.acknowledge_weakness(db, hr, self.board)
            moves.start_marking(db, hr, self.board, Signer.of(self.config.keys))

    def mark(self) -> None:
        """Every marker marks all her tasks and signs."""
        with self.watch.lap("marking", "marks", self._tasks()) as drawn:
            for member in drawn(self.people.markers):
                panel.mark_all(self.database, self.board, member.marker, judge)
                panel.sign(self.database, self.board, member.marker)

    def start_moderation(self) -> None:
        """The chair starts moderation."""
        with self.database.writing() as db:
            chair = company.acting(db, self.people.chair)
            moves.start_moderation(db, chair, self.board, Signer.of(self.config.keys))

    def settle(self) -> None:
        """Every difference gets an agreed score, once further markers have marked what the rules send to them."""
        self.further = panel.ask_further_markers(self.database, self.people, self.board, judge)
        answers = len(self.people.candidates) * len(self.policy.criteria)
        with self.watch.lap("moderating", "answers", answers):
            panel.settle_all(self.database, self.people, self.board, lambda _answer: "Both markers read again.")

    def lock(self) -> None:
        """The chair signs the lock."""
        with self.watch.lap("locking", "submissions", len(self.people.candidates)):
            custody.lock(self.database, self.config, self.people.chair, self.board)

    def unseal(self) -> None:
        """The ceremony: names appear."""
        with self.watch.lap("unsealing", "names", len(self.people.candidates)):
            custody.unseal(self.database, self.config, self.people, self.board, self.passphrases)

    def publish(self) -> None:
        """HR approves the feedback that names nobody and publishes."""
        with self.watch.lap("publishing", "results", len(self.people.candidates)), self.database.writing() as db:
            results.approve_all(db, self.config.keys, self.board)
            results.publish(db, self.config.keys, company.acting(db, self.people.hr), self.board)

    def archive(self) -> None:
        """The years pass, and HR destroys texts and names."""
        self.ahead += _YEARS
        with self.watch.lap("archiving", "submissions", len(self.people.candidates)):
            with self.database.writing() as db:
                archiving.archive(db, self.config.keys, company.acting(db, self.people.hr), self.board)
            archiving.finish(self.database, self.config.keys, self.board)

    def _tasks(self) -> int:
        return len(self.people.candidates) * len(self.policy.criteria) * self.policy.markers_per_answer

    def _hire(self, name: str, n: int) -> Member:
        with self.database.writing() as db:
            email = f"{self.label}.{name}@rehearsal.example".replace(" ", ".").replace("Ó", "o").lower()
            number = f"{self.label}{n:07d}"
            return company.hire(
                db, name=name, email=email, staff_no=number, password=password(), profile=self.config.profile
            )


def judge(marker: MarkerId, criterion: str, texts: tuple[str, ...]) -> Verdict:
    """A played marker: the text decides the mark, and her own leaning moves it by one now and then."""
    leaning = digest(marker + texts[0].encode())[0] % 4 - 1
    score = max(1, min(5, worth(texts) + (leaning if leaning < 2 else 0)))  # noqa: PLR2004 - one point up or down
    return Verdict(score, evidence_text(score))


def worth(texts: tuple[str, ...]) -> int:
    """What these texts are worth, before a marker's own leaning; the agreed mark of a seed."""
    return 1 + digest("".join(texts).encode())[0] % 5
