"""Who must be present and what must match before names are opened, from plain facts. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from panel.audit.entry import Entry
from panel.board.lifecycle import Stage
from panel.kernel.encoding import Json, canonical, digest, words
from panel.kernel.errors import Invalid, Refused
from panel.kernel.ids import BoardId, CeremonyId, KeyholderId, Number
from panel.named.unsealing.occasion import Occasion, OtherCeremony
from panel.sealed.vault.opening import Unsound
from panel.sealed.vault.sharing import Purpose, Seat, Side

LASTS: Final = timedelta(days=7)
#: How many of the eight words a keyholder types to show which marks she means.
TYPED: Final = 2
#: As many numbers as a keyholder can be asked to type.
MOST_EXCEPTIONS: Final = 50
#: Log entries that overtake an open ceremony: what it was opened for is no longer what stands.
_OVERTAKING: Final = ("amendment.confirmed", "seat.handed_over", "envelope.opened_early")


class WrongWords(Invalid):
    """The words typed are not the first words of the locked marks."""

    sentence = "The words are not the first two words of the locked marks. Check them with the chair."


class WrongNumbers(Invalid):
    """The numbers typed are not those that the ceremony sets aside."""

    sentence = "Enter all the numbers that this ceremony sets aside, and no others."


class NotSpoilt(Invalid):
    """Only what a check has refused may be set aside: a sound envelope is never left out by choice."""

    sentence = "Select only numbers that a check has refused."


class TooManyAside(Invalid):
    """Every keyholder types the numbers: a list that nobody can type would stop every release."""

    sentence = f"Select {MOST_EXCEPTIONS} numbers or fewer. A ceremony cannot set aside more."


class SetAsideTogether(Invalid):
    """Of several numbers that name one person, a choice among them would be a choice of whom to hide."""

    sentence = "Select every number that check C8 refused together, or none of them."


class NobodyAside(Invalid):
    """Two tables of outcomes that differ by one person show what she answered."""

    sentence = "Outcomes are counted again with everybody or not at all. Select no numbers to set aside."


class PanelFirst(Refused):
    """The panel turns its key before the custodians."""

    sentence = "The chair or a deputy releases first. Nothing was released."


class AlreadyReleased(Refused):
    """This seat has done its part."""

    sentence = "Your share has been released for this ceremony already."


class Overtaken(Refused):
    """What the ceremony was begun for is no longer what stands."""

    sentence = "This ceremony was overtaken by a later change. Nothing was released. A custodian begins a new one."


class State(StrEnum):
    """Where a ceremony stands."""

    OPEN = "open"
    FINISHED = "finished"
    ABORTED = "aborted"


class Ending(StrEnum):
    """How a ceremony ended before the names were open."""

    ABORTED = "aborted"
    EXPIRED = "expired"
    OVERTAKEN = "overtaken"

    @property
    def kind(self) -> str:
        """The kind under which the log says so."""
        return f"ceremony.{self.value}"


class Act(StrEnum):
    """What a seat can do next."""

    RELEASE = "release"
    FINISH = "finish"
    WAIT = "wait"


@dataclass(frozen=True)
class Ceremony:
    """One ceremony: which locked marks, which state of the log, which numbers set aside, until when."""

    id: CeremonyId
    board: BoardId
    marks_root: bytes
    head_size: int
    head_root: bytes
    exceptions: tuple[Number, ...]
    opened_on: date
    expires_on: date
    state: State
    occasion: Occasion = Occasion.OPENING

    @property
    def facts(self) -> dict[str, Json]:
        """As the log says that it was begun. A first opening needs no word about what it is for."""
        later: dict[str, Json] = {"occasion": self.occasion.value} if self.occasion.later else {}
        return later | {
            "ceremony": str(self.id),
            "exceptions": [int(number) for number in self.exceptions],
            "head_root": self.head_root.hex(),
            "head_size": self.head_size,
            "marks_root": self.marks_root.hex(),
        }

    @property
    def purpose(self) -> Purpose:
        """What every release of this ceremony is bound to."""
        return Purpose(self.board, self.id, self.marks_root, self.head_root, digest(exceptions_text(self.exceptions)))

    @property
    def words(self) -> tuple[str, ...]:
        """The marks root as the eight words that people read to each other."""
        return words(self.marks_root)

    def running(self, today: date) -> bool:
        """Whether it may still be finished."""
        return self.state is State.OPEN and today <= self.expires_on


@dataclass(frozen=True)
class Standing:
    """How far a ceremony has come: which seats have released, and how many custodians it takes."""

    k: int
    panel: frozenset[int] = frozenset()
    custodians: frozenset[int] = frozenset()

    @property
    def panel_released(self) -> bool:
        """Whether the panel has turned its key."""
        return bool(self.panel)

    @property
    def needed(self) -> int:
        """How many more custodians must act, the finishing one included."""
        return max(self.k - len(self.custodians), 1)

    def act(self, seat: Seat) -> Act:
        """What the holder of a seat can do now."""
        if seat.side is Side.PANEL:
            return Act.WAIT if self.panel_released else Act.RELEASE
        if not self.panel_released:
            return Act.WAIT
        if len(self.custodians - {seat.number}) >= self.k - 1:
            return Act.FINISH
        return Act.WAIT if seat.number in self.custodians else Act.RELEASE

    def demand(self, seat: Seat, wanted: Act) -> None:
        """Raises PanelFirst or AlreadyReleased unless the seat may do that now."""
        if self.act(seat) is wanted:
            return
        if seat.side is Side.HR and not self.panel_released:
            raise PanelFirst
        raise AlreadyReleased


@dataclass(frozen=True)
class LoggedSeat:
    """A seat as the log has it: only this fingerprint may receive a share."""

    seat: Seat
    fingerprint: bytes


def exceptions_text(exceptions: Iterable[Number]) -> bytes:
    """The numbers set aside, in the form that is stored and digested."""
    return canonical(tuple(sorted(exceptions)))


def read_exceptions(kept: str) -> tuple[Number, ...]:
    """Read what `exceptions_text` wrote."""
    return tuple(Number(each) for each in json.loads(kept))


def check_choice(
    exceptions: Iterable[Number],
    last_refused: Mapping[Number, tuple[str, frozenset[Number]]],
    before: frozenset[Number] = frozenset(),
) -> None:
    """What may be set aside. `last_refused`: the last check that refused each number, with all that it refused then.

    A later check by which one number alone is refused parts it from the others: then it is its own envelope that is
    spoilt. `before`: what the unsealing set aside, which is no choice any more, and never refused alone again.
    Raises TooManyAside, NotSpoilt and SetAsideTogether.
    """
    chosen = frozenset(exceptions) - before
    if len(chosen | before) > MOST_EXCEPTIONS:
        raise TooManyAside
    if chosen - last_refused.keys():
        raise NotSpoilt
    known = chosen | before
    if any(check == "C8" and not together <= known for check, together in map(last_refused.__getitem__, chosen)):
        raise SetAsideTogether


def check_exceptions(exceptions: Iterable[Number], typed: str) -> None:
    """Exactly the numbers that the ceremony sets aside, in any order. Raises WrongNumbers."""
    if sorted(typed.replace(",", " ").split()) != sorted(str(int(number)) for number in exceptions):
        raise WrongNumbers


def demand_occasion(ceremony: Ceremony, read: str) -> None:
    """The ceremony is for what the keyholder's page said it is for. Raises OtherCeremony."""
    if ceremony.occasion.value != read:
        raise OtherCeremony


def check_words(marks_root: bytes, typed: str) -> None:
    """The first two words of the locked marks, in any case. Raises WrongWords."""
    if tuple(typed.lower().replace(",", " ").split()) != words(marks_root)[:TYPED]:
        raise WrongWords


def overtaken(ceremony: Ceremony, entries: Iterable[Entry]) -> str:
    """The kind of the last entry since the ceremony's head that ends it; empty if none does."""
    later = [entry.kind for entry in entries if entry.stored.seq >= ceremony.head_size and entry.kind in _OVERTAKING]
    return later[-1] if later else ""


def check_current(ceremony: Ceremony, today: date, *, stage: Stage, entries: Sequence[Entry]) -> None:
    """C1: the board is at its stage, the ceremony runs as it was begun, and nothing has overtaken its marks."""
    roots = [entry.facts.get("marks_root") for entry in entries if entry.kind == "board.locked"]
    same = roots[-1:] == [ceremony.marks_root.hex()] and _as_begun(ceremony, entries)
    if stage not in ceremony.occasion.stages or not ceremony.running(today) or not same or overtaken(ceremony, entries):
        raise Unsound("C1")


def _as_begun(ceremony: Ceremony, entries: Iterable[Entry]) -> bool:
    """Whether the log says, once, that a later ceremony was begun for what its row says: a release does not name that.

    Everything else that a row could be changed to, the releases are bound to, and so are all those of a first opening.
    """
    opened = [entry.facts for entry in entries if entry.kind == "ceremony.opened"]
    said = [dict(facts) for facts in opened if facts.get("ceremony") == str(ceremony.id)]
    return said == [ceremony.facts] or not ceremony.occasion.later


def check_log(ceremony: Ceremony, *, sound: bool, faulty: Sequence[int], signed: Mapping[int, bytes]) -> None:
    """C2: the log rebuilds, every signed head verifies, and the ceremony's head is one of them."""
    if not sound or faulty or signed.get(ceremony.head_size) != ceremony.head_root:
        raise Unsound("C2")


def check_marks(ceremony: Ceremony, recomputed: bytes) -> None:
    """C3: the marks in the tables are the marks of the ceremony."""
    if recomputed != ceremony.marks_root:
        raise Unsound("C3")


def check_amendments(*, logged: bool) -> None:
    """C3: and the changes of them are those of the log."""
    if not logged:
        raise Unsound("C3")


def check_seats(logged: Iterable[LoggedSeat], found: Mapping[Seat, bytes]) -> None:
    """C4: every seat of the log, and no other, with the key that the log names. `found`: seat → fingerprint."""
    wanted = {each.seat: each.fingerprint for each in logged}
    odd = {seat for seat in wanted.keys() | found.keys() if wanted.get(seat) != found.get(seat)}
    if odd:
        raise Unsound("C4", seats=sorted({f"{seat.side} {seat.number}" for seat in odd}))


def seat_of(logged: Iterable[LoggedSeat], keyholder: KeyholderId) -> Seat | None:
    """The seat that a keyholder has by the log."""
    return next((each.seat for each in logged if each.seat.keyholder == keyholder), None)
