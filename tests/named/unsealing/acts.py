"""What everybody on a board may try, at any time: done, or refused with a sentence."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.blind.merit import amending
from panel.blind.merit import queries as merit
from panel.blind.merit.amending import Change
from panel.blind.submissions.models import SubmissionRow
from panel.board.lifecycle import Stage as At
from panel.board.queries import Board
from panel.board.queries import board as board_of
from panel.kernel import keyfiles
from panel.kernel.encoding import words
from panel.kernel.errors import Missing, PanelError
from panel.kernel.ids import ReceiptCode
from panel.named.intake import drafting
from panel.named.intake import service as intake
from panel.named.intake.draft import Details
from panel.named.results import service as results
from panel.named.unsealing import convening
from panel.named.unsealing.cancelling import cancel
from panel.named.unsealing.occasion import Occasion
from panel.playing import applying
from panel.playing.applying import Application
from panel.playing.company import Member
from panel.playing.wording import answer_text
from panel.sealed.vault import queries as vault
from panel.sealed.vault.sharing import Side
from tests.named.unsealing import sitting, succession
from tests.named.unsealing.stage import CANDIDATES, Stage

WRONG = "abandon " * 8


class Acts:
    """Each act takes who does it, by place, and a twist that makes some of them wrong."""

    stage: Stage
    codes: dict[int, ReceiptCode]
    #: Three custodians, the chair and the deputy, or who took their seats.
    keyholders: list[Member]
    trained: bool
    handed: bool
    #: How often each act succeeded, over all examples: a machine that is always refused shows nothing.
    done: ClassVar[dict[str, int]]

    def attempt(self, name: str, act: Callable[[], Any]) -> Any:
        """It succeeds, or is refused with a sentence."""
        self.done["tries"] = self.done.get("tries", 0) + 1
        with suppress(PanelError):
            found = act()
            self.done[name] = self.done.get(name, 0) + 1
            return found
        return None

    def held(self) -> Board:
        with self.stage.database.reading() as db:
            return board_of(db, self.stage.board)

    def writing(self, act: Callable[[Session], Any]) -> Callable[[], Any]:
        def whole() -> Any:
            with self.stage.database.writing() as db:
                return act(db)

        return whole

    def candidate(self, n: int) -> Member:
        return self.stage.people.candidates[n % CANDIDATES]

    def code(self, n: int) -> ReceiptCode:
        """Her code; one of no use if she has none."""
        return self.codes.get(n % CANDIDATES) or ReceiptCode.new()

    def application(self, n: int, tail: str = "") -> Application:
        policy = self.stage.season.policy
        answers = {each.key: answer_text(each.key, n) + tail for each in policy.questions}
        return Application(self.candidate(n), answers)

    # what candidates do

    def apply(self, n: int, twist: int) -> None:
        season = self.stage.season
        args = self.stage.config.keys, season.board, season.policy, self.application(n)
        code = self.attempt("apply", self.writing(lambda db: applying.apply(db, *args)))
        self.codes[n % CANDIDATES] = code or self.code(n)

    def amend(self, n: int, twist: int) -> None:
        self.attempt("amend", self.writing(lambda db: self._amend(db, n)))

    def _amend(self, db: Session, n: int) -> None:
        member, board, keys = self.candidate(n), self.stage.board, self.stage.config.keys
        person, code = self.stage.acting(member), self.code(n)
        intake.amend(db, keys, person, board, code)
        about, answers = Details(member.name, member.email, member.staff_no), self.application(n, " Again.").answers

        def again(draft: drafting.Draft) -> drafting.Draft:
            for key, text in answers.items():
                draft = draft.answered(key, draft.version(key), text)
            draft = draft.detailed(draft.version("Details"), about)
            draft = draft.knowing(draft.version("Known"), frozenset())
            return draft.equal(draft.version("Equality"), {})

        draft = drafting.save(db, keys, person, board, again)
        intake.submit(db, keys, person, board, draft.edition, code)

    def withdraw(self, n: int, twist: int) -> None:
        person, code = self.stage.acting(self.candidate(n)), self.code(n)
        self.attempt("withdraw", self.writing(lambda db: intake.withdraw(db, person, self.stage.board, code)))

    def stand_down(self, n: int, twist: int) -> None:
        person = self.stage.acting(self.candidate(n))
        self.attempt("stand down", self.writing(lambda db: intake.stand_down(db, person, self.stage.board)))

    # the stages

    def forward(self, n: int, twist: int) -> None:
        """Whatever the present stage waits for."""
        season, at = self.stage.season, self.held().stage
        steps: dict[At, Iterable[Callable[[], object]]] = {
            At.OPEN: (season.close,),
            At.CLOSED: (self._train, season.start_marking),
            At.MARKING: (season.mark, season.start_moderation),
            At.MODERATION: (season.settle, season.lock),
            At.UNSEALED: (season.publish,),
            At.PUBLISHED: (season.archive,),
        }
        self.attempt(f"from {at}", lambda: [step() for step in steps.get(at, ())])

    def _train(self) -> None:
        if not self.trained:
            self.stage.season.train()
            self.trained = True

    def lock(self, n: int, twist: int) -> None:
        self.attempt("lock", self.stage.season.lock)

    def publish(self, n: int, twist: int) -> None:
        config, hr = self.stage.config, self.stage.acting(self.stage.people.hr)
        self.attempt("publish", self.writing(lambda db: results.publish(db, config.keys, hr, self.stage.board)))

    def cancel(self, n: int, twist: int) -> None:
        if twist == 0:
            hr = self.stage.acting(self.stage.people.hr)
            args = self.stage.database, self.stage.config, hr, self.stage.board
            self.attempt("cancel", lambda: cancel(*args, reason="withdrawn"))

    # the locked list, put right

    def propose_amendment(self, n: int, twist: int) -> None:
        self.attempt(
            "propose", lambda: self._propose(Change(max(twist, 1), "Two marks were read in the wrong order."), n)
        )

    def _propose(self, change: Change, place: int) -> None:
        with self.stage.database.writing("blind") as db:
            found = merit.merit_list(db, self.stage.board)
            if place >= len(found):
                raise Missing
            chair, key = self.stage.acting(self.stage.people.chair), self.stage.season.policy.keys[0]
            amending.propose(db, self.stage.board, chair, found[place].number, key, change)

    def confirm_amendment(self, n: int, twist: int) -> None:
        self.attempt("confirm", self._confirm)

    def _confirm(self) -> None:
        with self.stage.database.writing("blind") as db:
            deputy = self.stage.acting(self.stage.people.deputy)
            waiting = merit.proposals(db, self.stage.board)
            if not waiting:
                raise Missing
            each = waiting[0]
            amending.confirm(db, self.stage.board, deputy, each.number, each.criterion, each.seen)

    # the vault

    def begin(self, n: int, twist: int) -> None:
        self.attempt("begin", lambda: self.stage.begin(self.keyholders[n]))

    def release(self, n: int, twist: int) -> None:
        typed = ({"words": "wrong words"}, {"passphrase": WRONG}, {}, {}, {}, {})[twist]
        before = self.stage.log()
        act = self.attempt("release", lambda: self.consent(self.keyholders[n], typed))
        assert not typed or (act is None and self.stage.log() == before)

    def ceremony(self, n: int, twist: int) -> None:
        """Begun and released for in one go, unless it is already: else few boards would be unsealed at all."""
        self.begin(0, twist)
        self.release_all(n, twist)

    def release_all(self, n: int, twist: int) -> None:
        """The panel, then custodians, one after the other: alone they seldom meet."""
        for member in (self.keyholders[3], *self.keyholders[:2]):
            self.attempt("release", partial(self.consent, member))

    def consent(self, member: Member, typed: Mapping[str, str] = MappingProxyType({})) -> object:
        progress = self.stage.progress()
        root, ceremony = progress.marks_root, progress.ceremony
        right = {
            "words": " ".join(words(root)[:2]) if root else "none yet",
            "passphrase": self.stage.passphrase(member),
            "occasion": (ceremony.occasion if ceremony else Occasion.OPENING).value,
        }
        person = self.stage.acting(member)
        return convening.release(self.stage.database, self.stage.config, person, self.stage.board, **right | typed)

    def broken_off(self, n: int, twist: int) -> None:
        """The panel has released, and something ends the ceremony."""
        self.begin(0, twist)
        self.release(3, 2)
        (self.abort, self.time_passes, self.hand_over, self.open_early)[twist % 4](n, twist % 2)

    def later_ceremony(self, n: int, twist: int) -> None:
        """The envelopes are opened once more; for nothing, unless the key to the names is lost."""
        keys, name = self.stage.config.keys, keyfiles.results(self.stage.board)
        if twist and keyfiles.exists(keys, name):
            keyfiles.destroy(keys, name)
        occasion = Occasion.LOST_KEY if twist else Occasion.RECOUNT
        self.attempt(f"begin for {occasion}", lambda: self.stage.begin(self.keyholders[0], occasion=occasion))
        self.release_all(n, twist)

    def abort(self, n: int, twist: int) -> None:
        person = self.stage.acting(self.keyholders[n])
        self.attempt("abort", self.writing(lambda db: convening.abort(db, person, self.stage.board)))

    def time_passes(self, n: int, twist: int) -> None:
        if self.held().stage.reached(At.LOCKED):
            self.stage.season.ahead += timedelta(days=1 if twist else 8)
            self.attempt("expire", self.writing(convening.close_expired))

    def hand_over(self, n: int, twist: int) -> None:
        if not self.handed:
            self.attempt("hand over", lambda: self._hand_over(n))

    def _hand_over(self, n: int) -> None:
        side = Side.HR if n < len(self.stage.people.custodians) else Side.PANEL
        new = succession.successor(self.stage, side)
        self.handed = True
        succession.hand_over(self.stage, self.keyholders[n], new)
        self.keyholders[n] = new

    def open_early(self, n: int, twist: int) -> None:
        present = [*self.keyholders[:2], self.keyholders[3]] if twist else self.keyholders[:2]
        act = self.attempt("open early", lambda: self._open_early(n, present))
        assert twist or act is None

    def _open_early(self, place: int, present: list[Member]) -> bool:
        with self.stage.database.reading() as db:
            if not vault.seats(db, self.stage.board):
                raise Missing  # archived or cancelled: there is nobody to sit down
            query = select(SubmissionRow.number).where(SubmissionRow.board == self.stage.board)
            numbers = sorted(number for number in db.scalars(query) if number)
        number = int(numbers[place]) if place < len(numbers) else 100_000
        sitting.ask(self.stage, number, sitting.together(self.stage, *present), present[0])
        return True
