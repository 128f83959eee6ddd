"""What the caller asks of the child, and what it answers: plain JSON through pipes, never arguments or files. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, Self

from panel.access.actor import Person
from panel.kernel.errors import PanelError
from panel.kernel.ids import SYSTEM, AccountId, BoardId, Id, MarkerId
from panel.named.unsealing.occasion import Occasion
from panel.sealed.vault.opening import Unsound

_IDS: Mapping[str, type[Id]] = {
    "actor": MarkerId,
    "account": AccountId,
    "board": BoardId,
    "leaver": AccountId,
    "successor": AccountId,
    "witness": AccountId,
}
_NOBODY: Final = AccountId(bytes(AccountId.SIZE))


class ChildFailed(PanelError):
    """The child ended without an answer: killed, out of time, or stopped by a fault of its own. Nothing was changed."""

    sentence = "The operation could not be completed, and nothing was changed. Try again."


@dataclass(frozen=True)
class Request:
    """One private-key operation. What a person typed is never in a printed request.

    `role` is what the log says the actor acted as; `sitting` is several people's passphrases, as `sitting.to_json` has
    them; with `progress` set the child tells how far it has come. A hand-over names a successor; without the leaver it
    also names her and a witness, whose passphrase is then typed. `now` (ISO, UTC) sets its clock, in rehearsals only.
    """

    verb: str
    actor: MarkerId
    account: AccountId
    role: str
    board: BoardId = SYSTEM
    passphrase: str = field(default="", repr=False)
    recovery: str = field(default="", repr=False)
    words: str = field(default="", repr=False)
    exceptions: str = ""
    occasion: str = Occasion.OPENING.value
    number: str = ""
    ground: str = ""
    reason: str = field(default="", repr=False)
    sitting: str = field(default="", repr=False)
    progress: str = ""
    now: str = ""
    leaver: AccountId = _NOBODY
    successor: AccountId = _NOBODY
    witness: AccountId = _NOBODY

    @classmethod
    def by(cls, person: Person, verb: str, role: str, board: BoardId = SYSTEM, **more: Any) -> Self:
        """A request by a person who is signed in. `more`: what was typed, and whom it is about."""
        return cls(verb, person.id, person.account, role, board, **more)

    def to_json(self) -> bytes:
        """As the child reads it."""
        named = {each.name: getattr(self, each.name) for each in fields(self)}
        return json.dumps({key: str(value) for key, value in named.items()}).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Read what `to_json` wrote."""
        found: dict[str, Any] = json.loads(data)
        read: dict[str, Any] = {key: _IDS[key].parse(value) if key in _IDS else value for key, value in found.items()}
        return cls(**read)


def refusal_json(error: PanelError) -> dict[str, Any]:
    """A refusal as the caller will raise it again."""
    told: dict[str, Any] = {"kind": _name(type(error)), "message": error.message, "details": error.details}
    if isinstance(error, Unsound):
        told |= {"check": error.check, "numbers": error.numbers, "seats": error.seats}
    return told


def refusal(told: Mapping[str, Any]) -> PanelError:
    """The error that `refusal_json` described; one of a kind unknown here counts as a failure."""
    if told["kind"] == _name(Unsound):
        return Unsound(told["check"], told["numbers"], told["seats"])
    kind = _kinds(PanelError).get(told["kind"], ChildFailed)
    return kind(told["message"], told["details"])


def _name(kind: type[PanelError]) -> str:
    # with its module: two features may well have an error of the same name
    return f"{kind.__module__}.{kind.__qualname__}"


def _kinds(base: type[PanelError]) -> dict[str, type[PanelError]]:
    found = {_name(base): base}
    for kind in base.__subclasses__():
        found |= _kinds(kind)
    return found
