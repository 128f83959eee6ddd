"""One application → answers, identity, exclusions. After this no part knows of another but by the ref. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from panel.blind.submissions.answers import answers_digest
from panel.board.equality import answered
from panel.kernel.errors import Invalid
from panel.kernel.ids import AccountId, BoardId, MarkerId, SubmissionRef
from panel.named.intake.draft import Details, Draft
from panel.sealed.vault.envelope import LONGEST
from panel.sealed.vault.identity import LIMITS, Identity
from panel.web.text import clean

#: Each limited field as the person knows it.
FIELDS: Final = {"name": "Full name", "email": "Email address", "staff_no": "Staff number"}


class Incomplete(Invalid):
    """A part of the application is missing; `details` say which."""

    sentence = "Your application is not complete."


class IdentityTooLong(Invalid):
    """Name, e-mail address or staff number do not fit the one length of an envelope."""

    sentence = "Your name, email address and staff number are too long together. Shorten one of them."


@dataclass(frozen=True)
class Parts:
    """What goes where: answers to the blind side, identity and equality under seal, exclusions to allocation."""

    answers: Mapping[str, str]
    answers_digest: bytes
    identity: bytes
    equality: Mapping[str, str]
    exclusions: frozenset[MarkerId]


def split(board: BoardId, account: AccountId, ref: SubmissionRef, draft: Draft) -> Parts:
    """Divide a complete draft under a fresh ref. Raises Incomplete and IdentityTooLong."""
    if draft.details is None or draft.known is None or draft.equality is None:
        raise Incomplete(details=list(missing(draft)))
    content = answers_digest(draft.answers)
    identity = _identity(board, account, ref, content, draft.details)
    return Parts(dict(draft.answers), content, identity, answered(draft.equality), draft.known)


def missing(draft: Draft) -> Iterator[str]:
    """What is still to do besides the answers, a sentence each."""
    if draft.details is None:
        yield "Enter your details."
    if draft.known is None:
        yield "Say who of the panel knows your work."
    if draft.equality is None:
        yield "Look at the equality questions. You can decline each of them."


def check_details(details: Details) -> None:
    """Hold name, e-mail and staff number against their limits in UTF-8 bytes. Raises IdentityTooLong, saying which."""
    over = [
        f"{said} must be {LIMITS[field]} bytes or fewer; letters with accents and other scripts take two to four each."
        for field, said in FIELDS.items()
        if len(getattr(details, field).encode()) > LIMITS[field]
    ]
    if over:
        raise IdentityTooLong(details=over)
    nobody = Identity(
        account=AccountId(bytes(AccountId.SIZE)),
        board=BoardId(bytes(BoardId.SIZE)),
        content=bytes(32),
        email=details.email,
        name=details.name,
        ref=SubmissionRef(bytes(SubmissionRef.SIZE)),
        staff_no=details.staff_no,
    )
    if len(nobody.plaintext()) > LONGEST:
        raise IdentityTooLong


def _identity(board: BoardId, account: AccountId, ref: SubmissionRef, content: bytes, details: Details) -> bytes:
    name, email, staff_no = (" ".join(clean(text).split()) for text in (details.name, details.email, details.staff_no))
    tidy = replace(details, name=name, email=email, staff_no=staff_no)
    check_details(tidy)
    return Identity(account, board, content, tidy.email, tidy.name, ref, tidy.staff_no).plaintext()
