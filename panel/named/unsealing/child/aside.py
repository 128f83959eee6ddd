"""What a ceremony sets aside is tried as well: it must be spoilt still, and what opens of it is forgotten at once."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Self

from sqlalchemy.orm import Session

from panel.kernel.ids import AccountId, Number, SubmissionRef
from panel.named.intake import queries as intake
from panel.named.unsealing.child.lodged import Lodged
from panel.sealed.equality import answers as equality
from panel.sealed.equality import queries as equality_rows
from panel.sealed.vault import queries
from panel.sealed.vault.envelope import KeyPair, Unopenable, unseal
from panel.sealed.vault.opening import Opened, Unsound, Vault, those_that_open


@dataclass(frozen=True)
class Aside:
    """The envelopes set aside that open, and the numbers of which everything is as it was lodged."""

    opened: tuple[Opened, ...] = field(repr=False)
    untouched: frozenset[Number]

    @classmethod
    def of(cls, db: Session, lodged: Lodged, key: KeyPair, vault: Vault, exceptions: Collection[Number]) -> Self:
        """Try them all; nothing is read again where nothing is set aside."""
        if not exceptions:
            return cls((), frozenset())
        refs = {ref: card.number for ref, card in lodged.cards.items() if card.number in set(exceptions)}
        kept, found = queries.lodged_leaves(db, vault.board), intake.lodged_leaves(db, vault.board)
        answered = equality_answers(db, key, vault, refs)
        untouched = {n for ref, n in refs.items() if ref in found and found[ref] == kept.get(ref)}
        unread = {n for n in untouched if answered.get(n) is None}
        return cls(those_that_open(key, vault, lodged.rows(db, refs)), frozenset(untouched - unread))

    def demand_spoilt(self, roll: Collection[AccountId], but: Collection[Number] = ()) -> None:
        """Something is wrong with each `but` these. Raises Unsound (C7) with the numbers of which that is not so.

        Two that hold one person were refused for that, and are set aside together, even if one is as it was lodged.
        """
        held, listed = Counter(one.identity.account for one in self.opened), Counter(roll)
        alone = [one for one in self.opened if held[one.identity.account] == listed[one.identity.account] == 1]
        sound = [one.number for one in alone if one.number in self.untouched and one.number not in but]
        if sound:
            raise Unsound("C7", sound)


def equality_answers(
    db: Session, key: KeyPair, vault: Vault, wanted: Mapping[SubmissionRef, Number]
) -> dict[Number, Mapping[str, str] | None]:
    """The equality answers of these submissions by number; None where an envelope is spoilt."""
    found: dict[Number, Mapping[str, str] | None] = {}
    for row in equality_rows.envelopes(db, vault.board):
        if row.ref in wanted:
            info = equality.info(vault.board, row.ref, vault.policy_digest)
            try:
                found[wanted[row.ref]] = equality.read(unseal(key, info, row.sealed, row.format))
            except (Unopenable, equality.NotAnswers):
                found[wanted[row.ref]] = None
    return found
