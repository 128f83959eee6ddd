"""What keyholders and HR type on the pages of the vault. Secrets are never shown again."""

from typing import Final

from panel.kernel.errors import PanelError
from panel.named.unsealing.ceremony import WrongWords
from panel.sealed.vault.custody import NotCode, NotWords, WrongPassphrase, WrongRecoveryCode
from panel.web.forms import Choice, Form, Line, OneOf, Password, Tick

_LABEL: Final = "Your passphrase"
_NEEDED: Final = "Enter the eight words of your passphrase"

#: Beside which field each refusal is shown.
_ABOUT: Final[tuple[tuple[type[PanelError], str], ...]] = (
    (NotWords, "passphrase"),
    (WrongPassphrase, "passphrase"),
    (NotCode, "recovery_code"),
    (WrongRecoveryCode, "recovery_code"),
    (WrongWords, "words"),
)

#: Why a board is cancelled: a closed list, since free text in the log could name somebody.
REASONS: Final = (
    Choice("rules", "The rules were wrong"),
    Choice("posts", "The posts are no longer there"),
    Choice("applications", "Too few people applied"),
    Choice("panel", "The panel cannot finish"),
    Choice("keys", "Too many keys are lost"),
    Choice("other", "Another reason, kept in our own files"),
)


class KeyForm(Form):
    """A form whose refusals find their field."""

    def tell(self, error: PanelError) -> None:
        """Show a refusal beside what was typed wrongly. Raises it again if it is about nothing on this form."""
        about = next((field for kind, field in _ABOUT if isinstance(error, kind)), None)
        if about is None or about not in self:
            raise error
        self.complain(error.message, about=self[about])


class ProveForm(KeyForm):
    """Both ways to a key."""

    passphrase = Password(_LABEL, _NEEDED)
    recovery_code = Password("Your recovery code", "Enter the recovery code from your sheet")


class RenewForm(KeyForm):
    """The recovery code alone."""

    recovery_code = Password("Your recovery code", "Enter the recovery code from your sheet")


class PassphraseForm(KeyForm):
    """The passphrase alone."""

    passphrase = Password(_LABEL, _NEEDED)


class ReleaseForm(KeyForm):
    """Which marks a keyholder means, and her key."""

    words = Line("First two words of the locked marks", "Enter the first two words of the locked marks", limit=40)
    passphrase = Password(_LABEL, _NEEDED)


class OpenForm(Form):
    """Opening a board fixes its rules."""

    sure = Tick("The rules are final", "Confirm that the rules are final")


class LockForm(Form):
    """Signing the lock ends marking for good."""

    sure = Tick("The marks are final", "Confirm that the marks are final")


class AbortForm(Form):
    """Ending a ceremony."""

    sure = Tick("End this ceremony", "Confirm that you want to end this ceremony")


class CancelForm(Form):
    """Cancelling a board destroys its sealed names."""

    reason = OneOf("Why are you cancelling this board?", "Select why you are cancelling this board", REASONS)
    sure = Tick("Destroy the applications’ sealed names", "Confirm that the sealed names are to be destroyed")
