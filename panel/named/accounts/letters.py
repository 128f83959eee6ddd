"""The letters this service sends: fixed sentences. Each is given the service's name and one link, nothing else. Pure.

None says which board, which answer or what happened: whoever reads somebody's mail learns only that she has an account.
One other letter carries a signed head out of the house: the id of a log, its size, root and day, the key that signed
it, and nobody's name.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from panel.kernel.encoding import words
from panel.kernel.ids import BoardId

SERVICE: Final = "Blind promotion boards"


class Letter(StrEnum):
    """Which letter. The value is what the outbox keeps."""

    INVITATION = "invitation"
    NEW_PASSWORD = "new-password"  # noqa: S105 - the name of a letter
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - the name of a letter
    SIGN_ON_CHANGED = "sign-on-changed"
    READDRESSED = "readdressed"
    CHANGED = "changed"
    SECOND_STEP = "second-step"
    SECOND_STEP_FAILED = "second-step-failed"
    SECOND_STEP_RESET = "second-step-reset"

    @property
    def carries_link(self) -> bool:
        """Whether it brings a personal link by which a password is set."""
        return self in {Letter.INVITATION, Letter.NEW_PASSWORD}


@dataclass(frozen=True)
class Text:
    """A letter as it goes out."""

    subject: str
    body: str


def written(letter: Letter, link: str) -> Text:
    """The letter's text with its link: to the sign-in page, or the personal one. Raises KeyError on any other blank."""
    blank, blanks = _TEXTS[letter], {"service": SERVICE, "link": link}
    return Text(blank.subject.format_map(blanks), blank.body.format_map(blanks))


def written_head(log: BoardId, size: int, root: bytes, on: date, key: bytes) -> Text:
    """The letter with a signed head: SIZE:ROOT as the verifier takes it, the root in eight words, the day, the log.

    `key`: SHA-256 of the public key that signed it, which the verifier tells too.
    """
    blanks = {
        "service": SERVICE,
        "log": str(log),
        "day": on.isoformat(),
        "head": f"{size}:{root.hex()}",
        "words": " ".join(words(root)),
        "key": key.hex(),
        "key_words": " ".join(words(key)),
    }
    return Text(_HEAD.subject.format_map(blanks), _HEAD.body.format_map(blanks))


_HEAD: Final = Text(
    "A signed head from {service}",
    "This is what a log of {service} had come to. Keep this letter.\n\n"
    "Log: {log}\n"
    "Day: {day}\n"
    "Head: {head}\n"
    "In words: {words}\n"
    "Signed with the log key: {key}\n"
    "That key in words: {key_words}\n\n"
    "A log that is changed later no longer leads to this head. Whoever checks its record can compare the two, and "
    "that it was signed with this key. If a later letter names another key, ask whoever runs the service why.\n\n"
    "This address does not receive mail.\n",
)
_TEXTS: Final = {
    Letter.INVITATION: Text(
        "Your account with {service}",
        "An account has been made for you with {service}.\n\n"
        "To set your password, open this link. It works once, within 7 days:\n{link}\n\n"
        "If the link has stopped working, open the sign-in page and select 'I have forgotten my password'.\n\n"
        "This address does not receive mail.\n",
    ),
    Letter.NEW_PASSWORD: Text(
        "Set a new password for {service}",
        "Somebody asked to set a new password for your account with {service}.\n\n"
        "If it was you, open this link. It works once, within 7 days:\n{link}\n\n"
        "If it was not you, there is nothing to do. Your password has not changed.\n\n"
        "This address does not receive mail.\n",
    ),
    Letter.PASSWORD_CHANGED: Text(
        "Your password for {service} has changed",
        "The password of your account with {service} has been changed.\n\n"
        "If you did not do this, tell the people who run the service in your force at once.\n\n"
        "Sign in here:\n{link}\n\n"
        "This address does not receive mail.\n",
    ),
    Letter.SIGN_ON_CHANGED: Text(
        "How you sign in to {service} has changed",
        "The single sign-on of your force has been linked to your account with {service}, or unlinked from it.\n\n"
        "If you did not do this, tell the people who run the service in your force at once.\n\n"
        "Sign in here:\n{link}\n\n"
        "This address does not receive mail.\n",
    ),
    Letter.READDRESSED: Text(
        "Your email address for {service} has changed",
        "The people who run {service} in your force have given your account another email address. "
        "Letters no longer come here, and this address no longer works for signing in.\n\n"
        "If you did not ask for this, tell them and your staff association at once.\n\n"
        "Sign in with the new address here:\n{link}\n\n"
        "This address does not receive mail.\n",
    ),
    Letter.SECOND_STEP: Text(
        "Your sign-in to {service} has changed",
        "A way of the second step at sign-in to your account with {service} was added or removed, or your recovery "
        "codes were made anew.\n\n"
        "If you did not do this, change your password, and tell the people who run the service in your force.\n\n"
        "Sign in here:\n{link}\n\n"
        "This address does not receive mail.\n",
    ),
    Letter.SECOND_STEP_FAILED: Text(
        "Somebody may have your password for {service}",
        "Somebody signed in to your account with {service} as far as the second step, in a browser that was new to it, "
        "and failed the second step several times.\n\n"
        "If it was you, there is nothing to do. If it was not you, somebody has your password: nobody has been let in, "
        "but change your password now, and tell the people who run the service in your force.\n\n"
        "Sign in here:\n{link}\n\n"
        "This address does not receive mail.\n",
    ),
    Letter.SECOND_STEP_RESET: Text(
        "Your second step at sign-in to {service} was reset",
        "The people who run {service} in your force have removed the authenticator app, the passkeys and the recovery "
        "codes of your account, and you have been signed out. You can set up a new second step when you sign in.\n\n"
        "If you did not ask for this, tell them and your staff association at once.\n\n"
        "Sign in here:\n{link}\n\n"
        "This address does not receive mail.\n",
    ),
    Letter.CHANGED: Text(
        "Something has changed in {service}",
        "Something has changed in {service} that concerns you.\n\n"
        "Sign in to see it:\n{link}\n\n"
        "This address does not receive mail.\n",
    ),
}
