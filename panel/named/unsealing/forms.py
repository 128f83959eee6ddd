"""What keyholders and HR type on the pages of the vault. Secrets are never shown again."""

from collections.abc import Iterable
from typing import Any, Final, Self, cast

from wtforms import Field
from wtforms.form import FormMeta

from panel.kernel.errors import PanelError
from panel.kernel.ids import Number
from panel.named.unsealing.ceremony import (
    MOST_EXCEPTIONS,
    Ceremony,
    NobodyAside,
    NotSpoilt,
    SetAsideTogether,
    TooManyAside,
    WrongNumbers,
    WrongWords,
)
from panel.named.unsealing.ceremony_queries import RefusedNumber, SeatHolder
from panel.named.unsealing.later import Need
from panel.named.unsealing.occasion import NotCalledFor, Occasion
from panel.named.unsealing.sitting import Ground, NoSuchNumber, NotEnough, SetAsideAlready, Sitting, WrongAtSitting
from panel.sealed.vault.custody import NotCode, NotWords, WrongPassphrase, WrongRecoveryCode
from panel.sealed.vault.opening import WHY
from panel.sealed.vault.sharing import Side
from panel.web.filters import day
from panel.web.forms import Choice, Form, Hidden, Line, OneOf, Password, Prose, SomeOf, Tick, Whole

_LABEL: Final = "Your passphrase"
_NEEDED: Final = "Enter the eight words of your passphrase"

#: Beside which field each refusal is shown.
_ABOUT: Final[tuple[tuple[type[PanelError], str], ...]] = (
    (NotWords, "passphrase"),
    (WrongPassphrase, "passphrase"),
    (NotCode, "recovery_code"),
    (WrongRecoveryCode, "recovery_code"),
    (WrongWords, "words"),
    (WrongNumbers, "exceptions"),
    (NotSpoilt, "exceptions"),
    (TooManyAside, "exceptions"),
    (SetAsideTogether, "exceptions"),
    (NobodyAside, "exceptions"),
    (NoSuchNumber, "number"),
    (SetAsideAlready, "number"),
    (NotCalledFor, "occasion"),
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
#: What an envelope may be opened early for.
GROUNDS: Final = (
    Choice(Ground.LIFE.value, "Somebody’s life or safety is at risk"),
    Choice(Ground.FRAUD.value, "Fraud or serious misconduct must be stopped"),
)
#: So begins the name of every box for somebody's passphrase: an error page hands back no field that is called so.
_BOX: Final = "passphrase_"


def tries(left: int) -> str:
    """How many tries are left, as it is said beside a wrong passphrase."""
    if not left:
        return "You have no tries left this hour. Wait an hour, then try again."
    return f"You have {left} {'try' if left == 1 else 'tries'} left this hour."


class KeyForm(Form):
    """A form whose refusals find their field."""

    def tell(self, error: PanelError, left: int | None = None) -> None:
        """Show a refusal beside what was typed wrongly, and how many tries are `left`.

        Raises it again if it is about nothing on this form.
        """
        about = next((field for kind, field in _ABOUT if isinstance(error, kind)), None)
        if about is None or about not in self:
            raise error
        self.complain(error.message if left is None else f"{error.message} {tries(left)}", about=self[about])


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


class BeginForm(PassphraseForm):
    """A ceremony, and what it sets aside."""

    exceptions = SomeOf("Numbers to set aside", None)

    def offer_aside(self, refused: Iterable[RefusedNumber]) -> Self:
        """Offer what a check has refused; nothing is chosen beforehand."""
        self.exceptions.choices = [Choice(str(each.number), str(each.number), _hint(each)) for each in refused]
        return self

    def chosen(self) -> tuple[Number, ...]:
        """The numbers to set aside."""
        return tuple(Number(int(each)) for each in self.exceptions.data or ())


class BeginAgainForm(BeginForm):
    """A later ceremony, what it is for, and what it sets aside beside the numbers of the unsealing."""

    occasion = OneOf("Why are the envelopes opened again?", "Select why the envelopes are opened again", [])

    def offer(self, needs: Iterable[Need]) -> Self:
        """Offer what there is a need for."""
        words = {Occasion.LOST_KEY: "So that the names can be read again", Occasion.RECOUNT: "To count outcomes again"}
        found = [need for need in needs if need.there]
        self.occasion.choices = [Choice(each.occasion.value, words[each.occasion], each.sentence) for each in found]
        return self

    @property
    def asked(self) -> Occasion:
        """What the ceremony is to be for, once valid."""
        return Occasion(str(self.occasion.data))


class ReleaseForm(KeyForm):
    """Which marks a keyholder means, which numbers the ceremony sets aside, and her key.

    `occasion` is what her page said that the ceremony is for.
    """

    occasion = Hidden()

    words = Line("First two words of the locked marks", "Enter the first two words of the locked marks", limit=40)
    exceptions = Line("Numbers set aside", None, limit=7 * MOST_EXCEPTIONS)
    passphrase = Password(_LABEL, _NEEDED)

    def mean(self, ceremony: Ceremony | None) -> None:
        """Say in the page what it is about, so that a consent to one ceremony is none to another."""
        self.occasion.data = (ceremony.occasion if ceremony else Occasion.OPENING).value

    @property
    def typed(self) -> dict[str, str]:
        """What the verb is given."""
        return {name: self[name].data or "" for name in ("words", "exceptions", "passphrase", "occasion")}


class SittingForm(KeyForm):
    """One envelope to open early: which, why, and a box for the passphrase of everybody who holds a seat."""

    number = Whole("Number of the application", "Enter the number of the application", lowest=100_000, highest=999_999)
    ground = OneOf("Why must this name be known now?", "Select why this name must be known now", GROUNDS)
    reason = Prose("What has happened?", "Enter what has happened", limit=2000)

    @classmethod
    def around(cls, holders: Iterable[SeatHolder]) -> "type[SittingForm]":
        """The form with a box for each of them."""
        boxes = {_box(str(each.seat)): Password(f"{each.name}, {each.title.lower()}", None) for each in holders}
        return cast("type[SittingForm]", FormMeta(cls.__name__, (cls,), boxes))

    def boxes(self, side: str) -> list[Field]:
        """The boxes of one side, in the order of seats."""
        return [field for field in self if field.name.startswith(_box(side))]

    @property
    def asked(self) -> dict[str, Any]:
        """What `open_early` is asked, once valid: the number, why, and who typed something."""
        boxes = [box for side in Side for box in self.boxes(side) if box.data]
        sitting = Sitting({box.name.removeprefix(_BOX).replace("_", " "): box.data for box in boxes})
        why = {"ground": self.ground.data or "", "reason": self.reason.data or ""}
        return {"number": self.number.number or 0, **why, "sitting": sitting}

    def tell(self, error: PanelError, left: int | None = None) -> None:
        """Show each wrong passphrase beside its own box."""
        if isinstance(error, WrongAtSitting):
            for seat, sentence in error.by_seat.items():
                self.complain(sentence, about=self[_box(seat)])
        elif isinstance(error, NotEnough):
            self.complain(error.message)
        else:
            super().tell(error, left)


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


def _box(seat: str) -> str:
    return _BOX + seat.replace(" ", "_")


def _hint(refused: RefusedNumber) -> str:
    return f"Refused on {day(refused.on)} by check {refused.check}. {WHY.get(refused.check, '')}"
