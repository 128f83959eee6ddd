"""Ceremonies, keyholders and opened names as the named side reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.access.queries import holders, roles
from panel.access.roles import KEYHOLDERS, WITH_KEYS
from panel.audit import queries as audit
from panel.blind.submissions import queries as submissions
from panel.board import queries as boards
from panel.board.lifecycle import Fact, Stage
from panel.kernel.clock import today
from panel.kernel.ids import AccountId, BoardId, MarkerId, Number
from panel.named.unsealing import ceremony_queries, results_key, reveal
from panel.named.unsealing.ceremony import Act, Ceremony, Overtaken, Standing, State, read_exceptions
from panel.named.unsealing.models import CeremonyRow, RevealedRow
from panel.named.unsealing.occasion import Occasion
from panel.named.unsealing.reach import PROOF_LASTS, day
from panel.named.unsealing.results_key import NamesUnreadable
from panel.named.unsealing.reveal import Kept, NotRevealed, Revealed
from panel.sealed.vault import queries as vault
from panel.sealed.vault.queries import Keyholder, SeatCard
from panel.sealed.vault.sharing import Side


@dataclass(frozen=True)
class Progress:
    """What anyone near the ceremony may see: counts, roots and words; no list and no name.

    `overtaken`: the kind of the log entry by which the open ceremony counts for nothing any more, or empty.
    """

    stage: Stage
    submissions: int
    marks_root: bytes | None
    head: audit.Signed | None
    ceremony: Ceremony | None
    overtaken: str
    standing: Standing
    seat: SeatCard | None

    @property
    def unsealed(self) -> bool:
        """Whether the names are open."""
        return self.stage.reached(Stage.UNSEALED)

    @property
    def running(self) -> bool:
        """Whether a ceremony is open, has not expired, and is about what still stands."""
        return self.ceremony is not None and self.ceremony.running(today()) and not self.overtaken

    def demand_current(self) -> None:
        """Refuse what would be done for a ceremony that a later change has overtaken. Raises Overtaken."""
        if self.overtaken:
            raise Overtaken

    @property
    def act(self) -> Act | None:
        """What this person can do now; None for nothing."""
        if self.ceremony is None or not self.running or self.seat is None:
            return None
        if self.stage not in self.ceremony.occasion.stages:
            return None
        act = self.standing.act(self.seat.seat)
        return None if act is Act.WAIT else act


def keyholder(db: Session, account: AccountId) -> Keyholder | None:
    """The person's key pair, if she has enrolled."""
    return vault.keyholder_of(db, account)


def keyholder_facts(db: Session, board: BoardId) -> tuple[Fact, ...]:
    """Whether everyone who will hold a seat has proved her key within 90 days; names nobody."""
    people = {holder.account for holder in holders(db, board, *KEYHOLDERS)}
    found = vault.keyholders(db, people)
    proved = sum(1 for each in found.values() if lately_proved(each, today()))
    yes = f"{proved} of {len(people)} keyholders have proved their key since {day(since(today()))}."
    no = f"{yes} Custodians, chair and deputies must each become a keyholder and prove both ways to their key."
    met = bool(people) and proved == len(people)
    return (Fact("keyholders", met, yes if met else no),)


def lately_proved(holder: Keyholder, on: date) -> bool:
    """Whether the key was proved, by both ways as they are now, and unlocked within 90 days."""
    return holder.proved and not holder.untried and holder.used_on is not None and holder.used_on >= since(on)


def since(on: date) -> date:
    """The first day of the 90 days."""
    return on - PROOF_LASTS


def seats(db: Session, account: AccountId) -> dict[BoardId, SeatCard]:
    """The seats a person holds, by board."""
    return dict(vault.seats_of(db, account))


def open_ceremony(db: Session, board: BoardId, *, lock: bool = False) -> Ceremony | None:
    """The board's open ceremony, whether it has expired or not. With `lock` its row is held until the end."""
    query = select(CeremonyRow).where(CeremonyRow.board == board, CeremonyRow.state == State.OPEN.value)
    row = db.scalar(query.with_for_update() if lock else query)
    return None if row is None else _ceremony(row)


def in_ceremony(db: Session) -> tuple[BoardId, ...]:
    """The boards that have an open ceremony, expired or overtaken or not, by id."""
    query = select(CeremonyRow.board).where(CeremonyRow.state == State.OPEN.value)
    return tuple(db.scalars(query.order_by(CeremonyRow.board)))


def standing(db: Session, board: BoardId, ceremony: Ceremony | None) -> Standing:
    """How far the ceremony has come."""
    k = vault.quorum(db, board)
    released = vault.releases(db, ceremony.id) if ceremony else ()
    by_side = {side: frozenset(each.from_seat for each in released if each.side is side) for side in Side}
    return Standing(k, by_side[Side.PANEL], by_side[Side.HR])


def progress(db: Session, board: BoardId, account: AccountId) -> Progress:
    """What the status page shows this person. Raises Missing before the vault is founded."""
    held, ceremony = boards.board(db, board), open_ceremony(db, board)
    signed, mine = audit.signed_heads(db, board), vault.seats_of(db, account).get(board)
    return Progress(
        stage=held.stage,
        submissions=held.submissions or 0,
        marks_root=held.marks_root,
        head=_head(signed, ceremony),
        ceremony=ceremony,
        overtaken=ceremony_queries.overtaken_by(db, ceremony),
        standing=standing(db, board, ceremony),
        seat=None if mine is None or mine.lost else mine,
    )


def tries_left(db: Session, account: AccountId) -> int:
    """How many attempts at her key a person has left this hour."""
    return vault.tries_left(db, account)


def fellow_keyholders(db: Session, person: MarkerId) -> frozenset[AccountId]:
    """Everyone who holds a key, or is to hold one, on a board where this person does too; herself among them."""
    shared = {board for board, role in roles(db, person) if role in WITH_KEYS}
    return frozenset(holder.account for board in shared for holder in holders(db, board, *WITH_KEYS))


def tried_too_often(db: Session, board: BoardId) -> tuple[date, ...]:
    """The days on which the hour's attempts at a key of this board were used up, newest first; whose is not said."""
    accounts = [holder.account for holder in holders(db, board, *WITH_KEYS)]
    return vault.tried_too_often(db, accounts)


def revealed(db: Session, keys: Path, board: BoardId) -> tuple[Revealed, ...]:
    """Whose number is whose, by number; nobody before the unsealing. Raises NamesUnreadable, with the numbers."""
    query = select(RevealedRow).where(RevealedRow.board == board).order_by(RevealedRow.number)
    found = [_kept(row) for row in db.scalars(query)]
    if not found:
        return ()
    with results_key.reading(keys, board) as key:
        return _listed(key, board, found)


def proved(db: Session, keys: Path, board: BoardId) -> tuple[Revealed, ...]:
    """The same, held against the log: every name that was opened is there, or lost as it says, and its number's still.

    Who has the key could seal other names under it: they lead to another root than the log's. Raises NamesUnreadable.
    """
    listed, lost = revealed(db, keys, board), ceremony_queries.missing(db, board)
    now = len(listed) + len(lost), _names_root(db, keys, board, lost).hex()
    if now != ceremony_queries.opened_at_first(db, board):
        raise NamesUnreadable(board)
    return listed


def named(db: Session, board: BoardId) -> frozenset[Number]:
    """The numbers that have a name, without reading any; none before the unsealing."""
    query = select(RevealedRow.number).where(RevealedRow.board == board)
    return frozenset(db.scalars(query.order_by(RevealedRow.number)))


def revealed_to(db: Session, keys: Path, board: BoardId, account: AccountId) -> Revealed | None:
    """One candidate's own row, found without opening anybody else's; None before the unsealing, and once archived.

    Raises NamesUnreadable where names were opened and not all can be read: nobody is told that she has no result.
    """
    here = RevealedRow.board == board
    if db.scalar(select(RevealedRow.number).where(here).order_by(RevealedRow.number).limit(1)) is None:
        return None
    with results_key.reading(keys, board) as key:
        row = db.scalar(select(RevealedRow).where(here, RevealedRow.account_tag == reveal.account_tag(key, account)))
        if row is not None:
            return reveal.listed(key, board, _kept(row))
    # her own row may be the one that was changed, which no other row tells: before she is told that there is nothing
    # for her, each must be its owner's
    proved(db, keys, board)
    return None


def _names_root(db: Session, keys: Path, board: BoardId, lost: Mapping[Number, bytes]) -> bytes:
    rows = db.scalars(select(RevealedRow).where(RevealedRow.board == board).order_by(RevealedRow.number)).all()
    refs = {card.number: card.ref for card in submissions.cards(db, board)} if lost else {}
    gone = {n: reveal.named_leaf(board, n, refs[n], sealed) for n, sealed in lost.items() if n in refs}
    if not rows:
        return reveal.names_root(board, (), gone)
    with results_key.reading(keys, board) as key:
        return reveal.names_root(board, [reveal.reopened(key, board, _kept(row)) for row in rows], gone)


def _listed(key: bytes, board: BoardId, found: list[Kept]) -> tuple[Revealed, ...]:
    read, changed = [], []
    for kept in found:
        try:
            read.append(reveal.listed(key, board, kept))
        except NotRevealed:
            changed.append(kept)
    if changed:
        ours = any(results_key.opens(key, board, kept) for kept in found)
        raise NamesUnreadable(board, numbers=[kept.number for kept in changed] if ours else ())
    return tuple(read)


def _kept(row: RevealedRow) -> Kept:
    return Kept(row.number, row.account_tag, row.nonce, row.identity)


def _head(signed: tuple[audit.Signed, ...], ceremony: Ceremony | None) -> audit.Signed | None:
    """The head a ceremony is about, or else the newest."""
    about = [head for head in signed if ceremony is None or head.size == ceremony.head_size]
    return about[-1] if about else None


def _ceremony(row: CeremonyRow) -> Ceremony:
    return Ceremony(
        id=row.id,
        board=row.board,
        marks_root=row.marks_root,
        head_size=row.head_size,
        head_root=row.head_root,
        exceptions=read_exceptions(row.exceptions),
        opened_on=row.opened_on,
        expires_on=row.expires_on,
        state=State(row.state),
        occasion=Occasion(row.occasion),
    )
