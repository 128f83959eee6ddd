"""What the tables must still say of a board's close before a name is opened: C6 and C9, for all or for some numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from panel.audit import queries as audit
from panel.blind.submissions import queries as submissions
from panel.blind.submissions.queries import Card
from panel.kernel.encoding import Json
from panel.kernel.ids import BoardId, Number, SubmissionRef
from panel.named.intake import queries as intake
from panel.named.unsealing.as_closed import check_counts, check_lodged, check_roll
from panel.sealed.equality import queries as equality
from panel.sealed.vault import queries as vault
from panel.sealed.vault.opening import SealedRow


@dataclass(frozen=True)
class Lodged:
    """The close as the log has it, and every submission as the tables have it."""

    board: BoardId
    closed: Mapping[str, Json]
    cards: Mapping[SubmissionRef, Card]

    @classmethod
    def of(cls, db: Session, board: BoardId) -> "Lodged":
        """Read both."""
        closed = next(iter(audit.entries(db, board, "board.closed"))).facts
        return cls(board, closed, {card.ref: card for card in submissions.cards(db, board)})

    def numbers(self, exceptions: Iterable[Number] = ()) -> dict[SubmissionRef, Number]:
        """The number of every submission but those set aside."""
        aside = set(exceptions)
        return {ref: card.number for ref, card in self.cards.items() if card.number not in aside}

    def check_counts(self, db: Session, exceptions: Iterable[Number] = ()) -> None:
        """C9, and the roll of C6. Raises Unsound."""
        sealed = vault.refs(db, self.board), equality.refs(db, self.board)
        check_counts(self.closed, self.numbers(), tuple(exceptions), *sealed)
        check_roll(self.closed, intake.roll_root(db, self.board))

    def check_leaves(self, db: Session, proved: Mapping[SubmissionRef, Number]) -> None:
        """C6 for these submissions. Raises Unsound with the numbers of those that are not as they were."""
        check_lodged(self.closed, vault.lodged_leaves(db, self.board), intake.lodged_leaves(db, self.board), proved)

    def rows(self, db: Session, wanted: Mapping[SubmissionRef, Number]) -> list[SealedRow]:
        """The envelopes of these submissions beside what the blind side says of them."""
        return [
            SealedRow(row.ref, wanted[row.ref], self.cards[row.ref].answers_digest, row.format, row.sealed)
            for row in vault.envelopes(db, self.board)
            if row.ref in wanted
        ]
