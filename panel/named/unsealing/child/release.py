"""A keyholder's consent: her share, sealed again to the other custodians for one ceremony over these very marks."""

from panel.audit.service import append
from panel.kernel.encoding import Json
from panel.named.unsealing.ceremony import Act
from panel.named.unsealing.child.checks import ready, refusing
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.child.room import Room
from panel.sealed.vault import service
from panel.sealed.vault.envelope import seal
from panel.sealed.vault.opening import own_share
from panel.sealed.vault.sharing import Side, encode


def release(room: Room, request: Request) -> dict[str, Json]:
    """Open one's own share, hold it against the commitments, and seal it to every other custodian.

    The recipients' keys are those the log names (C4). Raises what unlocking and `ready` raise, and Unsound (C5).
    """
    _, pair = room.pair(request)
    with refusing(room, request), room.database.writing() as db:
        now = ready(db, room, request, Act.RELEASE)
        mine, vault = now.custody.mine, now.custody.founding.vault
        share = encode(own_share(pair, vault, mine.seat, mine.share_envelope))
        purpose = now.ceremony.purpose
        sealed = {
            card.seat.number: seal(
                card.public_key, purpose.info(mine.seat.side, mine.seat.number, card.seat.number), share
            )
            for card in now.custody.cards
            if card.seat.side is Side.HR and card.seat != mine.seat
        }
        service.release(db, request.board, now.ceremony.id, mine.seat, sealed)
        facts: dict[str, Json] = {
            "ceremony": str(now.ceremony.id),
            "side": mine.seat.side.value,
            "seat": mine.seat.number,
        }
        append(db, request.board, "ceremony.released", request.actor, request.role, facts)
    return {}
