"""A sitting for one envelope, as tests hold it: who types what, for which number, and what is known of it."""

from dataclasses import dataclass

from panel.blind.submissions import queries as blind
from panel.kernel.ids import Number, SubmissionRef
from panel.named.unsealing import early
from panel.named.unsealing.early_opening import open_early
from panel.named.unsealing.sitting import Sitting
from panel.playing.company import Member
from panel.sealed.vault import queries as vault
from tests.named.unsealing.stage import Stage
from tests.named.unsealing.tampering import submissions

WRONG = "abandon " * 8


@dataclass(frozen=True)
class Target:
    """The submission that is opened: the first by number, and who wrote it."""

    ref: SubmissionRef
    number: Number
    author: Member


def target(stage: Stage) -> Target:
    ref, number, _ = submissions(stage)[0]
    return Target(ref, Number(number), author(stage, ref))


def author(stage: Stage, ref: SubmissionRef) -> Member:
    """Who wrote a submission, as only a test can know."""
    with stage.database.reading() as db:
        text = next(iter(blind.shown_answers(db, ref).values()))
    return next(m for m in stage.people.candidates if text in stage.season.written[m.account].values())


def seat(stage: Stage, member: Member) -> str:
    with stage.database.reading() as db:
        return str(vault.seats_of(db, member.account)[stage.board].seat)


def box(stage: Stage, member: Member) -> str:
    """The name of a keyholder's box on the page."""
    return "passphrase_" + seat(stage, member).replace(" ", "_")


def quorum(stage: Stage) -> tuple[Member, ...]:
    return (*stage.people.custodians[:2], stage.people.chair)


def together(stage: Stage, *members: Member, **wrong: str) -> Sitting:
    """Their passphrases by seat; `wrong` by part: chair, deputy, first, second, third."""
    named = dict(zip(("first", "second", "third"), stage.people.custodians, strict=True))
    named |= {"chair": stage.people.chair, "deputy": stage.people.deputy}
    mistaken = {named[part]: typed for part, typed in wrong.items()}
    return Sitting({seat(stage, m): mistaken.get(m, stage.passphrase(m)) for m in members})


def ask(stage: Stage, number: int, sitting: Sitting | None = None, member: Member | None = None) -> None:
    asking = stage.acting(member or stage.people.custodians[0])
    sitting = sitting or together(stage, *quorum(stage))
    why = {"ground": "life", "reason": "A threat was made."}
    open_early(stage.database, stage.config, asking, stage.board, number=number, sitting=sitting, **why)


def name(stage: Stage, member: Member, number: Number) -> str:
    with stage.database.reading() as db:
        return early.name(db, stage.config.keys, stage.acting(member), stage.board, number).name


def left(stage: Stage, member: Member) -> int:
    """How many tries a keyholder has left this hour."""
    with stage.database.reading() as db:
        return vault.tries_left(db, member.account)
