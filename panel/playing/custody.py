"""Keyholders enrol, the board opens, and at the end the names: each through the same verbs as the pages."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from panel.board.queries import board as board_of
from panel.config import Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.encoding import words
from panel.kernel.ids import AccountId, BoardId
from panel.named.unsealing import convening, keyholding, service
from panel.named.unsealing.keyholding import Sheet
from panel.playing.company import Company, Member, acting

#: A board opens when every key was proved within ninety days; sixty leave room.
_LATELY: Final = timedelta(days=60)


@dataclass
class Passphrases:
    """What each keyholder wrote down. A real installation holds this nowhere."""

    sheets: dict[AccountId, Sheet] = field(default_factory=dict)
    proved: dict[AccountId, date] = field(default_factory=dict)

    def of(self, member: Member) -> str:
        """One keyholder's passphrase."""
        return self.sheets[member.account].passphrase


def become_keyholders(database: Database, config: Config, members: Iterable[Member], known: Passphrases) -> None:
    """Enrol everybody who has no key yet, and prove every key not proved lately. Their parts must have been given."""
    for member in members:
        if clock.today() - known.proved.get(member.account, date.min) < _LATELY:
            continue
        with database.reading() as db:
            person = acting(db, member)
        if member.account not in known.sheets:
            known.sheets[member.account] = keyholding.enrol(database, config, person)
        sheet = known.sheets[member.account]
        keyholding.prove(database, config, person, passphrase=sheet.passphrase, recovery=sheet.recovery)
        known.proved[member.account] = clock.today()


def open_board(database: Database, config: Config, company: Company, board: BoardId) -> None:
    """HR opens the board, which founds its vault."""
    with database.reading() as db:
        hr = acting(db, company.hr)
    service.open_board(database, config, hr, board)


def lock(database: Database, config: Config, chair: Member, board: BoardId) -> bytes:
    """The chair signs the lock; returns the marks root."""
    with database.writing() as db:
        return service.lock(db, config, acting(db, chair), board)


def begin_ceremony(
    database: Database, config: Config, company: Company, board: BoardId, known: Passphrases, *, releases: int
) -> None:
    """A custodian opens the ceremony; then panel and custodians release, as many as `releases` says."""
    opener = company.custodians[0]
    with database.reading() as db:
        person = acting(db, opener)
    convening.open_ceremony(database, config, person, board, passphrase=known.of(opener))
    for member in (company.chair, *company.custodians)[:releases]:
        _release(database, config, member, board, known)


def unseal(database: Database, config: Config, company: Company, board: BoardId, known: Passphrases) -> None:
    """The whole ceremony: opened, released by the panel, then by as many custodians as the rules ask for."""
    with database.reading() as db:
        quorum = board_of(db, board).policy.custody.k
    begin_ceremony(database, config, company, board, known, releases=1 + quorum)


def _release(database: Database, config: Config, member: Member, board: BoardId, known: Passphrases) -> None:
    with database.reading() as db:
        person, root = acting(db, member), board_of(db, board).marks_root
    first = " ".join(words(root or b"")[:2])
    convening.release(database, config, person, board, words=first, passphrase=known.of(member))
