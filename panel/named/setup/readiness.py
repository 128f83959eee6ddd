"""The facts that each move of a board demands, from plain numbers and dates, with what is still to do. Pure.

`board/lifecycle.py` refuses a move whose facts are missing or unmet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from panel.blind.training.seeds import Need, missing
from panel.board.completeness import problems
from panel.board.lifecycle import Fact, Readiness
from panel.board.policy import Policy

#: Fewer submissions than this, and knowing who applied goes far towards knowing who wrote what.
WEAK_BELOW: Final = 5


@dataclass(frozen=True)
class People:
    """How many hold each part, and what is wrong with who holds which."""

    chairs: int
    deputies: int
    markers: int
    custodians: int
    clashes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Closed:
    """A closed board as marking finds it. `leaders_left` counts chair and deputies whom no candidate declared.

    `qualified`: how many panel members may mark the criterion for which the fewest may.
    """

    submissions: int
    scrubbed_on: date | None
    backups_destroyed_on: date | None
    acknowledged_on: date | None
    qualified: int
    texts_open: int
    leaders_left: int
    seeds: tuple[Need, ...] = ()


def opening(
    policy: Policy,
    *,
    described: bool,
    people: People,
    deadline: datetime | None,
    now: datetime,
    keyholders: Sequence[Fact],
) -> Readiness:
    """draft → open. `described`: the framework is here, unchanged, and says what to look for in every criterion."""
    ahead = deadline is not None and deadline > now
    return Readiness(
        (
            *_all("policy", problems(policy), "The rules are complete."),
            _fact("framework", described, "The framework is loaded, with its descriptors.", _DESCRIPTORS),
            _fact("deadline", ahead, "The deadline lies ahead.", "Set a deadline that lies ahead."),
            _fact("leaders", people.chairs == 1, "There is a chair.", "Appoint the chair."),
            _fact("leaders", people.deputies > 0, "There is a deputy.", "Appoint at least one deputy."),
            _markers(people.markers, policy.markers_per_answer + 1),
            *_custodians(people.custodians, policy.custody.n),
            *keyholders,
            _duties(people.clashes),
        )
    )


def marking(policy: Policy, board: Closed, clashes: Sequence[str]) -> Readiness:
    """closed → marking."""
    enough = board.qualified > policy.markers_per_answer
    wanted = f"At least {policy.markers_per_answer + 1} panel members must be trained and qualified for each criterion"
    return Readiness(
        (
            _fact("scrubbed", board.scrubbed_on is not None, "The traces of who applied when are removed.", _SCRUB),
            _fact(
                "backups",
                board.backups_destroyed_on is not None,
                "Backups from before the close are destroyed.",
                _BACKUPS,
            ),
            _fact(
                "qualified",
                enough,
                f"{board.qualified} panel members are qualified for each criterion.",
                f"{wanted}: {board.qualified} are.",
            ),
            _fact("texts", not board.texts_open, _TEXTS, _texts(board.texts_open)),
            *_seeds(board.seeds),
            _few(board),
            _fact("leader_free", board.leaders_left > 0, "The chair or a deputy can decide every case.", _LEADERS),
            _duties(clashes),
        )
    )


def moderation(*, waiting: int, texts: int, clashes: Sequence[str], paused: int | None = None) -> Readiness:
    """marking → moderation. `waiting`: marks still owed. `texts`: flagged since, and not decided.

    `paused`: panel members out of tolerance on their seeds; None where the rules ask for no seeds.
    """
    marks = _fact("marked", not waiting, "Every answer has its marks.", f"Wait for the marks still owed: {waiting}.")
    return Readiness(
        (marks, _fact("texts", not texts, _TEXTS, _texts(texts)), *_within_tolerance(paused), _duties(clashes))
    )


def locking(*, unsettled: int, clashes: Sequence[str]) -> Readiness:
    """moderation → locked. `unsettled`: answers whose marks still need an agreed score."""
    open_answers = f"Agree a score for the answers still open: {unsettled}."
    return Readiness((_fact("settled", not unsettled, "Every answer has its score.", open_answers), _duties(clashes)))


_DESCRIPTORS: Final = (
    "Load the framework’s descriptors for every criterion at its level: markers need to see what to look for."
)
_TEXTS: Final = "Every text check is settled."
_SCRUB: Final = "Remove the traces of who applied when from the database’s files."
_BACKUPS: Final = "Destroy every backup made before the board closed, then record it."
_LEADERS: Final = "Candidates have declared both chair and deputy, so nobody is left to decide. Cancel this board."


def _few(board: Closed) -> Fact:
    if board.submissions == 0:
        return _fact("few", False, "", "Nobody has applied, so there is nothing to mark. Cancel this board.")  # noqa: FBT003
    weak = board.submissions < WEAK_BELOW and board.acknowledged_on is None
    missing = f"There are fewer than {WEAK_BELOW} submissions, so blindness is weak. Say that you go on knowing this."
    accepted = board.submissions < WEAK_BELOW
    met = "Few submissions: the weak blindness is acknowledged." if accepted else "There are enough submissions."
    return _fact("few", not weak, met, missing)


def _seeds(needs: tuple[Need, ...]) -> tuple[Fact, ...]:
    return _all("seeds", missing(needs), "Every question has its seeds.") if needs else ()


def _within_tolerance(paused: int | None) -> tuple[Fact, ...]:
    if paused is None:
        return ()
    waiting = f"Coach the panel members whose marking is paused, then let them go on: {paused}."
    return (_fact("seeds", not paused, "Nobody is paused: seeds are within tolerance.", waiting),)


def _texts(count: int) -> str:
    return f"The chair or a deputy must settle the text checks still open: {count}."


def _markers(count: int, wanted: int) -> Fact:
    missing = f"Appoint at least {wanted} panel members, one more than mark each answer: there are {count}."
    return _fact("markers", count >= wanted, f"There are {count} panel members.", missing)


def _custodians(count: int, wanted: int) -> tuple[Fact, ...]:
    missing = f"The rules say {wanted} custodians: there are {count}."
    return () if count == wanted else (Fact("policy", met=False, sentence=missing),)


def _duties(clashes: Sequence[str]) -> Fact:
    return _fact("duties", not clashes, "Nobody holds two parts that exclude each other.", " ".join(clashes))


def _all(key: str, missing: Sequence[str], met: str) -> tuple[Fact, ...]:
    return tuple(Fact(key, met=False, sentence=each) for each in missing) or (Fact(key, met=True, sentence=met),)


def _fact(key: str, met: bool, yes: str, no: str) -> Fact:
    return Fact(key, met, yes if met else no)
