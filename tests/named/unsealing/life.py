"""A board's whole life as a machine that tries anything at any time, and what must hold after every step."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import ClassVar

from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.strategies import SearchStrategy, sampled_from

from panel.board.lifecycle import Stage as At
from tests.named.unsealing import promises
from tests.named.unsealing.acts import Acts
from tests.named.unsealing.stage import Stage


def _of(count: int) -> SearchStrategy[int]:
    """One of so many, each as likely: a range would begin with its ends."""
    return sampled_from(range(count))


class Life(Acts, RuleBasedStateMachine):
    """Everybody does anything in any order; what the program refuses it refuses with a sentence, and nothing else."""

    #: Where a board is put for each life: its keyholders have proved their keys, or it is locked.
    begun: ClassVar[Callable[["Life", str], AbstractContextManager[Stage]]]

    @rule(usual=_of(5), lot=_of(60), n=_of(5), twist=_of(6))
    def somebody_acts(self, usual: int, lot: int, n: int, twist: int) -> None:
        """Mostly what belongs to the stage, else nothing would come of a board; and now and then anything at all."""
        acts = USUAL.get(self.held().stage, ANYTHING) if usual else ANYTHING
        acts[lot % len(acts)](self, n, twist)

    @initialize(point=sampled_from(["drafted", "locked"]))
    def begin_at(self, point: str) -> None:
        self.stack = ExitStack()
        self.stage = self.stack.enter_context(self.begun(point))
        self.codes = {}
        self.trained = self.handed = False
        self.furthest = At.DRAFT
        self.keyholders = list(self.stage.people.keyholders)
        if point == "drafted":
            self.stage.season.open()

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    @invariant()
    def what_is_promised_holds(self) -> None:
        promises.hold(self.stage)

    @invariant()
    def stages_go_forward(self) -> None:
        at = self.held().stage
        assert at is At.CANCELLED or at.reached(self.furthest)
        assert not (at is At.CANCELLED and self.furthest.reached(At.LOCKED))
        self.furthest = at if at is not At.CANCELLED else self.furthest


Act = Callable[[Life, int, int], None]
ANYTHING: tuple[Act, ...] = (
    Life.apply,
    Life.amend,
    Life.withdraw,
    Life.stand_down,
    Life.lock,
    Life.publish,
    Life.cancel,
    Life.propose_amendment,
    Life.confirm_amendment,
    Life.begin,
    Life.release,
    Life.abort,
    Life.time_passes,
    Life.hand_over,
    Life.open_early,
    Life.later_ceremony,
)
_MOVING: tuple[Act, ...] = (Life.forward, Life.forward, Life.open_early, Life.stand_down, Life.withdraw, Life.hand_over)
USUAL: dict[At, tuple[Act, ...]] = {
    At.OPEN: (Life.apply, Life.apply, Life.apply, Life.amend, Life.withdraw, Life.forward),
    At.CLOSED: _MOVING,
    At.MARKING: _MOVING,
    At.MODERATION: _MOVING,
    At.LOCKED: (
        *(Life.begin, Life.release, Life.release, Life.broken_off, Life.broken_off, Life.ceremony, Life.ceremony),
        *(
            Life.propose_amendment,
            Life.confirm_amendment,
            Life.abort,
            Life.time_passes,
            Life.hand_over,
            Life.open_early,
        ),
    ),
    At.UNSEALED: (
        *(Life.forward, Life.propose_amendment, Life.confirm_amendment, Life.release, Life.withdraw),
        *(Life.later_ceremony, Life.hand_over),
    ),
    At.PUBLISHED: (Life.forward, Life.confirm_amendment, Life.later_ceremony),
}
