"""Who wrote a submission, as the bytes that are sealed: canonical {account, board, content, email, name, ref, salt,
staff_no, v}. Pure."""

import json
import secrets
from dataclasses import dataclass, field
from typing import Final, Self

from panel.kernel.encoding import canonical
from panel.kernel.errors import Malformed
from panel.kernel.ids import AccountId, BoardId, SubmissionRef

SALT: Final = 16
#: Limits in UTF-8 bytes; together with the fixed 290 bytes they still fit the one length of an envelope.
LIMITS: Final = {"name": 300, "email": 254, "staff_no": 64}

_VERSION: Final = 1


class NotIdentity(Malformed):
    """An envelope opened to something that no application of ours sealed."""

    sentence = "A sealed record is not in its form."


@dataclass(frozen=True)
class Identity:
    """One candidate on one board. `content` is the answers digest; the salt leaves nothing to test a guess against."""

    account: AccountId
    board: BoardId
    content: bytes
    email: str
    name: str
    ref: SubmissionRef
    staff_no: str
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(SALT), repr=False)

    def plaintext(self) -> bytes:
        """The bytes to seal."""
        return canonical(
            {
                "account": str(self.account),
                "board": str(self.board),
                "content": self.content.hex(),
                "email": self.email,
                "name": self.name,
                "ref": str(self.ref),
                "salt": self.salt.hex(),
                "staff_no": self.staff_no,
                "v": _VERSION,
            }
        )

    @classmethod
    def read(cls, plaintext: bytes) -> Self:
        """Read what `plaintext` wrote, byte for byte. Raises NotIdentity."""
        try:
            found = json.loads(plaintext)
            identity = cls(
                account=AccountId.parse(found["account"]),
                board=BoardId.parse(found["board"]),
                content=bytes.fromhex(found["content"]),
                email=str(found["email"]),
                name=str(found["name"]),
                ref=SubmissionRef.parse(found["ref"]),
                staff_no=str(found["staff_no"]),
                salt=bytes.fromhex(found["salt"]),
            )
        except (ValueError, KeyError, TypeError, Malformed) as error:
            raise NotIdentity from error
        if identity.plaintext() != plaintext:
            raise NotIdentity
        return identity
