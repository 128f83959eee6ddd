"""What HR and keyholders type when a seat changes hands, a drill begins or a key is given up."""

from collections.abc import Iterable
from typing import Final

from panel.board.duties import DutiesApart
from panel.kernel.encoding import words
from panel.kernel.errors import PanelError
from panel.kernel.ids import AccountId
from panel.named.unsealing.child.hand_over import NotSuccessor, NotWitness
from panel.named.unsealing.custody_queries import SeatedBefore, Waiting
from panel.named.unsealing.forms import KeyForm
from panel.named.unsealing.handing_over import Recovery
from panel.named.unsealing.reach import Place, Reach
from panel.sealed.vault.sharing import Side
from panel.web.forms import Choice, Day, Form, Hidden, Line, OneOf, Password, Tick

_WHO: Final = "Select who takes the seat"
_ABOUT: Final[tuple[tuple[type[PanelError], str], ...]] = (
    (NotSuccessor, "successor"),
    (SeatedBefore, "successor"),
    (DutiesApart, "successor"),
    (NotWitness, "witness"),
)
#: On which side a seat is to be taken over.
SIDES: Final = (
    Choice(Side.HR.value, "A custodian’s seat", "The person becomes a custodian of this board with it"),
    Choice(Side.PANEL.value, "The chair’s or a deputy’s seat", "The person becomes chair or a deputy with it"),
)


class SeatForm(KeyForm):
    """A form about a seat that passes to a successor."""

    successor = OneOf("Who takes the seat?", _WHO)

    def tell(self, error: PanelError, left: int | None = None) -> None:
        """Show a refusal beside what was chosen wrongly, or as every form about a key does."""
        about = next((field for kind, field in _ABOUT if isinstance(error, kind)), None)
        if about is None or about not in self:
            super().tell(error, left)
        else:
            self.complain(error.message, about=self[about])

    def offer(self, people: Iterable[Waiting]) -> None:
        """Who is ready to take it."""
        self.successor.choices = [_successor(each) for each in people if each.ready]

    @property
    def to(self) -> AccountId:
        """The successor, once valid."""
        return AccountId.parse(str(self.successor.data))


class HandOverForm(SeatForm):
    """By the leaver herself."""

    passphrase = Password("Your passphrase", "Enter the eight words of your passphrase")


class RecoverForm(SeatForm):
    """By HR and a witness, with the leaver's recovery code."""

    leaver = OneOf("Whose seat is it?", "Select whose seat it is")
    witness = OneOf("Who is the witness?", "Select who is the witness")
    recovery_code = Password("The leaver’s recovery code", "Enter the recovery code from the leaver’s sheet")
    passphrase = Password("The witness’s passphrase", "Let the witness enter the eight words of their own passphrase")

    def tell(self, error: PanelError, left: int | None = None) -> None:
        """As every form about a seat does; how many tries are left is not said, for they are not her own."""
        super().tell(error)

    def seat(self, places: Iterable[Place], actor: AccountId) -> None:
        """Whose seats may pass, and who may watch: every keyholder whose share is not lost, but not oneself."""
        seats = [_keyholder(each) for each in places if each.reach is not Reach.LOST and each.account != actor]
        self.leaver.choices = self.witness.choices = seats

    @property
    def recovery(self) -> Recovery:
        """Everything chosen and typed, once valid."""
        leaver, witness = (AccountId.parse(str(each.data)) for each in (self.leaver, self.witness))
        return Recovery(leaver, self.to, witness, self.recovery_code.data or "", self.passphrase.data or "")


class SuccessorForm(Form):
    """Whom HR appoints, for a seat of which side."""

    side = OneOf("Which seat will this person take?", "Select which seat this person will take", SIDES)
    who = Line("Name, email address or staff number", "Enter a name, an email address or a staff number", limit=254)


class DismissForm(Form):
    """Who no longer waits."""

    account = Hidden()


class DrillForm(Form):
    """By when keyholders prove."""

    by = Day("By when should everybody have proved?", "Enter the day by which everybody should have proved", said="Day")


class RetireForm(Form):
    """Giving a key up for good."""

    sure = Tick(
        "I have lost both my passphrase and my recovery code",
        "Confirm that you have lost both your passphrase and your recovery code",
    )


def _successor(each: Waiting) -> Choice:
    key = " ".join(words(each.fingerprint, 8)) if each.fingerprint else ""
    return Choice(str(each.account), each.name, f"Key: {key}")


def _keyholder(each: Place) -> Choice:
    return Choice(str(each.account), each.name, each.title)
