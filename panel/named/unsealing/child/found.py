"""Founding: the board's key is made, split among its keyholders and forgotten, and the board opens."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from panel.access.queries import holders
from panel.access.roles import Role
from panel.audit.heads import sign_head
from panel.board import service as board_service
from panel.board.lifecycle import NotReady, Readiness, Stage
from panel.board.policy import Policy
from panel.kernel import keyfiles
from panel.kernel.encoding import Json
from panel.kernel.ids import AccountId, BoardId
from panel.named.setup.facts import readiness
from panel.named.unsealing.ceremony import LoggedSeat
from panel.named.unsealing.child.logged_keys import demand_logged
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.child.room import Room
from panel.named.unsealing.founding import Founding
from panel.named.unsealing.queries import keyholder_facts
from panel.sealed.vault import queries, service
from panel.sealed.vault.envelope import KeyPair, seal, unseal
from panel.sealed.vault.opening import WHOLE, Vault, board_key
from panel.sealed.vault.queries import Keyholder
from panel.sealed.vault.sharing import PIECE, Seat, Share, Sharing, Side, commit, encode, xor

_TRIAL = b"trial"


@dataclass(frozen=True)
class _Split:
    """A fresh board key in shares. It exists for about a millisecond, here."""

    vault: Vault
    shares: Mapping[Seat, Share]


def found(room: Room, request: Request) -> dict[str, Json]:
    """Open a draft board: make its key, seal the shares to the keyholders, and forget it.

    Raises WrongStage, NotReady and KeyNotLogged.
    """
    with room.database.writing() as db:
        board = board_service.take(db, request.board, Stage.DRAFT)
        ready = readiness(db, board.id, Stage.OPEN, *keyholder_facts(db, board.id))
        if not ready.complete:
            raise NotReady(details=[fact.sentence for fact in ready.missing])
        people = _people(db, board.id)
        split = _split(board.id, board.policy, tuple(people))
        service.found(db, split.vault, _sealed(split, people))
        _open(db, room, request, ready, Founding(split.vault, _logged(people), room.signer.public))
        for name in (keyfiles.drafts(board.id), keyfiles.results(board.id)):
            keyfiles.ensure(room.config.keys, name)
    return {}


def _open(db: Session, room: Room, request: Request, ready: Readiness, founding: Founding) -> None:
    board_service.advance(
        db,
        request.board,
        Stage.OPEN,
        ready,
        request.actor,
        request.role,
        founding.facts(),
        policy_digest=founding.vault.policy_digest,
    )
    sign_head(db, request.board, room.signer)


def _people(db: Session, board: BoardId) -> dict[Seat, Keyholder]:
    """Who sits where: custodians by the random id of their key, the chair before the deputies. Raises KeyNotLogged."""
    custodians = _keyholders(db, board, Role.CUSTODIAN)
    leaders = [*_keyholders(db, board, Role.CHAIR), *_keyholders(db, board, Role.DEPUTY)]
    sides = ((Side.HR, custodians), (Side.PANEL, leaders))
    people = {Seat(side, n, holder.id): holder for side, held in sides for n, holder in enumerate(held, start=1)}
    demand_logged(db, people.values())
    return people


def _keyholders(db: Session, board: BoardId, role: Role) -> list[Keyholder]:
    accounts: set[AccountId] = {holder.account for holder in holders(db, board, role)}
    return sorted(queries.keyholders(db, accounts).values(), key=lambda holder: holder.id)


def _split(board: BoardId, policy: Policy, seats: tuple[Seat, ...]) -> _Split:
    """Draw both halves, split the custodians', commit to every piece, and try one coalition and one envelope."""
    sharing = Sharing(policy.custody.k, policy.custody.n)
    half, panel_half = secrets.token_bytes(PIECE), secrets.token_bytes(PIECE)
    pieces = sharing.split(half)
    pair = KeyPair.from_seed(xor(half, panel_half))
    commitments = {
        Side.HR: tuple(commit(board, Side.HR, index, piece) for index, piece in enumerate(pieces)),
        Side.PANEL: (commit(board, Side.PANEL, WHOLE, panel_half),),
    }
    vault = Vault(board, policy.digest, pair.public, sharing, commitments)
    whole = {WHOLE: panel_half}
    shares = {seat: whole if seat.side is Side.PANEL else sharing.share(pieces, seat.number) for seat in seats}
    _try(vault, shares)
    return _Split(vault, shares)


def _try(vault: Vault, shares: Mapping[Seat, Share]) -> None:
    custodians = [share for seat, share in shares.items() if seat.side is Side.HR][-vault.sharing.k :]
    panel = next(share for seat, share in shares.items() if seat.side is Side.PANEL)
    pair = board_key(vault, custodians, panel)
    if unseal(pair, _TRIAL, seal(vault.public_key, _TRIAL, _TRIAL)) != _TRIAL:
        raise ArithmeticError


def _sealed(split: _Split, people: Mapping[Seat, Keyholder]) -> dict[Seat, bytes]:
    vault = split.vault
    return {
        seat: seal(holder.public_key, seat.info(vault.board, vault.policy_digest), encode(split.shares[seat]))
        for seat, holder in people.items()
    }


def _logged(people: Mapping[Seat, Keyholder]) -> tuple[LoggedSeat, ...]:
    return tuple(LoggedSeat(seat, holder.fingerprint) for seat, holder in people.items())
