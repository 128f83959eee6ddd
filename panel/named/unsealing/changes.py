"""What became of outcomes since they were counted by group, by number: from the locked list and what was amended."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from panel.audit import queries as audit
from panel.blind.merit import queries as merit
from panel.blind.merit.amendment import CONFIRMED, Standing
from panel.blind.merit.merit_list import Outcome
from panel.board.lifecycle import Stage
from panel.kernel.ids import BoardId, Number
from panel.named.monitoring.recounting import FEWEST, enough
from panel.named.unsealing import queries
from panel.named.unsealing.occasion import OPENED_AGAIN, Occasion
from panel.web.filters import plural

_NONE = "No result has changed since they were counted."
_ONCE = "They have been counted again, and a board’s outcomes are counted again only once."
_WHY = (
    f"They can be counted again once {FEWEST} results or more have changed in each direction in which any has: between "
    "two tables with fewer changes it could be worked out who answered what."
)


@dataclass(frozen=True)
class Changes:
    """Who of those whose names were opened passed when outcomes were counted, and who passes now.

    `again_on`: the day on which they were counted again, if they were.
    """

    before: frozenset[Number]
    now: frozenset[Number]
    again_on: date | None

    @property
    def gained(self) -> int:
        """How many pass now and did not."""
        return len(self.now - self.before)

    @property
    def lost(self) -> int:
        """How many passed and do not now."""
        return len(self.before - self.now)

    @property
    def may(self) -> bool:
        """Whether outcomes can be counted again. Only what everybody with the list knows decides it."""
        return self.again_on is None and enough(self.gained, self.lost)

    @property
    def sentence(self) -> str:
        """What has changed, and whether they can be counted again."""
        if not self.gained and not self.lost:
            return _NONE
        told = f"Since outcomes were first counted {plural(self.gained + self.lost, 'result')} changed: "
        told += f"{self.gained} to a pass, {self.lost} from one."
        return f"{told} {_ONCE}" if self.again_on else told if self.may else f"{told} {_WHY}"


def changes(db: Session, board: BoardId, named: frozenset[Number] | None = None) -> Changes:
    """Compare the list as it was counted at the unsealing with the list as it stands. Raises NotLogged.

    `named`: whose names were opened just now; else those that the table has, from which somebody may have taken one.
    """
    entries = audit.entries(db, board)
    counted = next((e.stored.seq for e in entries if e.kind == Stage.UNSEALED.entry), 0)
    first = sum(entry.kind == CONFIRMED and entry.stored.seq < counted for entry in entries)
    amended = merit.amendments(db, board)
    before, now = (merit.standings(db, board, some) for some in (amended[:first], amended))
    named = queries.named(db, board) if named is None else named
    again = [e.on for e in entries if (e.kind, e.facts.get("occasion")) == (OPENED_AGAIN, Occasion.RECOUNT.value)]
    return Changes(_passed(before) & named, _passed(now) & named, again[-1] if again else None)


def _passed(standings: tuple[Standing, ...]) -> frozenset[Number]:
    return frozenset(each.now.number for each in standings if each.now.outcome is Outcome.PASSED)
