"""A small closed board for tests of allocation and marking: submissions, a qualified panel, a chair and a deputy."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from panel.access.models import RoleRow
from panel.access.roles import Role
from panel.blind.allocation import queries as allocation
from panel.blind.allocation.queries import Task
from panel.blind.allocation.service import allocate
from panel.blind.allocation.shortfall import Shortfall
from panel.blind.submissions.answers import answers_digest, stored
from panel.blind.submissions.models import SubmissionRow
from panel.blind.submissions.queries import numbers
from panel.blind.training.models import QualificationRow
from panel.board.lifecycle import Stage
from panel.board.models import BoardRow
from panel.board.policy import Criterion, Kind, Point, Policy, Scale
from panel.board.queries import Board
from panel.board.queries import board as read_board
from panel.kernel.clock import today
from panel.kernel.encoding import canonical
from panel.kernel.ids import BoardId, MarkerId, Number, SubmissionRef

EVIDENCE = "Names the risk, acts on it and checks that it lasted."

POLICY = Policy(
    title="Inspector 2026",
    rank="Inspector",
    criteria=(
        Criterion("courage", Kind.VALUE, "Courage", whole=True, descriptors=("Says what must be said.",)),
        Criterion(
            "we-take-ownership",
            Kind.COMPETENCY,
            "We take ownership",
            question="Tell us about a time when you put something right that was not your fault.",
            word_limit=300,
            level=2,
            level_name="Supervisor",
            descriptors=("Puts right what has gone wrong.", "Says who will do what by when."),
        ),
        Criterion(
            "we-collaborate",
            Kind.COMPETENCY,
            "We collaborate",
            question="Tell us how you brought another organisation into your work.",
            word_limit=300,
            level=2,
            level_name="Supervisor",
            descriptors=("Shares what others need to know.",),
        ),
    ),
    scale=Scale(tuple(Point(n, f"Label {n}", f"What an answer worth {n} looks like.") for n in range(5))),
)

QUESTIONS = ("we-take-ownership", "we-collaborate")


@dataclass
class Scene:
    """The board and everybody on it, by their ids."""

    db: Session
    board_id: BoardId = field(default_factory=BoardId.new)
    policy: Policy = POLICY
    chair: MarkerId = field(default_factory=MarkerId.new)
    deputy: MarkerId = field(default_factory=MarkerId.new)
    hr: MarkerId = field(default_factory=MarkerId.new)
    markers: list[MarkerId] = field(default_factory=list)
    refs: list[SubmissionRef] = field(default_factory=list)

    @classmethod
    def closed(cls, db: Session, *, candidates: int = 6, markers: int = 5, policy: Policy = POLICY) -> "Scene":
        """A closed board whose panel may mark."""
        scene = cls(db, policy=policy, refs=[SubmissionRef.new() for _ in range(candidates)])
        db.add(scene._row(candidates))
        scene._hold(scene.chair, Role.CHAIR)
        scene._hold(scene.deputy, Role.DEPUTY)
        scene._hold(scene.hr, Role.HR)
        for _ in range(markers):
            scene.join()
        for n, number in enumerate(Number.deal(candidates)):
            db.add(scene._submission(n, number))
        db.flush()
        return scene

    @classmethod
    def marking(cls, db: Session, *, candidates: int = 6, markers: int = 5, policy: Policy = POLICY) -> "Scene":
        """The same board, allocated and in marking."""
        scene = cls.closed(db, candidates=candidates, markers=markers, policy=policy)
        scene.begin()
        return scene

    @property
    def board(self) -> Board:
        return read_board(self.db, self.board_id)

    def join(self, *, qualified: bool = True) -> MarkerId:
        """Add a panel member."""
        marker = MarkerId.new()
        self._hold(marker, Role.MARKER)
        self.markers.append(marker)
        if qualified:
            self.qualify(marker)
        return marker

    def qualify(self, marker: MarkerId, *criteria: str) -> None:
        """Let a panel member mark these criteria of this board, or all."""
        for key in criteria or self.policy.keys:
            self.db.add(QualificationRow(board=self.board_id, marker=marker, criterion=key, granted_on=today()))
        self.db.flush()

    def begin(self) -> Shortfall:
        """Allocate and move to marking."""
        shortfall = allocate(self.db, self.board_id, self.hr)
        self.move(Stage.MARKING)
        return shortfall

    def move(self, stage: Stage) -> None:
        """Put the board in a stage, without the facts a real move demands."""
        self.db.get_one(BoardRow, self.board_id).stage = stage.value
        self.db.flush()

    def tasks(self, marker: MarkerId, criterion: str | None = None) -> list[Task]:
        """A marker's tasks, or those for one criterion."""
        own = allocation.tasks(self.db, self.board_id, marker)
        return [task for task in own if criterion in {None, task.criterion}]

    def dealt(self) -> list[Number]:
        """The numbers dealt to the submissions."""
        return list(numbers(self.db, self.board_id).values())

    def answer(self, ref: SubmissionRef, criterion: str) -> str:
        """What this scene's candidate wrote."""
        return f"Submission {self.refs.index(ref)} on {criterion}: I called the depot and put it right."

    def _hold(self, marker: MarkerId, role: Role) -> None:
        self.db.add(RoleRow(marker=marker, board=self.board_id, role=role.value))

    def _row(self, candidates: int) -> BoardRow:
        return BoardRow(
            id=self.board_id,
            title=self.policy.title,
            stage=Stage.CLOSED.value,
            policy=canonical(self.policy.to_json()).decode(),
            policy_digest=self.policy.digest,
            draw=secrets.token_bytes(32),
            submissions=candidates,
        )

    def _submission(self, n: int, number: Number) -> SubmissionRow:
        answers = {key: self.answer(self.refs[n], key) for key in QUESTIONS}
        return SubmissionRow(
            ref=self.refs[n],
            board=self.board_id,
            number=number,
            answers=stored(answers),
            answers_digest=answers_digest(answers),
            code_tag=secrets.token_bytes(32),
        )


def everybody(scene: Scene, markers: Iterable[MarkerId] | None = None) -> list[Task]:
    """The tasks of all markers, or of these."""
    return [task for marker in markers or scene.markers for task in scene.tasks(marker)]
