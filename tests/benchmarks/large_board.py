"""A locked board of any size in an installation of its own: played as it should be, but for lodging and marking.

Those would take an hour one by one, so their rows are written together, with the envelopes that the real sealing makes.
Founding, close, scrub, stages, lock and ceremony are the service's own, so every check of the opening holds.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from panel import installation
from panel.audit.heads import Signer, sign_head
from panel.blind.marking.models import MarkRow
from panel.blind.merit import service as merit
from panel.blind.submissions import queries as submissions
from panel.blind.submissions.answers import stored
from panel.blind.submissions.models import SubmissionRow
from panel.board import service as board_service
from panel.board.lifecycle import MOVES, Fact, Readiness, Stage
from panel.board.queries import board as board_of
from panel.config import Config
from panel.kernel import clock, keyfiles
from panel.kernel.database import Database
from panel.kernel.encoding import digest, words
from panel.kernel.ids import AccountId, MarkerId, ReceiptCode, RollId, SubmissionRef
from panel.named.intake.draft import Details, Draft
from panel.named.intake.models import RollRow
from panel.named.intake.roots import code_tag
from panel.named.intake.split import split
from panel.named.unsealing import convening
from panel.named.unsealing.process import in_this_process
from panel.playing.company import Member, acting
from panel.playing.season import Season
from panel.playing.stopwatch import Stopwatch
from panel.playing.wording import answer_text, evidence_text, person_name
from panel.sealed.equality import answers as equality
from panel.sealed.equality.models import EqualityEnvelopeRow
from panel.sealed.vault import queries as vault
from panel.sealed.vault import service as vault_service
from panel.sealed.vault.custody import REHEARSAL, STANDARD, Kind, lock, unlock
from panel.sealed.vault.envelope import FORMAT, identity_info, seal
from panel.sealed.vault.models import EnvelopeRow

#: The season's clock starts so long ago and runs two days ahead in it: a child has a clock of its own.
_AGO: Final = timedelta(days=3)
#: Answers are no longer than they need be to be stored: none of them is opened or read by a ceremony.
_ANSWER: Final = 400
_MARKS: Final = 3

Rows = dict[type[Any], list[dict[str, Any]]]


@dataclass(frozen=True)
class LargeBoard:
    """A locked board with a ceremony that waits for its last custodian."""

    config: Config
    season: Season

    @property
    def last(self) -> Member:
        """Who opens the names."""
        return self.season.people.custodians[1]

    @cached_property
    def first_words(self) -> str:
        """The first two words of the locked marks."""
        with self.season.database.reading() as db:
            return " ".join(words(board_of(db, self.season.board).marks_root or b"")[:2])

    def release(self, member: Member) -> None:
        """One keyholder's consent, in a process of its own unless the caller says otherwise."""
        with self.season.database.reading() as db:
            person = acting(db, member)
        typed = {"words": self.first_words, "passphrase": self.season.passphrases.of(member)}
        convening.release(self.season.database, self.config, person, self.season.board, **typed)

    def begin(self) -> "LargeBoard":
        """Everything but the last custodian's act; from then on the installation is one with real settings."""
        opener = self.season.people.custodians[0]
        with self.season.database.reading() as db:
            person = acting(db, opener)
        passphrase = self.season.passphrases.of(opener)
        with in_this_process(self.config):
            convening.open_ceremony(self.season.database, self.config, person, self.season.board, passphrase=passphrase)
            self.release(self.season.people.chair)
            self.release(opener)
        self._harden(self.last)
        return replace(self, config=replace(self.config, profile=STANDARD.name))

    def _harden(self, member: Member) -> None:
        """Lock one keyholder's key as a real installation does: her child spends what it would spend there."""
        secret, pepper = self.season.passphrases.of(member).encode(), keyfiles.read(self.config.keys, keyfiles.PEPPER)
        with self.season.database.writing() as db:
            holder = vault.keyholder_of(db, member.account)
            assert holder is not None
            slot = vault.slot(db, holder.id, Kind.PASSPHRASE)
            seed = unlock(slot, secret, pepper, REHEARSAL)
            hard = lock(holder.id, Kind.PASSPHRASE, secret, seed=seed, profile=STANDARD, pepper=pepper)
            vault_service.keep_slot(db, hard)


def locked(config: Config, candidates: int) -> LargeBoard:
    """Make it, with keys that are cheap to unlock until `begin`."""
    config = replace(config, profile=REHEARSAL.name)
    installation.prepare(config)
    database = config.database()
    season = Season(config, database, Stopwatch(show=False), clock.now() - _AGO, label="Large")
    with clock.set_to(season.moment), in_this_process(config):
        season.hire(0, 4)
        season.draft(2)
        season.open()
        with database.writing() as db:
            _lodge(db, season, candidates)
        season.close()
        _mark(database, season)
        with database.writing() as db:
            root = merit.lock(db, season.board)
            _advance(db, season, Stage.LOCKED, "chair", {"marks_root": root.hex()}, marks_root=root)
    return LargeBoard(config, season)


def _lodge(db: Session, season: Season, candidates: int) -> None:
    """What a candidate's lodging writes, for all of them."""
    board, policy = season.board, season.policy
    public, policy_digest = vault.public_key(db, board)
    lodged: Rows = {RollRow: [], SubmissionRow: [], EnvelopeRow: [], EqualityEnvelopeRow: []}
    for n in range(candidates):
        account, ref = AccountId.new(), SubmissionRef.new()
        answers = {each.key: answer_text(each.key, n)[:_ANSWER] for each in policy.questions}
        details = Details(person_name("Large", n), f"candidate.{n}@rehearsal.example", f"L{n:07d}", station="", unit="")
        parts = split(board, account, ref, Draft(answers=answers, details=details, known=frozenset(), equality={}))
        identity = seal(public, identity_info(board, ref, policy_digest, parts.answers_digest), parts.identity)
        declined = seal(public, equality.info(board, ref, policy_digest), equality.plaintext(parts.equality))
        both = {"ref": ref, "board": board}
        lodged[RollRow].append({"id": RollId.new(), "board": board, "account": account, "state": "applied"})
        lodged[EnvelopeRow].append({**both, "format": FORMAT, "sealed": identity})
        lodged[EqualityEnvelopeRow].append({**both, "format": FORMAT, "sealed": declined})
        text = {"answers": stored(answers), "answers_digest": parts.answers_digest, "number": None, "state": "lodged"}
        lodged[SubmissionRow].append({**both, **text, "code_tag": code_tag(board, account, ReceiptCode.new())})
    for table, rows in lodged.items():
        db.execute(insert(table), rows)


def _mark(database: Database, season: Season) -> None:
    """Three marks alike on every answer, so that nothing is left to settle."""
    with database.writing() as db:
        _advance(db, season, Stage.MARKING, "hr")
        marked = [
            _given(season, ref, key, member.marker)
            for ref in submissions.numbers(db, season.board)
            for key in season.policy.keys
            for member in season.people.markers[:_MARKS]
        ]
        db.execute(insert(MarkRow), marked)
        _advance(db, season, Stage.MODERATION, "chair")


def _given(season: Season, ref: SubmissionRef, criterion: str, marker: MarkerId) -> dict[str, Any]:
    score = 1 + digest(ref + criterion.encode())[0] % 5
    said = {"score": score, "evidence": evidence_text(score), "position": 1, "version": 1, "signed": True}
    return {"ref": ref, "criterion": criterion, "marker": marker, "board": season.board, **said}


def _advance(
    db: Session, season: Season, to: Stage, role: str, facts: dict[str, Any] | None = None, **fixed: Any
) -> None:
    before, people = board_of(db, season.board).stage, season.people
    ready = Readiness(tuple(Fact(key, met=True, sentence="") for key in MOVES[before, to].demands))
    actor = people.hr if role == "hr" else people.chair
    board_service.advance(db, season.board, to, ready, actor.marker, role, facts, **fixed)
    sign_head(db, season.board, Signer.of(season.config.keys))
