"""A board played by invented candidates of whom every particular, word and code can be recognised."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.blind.allocation.models import TaskRow
from panel.blind.submissions.models import SubmissionRow, TextCheckRow
from panel.blind.training import edition_queries
from panel.blindcheck.canaries import Canary, Kind, word
from panel.board.policy import Policy
from panel.kernel.clock import today
from panel.kernel.encoding import digest
from panel.kernel.ids import SubmissionRef
from panel.kernel.tables import SealedBase
from panel.named.courses import service as courses
from panel.named.register import service as register
from panel.playing import company
from panel.playing.applying import Application
from panel.playing.company import Member
from panel.playing.season import Season
from panel.playing.wording import answer_text, password

_ACCENTED: Final = "éöáüíç"
#: No code of ours may know the sealed room, but whoever owns the database reads its table.
_ENVELOPES: Final = "sealed.envelope"


@dataclass(frozen=True)
class Particulars:
    """All that says who one invented candidate is."""

    name: str
    preferred: str
    email: str
    staff_no: str
    collar_no: str
    phone: str
    station: str
    unit: str
    manager: str

    @classmethod
    def invent(cls, n: int) -> "Particulars":
        """A name with an apostrophe and a letter that is not ASCII, and the rest of words that occur nowhere else."""
        first, last = word().capitalize(), word().capitalize()
        return cls(
            name=f"{first}{_ACCENTED[n % len(_ACCENTED)]} O'{last}",
            preferred=word().capitalize(),
            email=f"{word()}.{word()}@{word()}.example",
            staff_no=f"{word(4).upper()}-{word(6).upper()}",
            collar_no=word(8).upper(),
            phone=f"+44 7700 {100_000 + secrets.randbelow(900_000)}",
            station=f"{word().capitalize()} Road",
            unit=f"{word().capitalize()} Unit",
            manager=f"{word().capitalize()} {word().capitalize()}",
        )

    def canaries(self, person: int) -> Iterator[Canary]:
        """Each of them as something to look for."""
        yield Canary(person, Kind.NAME, self.name)
        yield Canary(person, Kind.PREFERRED, self.preferred)
        yield Canary(person, Kind.EMAIL, self.email)
        yield Canary(person, Kind.USER_NAME, self.email.partition("@")[0])
        yield Canary(person, Kind.STAFF_NO, self.staff_no)
        yield Canary(person, Kind.COLLAR_NO, self.collar_no)
        yield Canary(person, Kind.PHONE, self.phone)
        yield Canary(person, Kind.STATION, self.station)
        yield Canary(person, Kind.UNIT, self.unit)
        yield Canary(person, Kind.MANAGER, self.manager)


@dataclass
class Planted(Season):
    """A season whose candidates are canaries. `words`: of each candidate, one for every answer."""

    label: str = "Blindcheck"
    particulars: list[Particulars] = field(default_factory=list)
    words: list[list[str]] = field(default_factory=list)

    def draft(self, criteria: int) -> None:
        """HR has begun to change a course, and recorded training face to face: there are pages about either."""
        super().draft(criteria)
        with self.database.writing() as db:
            course, hr = edition_queries.latest(db)[0].key, company.acting(db, self.people.hr)
            courses.take_up(db, course)
            register.record(db, hr, self.people.deputy.marker, course, today(), "An afternoon with the trainer.")

    def open(self) -> None:
        """If the rules say so, seeds are written as soon as the board is open."""
        super().open()
        with self.database.writing("blind") as db:
            self.write_seeds(db)

    def applicant(self, n: int) -> Member:
        """An account with invented particulars."""
        who = Particulars.invent(n)
        self.particulars.append(who)
        with self.database.writing() as db:
            return company.hire(
                db,
                name=who.name,
                email=who.email,
                staff_no=who.staff_no,
                password=password(),
                profile=self.config.profile,
                preferred_name=who.preferred,
            )

    def application(self, n: int, member: Member, policy: Policy) -> Application:
        """Every particular filled in, and a nonsense word in every answer."""
        who, words = self.particulars[n], [word() for _ in policy.questions]
        self.words.append(words)
        return Application(
            member,
            {
                each.key: f"{said}. {answer_text(each.key, n)}"
                for each, said in zip(policy.questions, words, strict=True)
            },
            station=who.station,
            unit=who.unit,
            other_names=who.preferred,
            collar_no=who.collar_no,
            phone=who.phone,
            manager=who.manager,
            known=super().application(n, member, policy).known,
        )

    def canaries(self) -> list[Canary]:
        """All that is to be looked for at this stage."""
        with self.database.reading() as db:
            return [*self._who(), *self._what(), *self._codes(db)]

    def _who(self) -> Iterator[Canary]:
        for n, (who, member) in enumerate(zip(self.particulars, self.people.candidates, strict=True)):
            yield from who.canaries(n)
            yield Canary(n, Kind.ACCOUNT, str(member.account))
            if code := self.codes.get(member.account):
                yield Canary(n, Kind.RECEIPT, str(code))

    def _what(self) -> Iterator[Canary]:
        return (Canary(n, Kind.ANSWER, said) for n, words in enumerate(self.words) for said in words)

    def _codes(self, db: Session) -> Iterator[Canary]:
        writers: dict[SubmissionRef, int] = {}
        for row in db.scalars(select(SubmissionRow).where(SubmissionRow.board == self.board)):
            found = [n for n, words in enumerate(self.words) if any(said in row.answers for said in words)]
            for n in found:
                writers[row.ref] = n
                yield Canary(n, Kind.REF, str(row.ref))
                yield Canary(n, Kind.DIGEST, row.answers_digest.hex())
                yield from [Canary(n, Kind.NUMBER, str(int(row.number)))] if row.number else []
        for task in db.scalars(select(TaskRow).where(TaskRow.ref.in_(writers))):
            yield Canary(writers[task.ref], Kind.TASK, str(task.code), holder=str(task.marker))
        for check in db.scalars(select(TextCheckRow).where(TextCheckRow.ref.in_(writers))):
            yield Canary(writers[check.ref], Kind.TEXT, str(check.code))
        for envelope in db.execute(select(SealedBase.metadata.tables[_ENVELOPES])):
            if envelope.ref in writers:
                yield Canary(writers[envelope.ref], Kind.DIGEST, digest(envelope.sealed).hex())
