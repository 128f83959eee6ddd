"""The forms of accounts."""

from typing import Any, ClassVar

from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from panel.named.accounts.password import SHORTEST
from panel.web.forms import Email, Form, Hidden, Line, Password, Tick
from panel.web.revision import Revision

_LONG_ENOUGH = f"Enter a password of {SHORTEST} characters or more"
_NAME_LIMIT = 100
_STAFF_LIMIT = 32
_LONGEST_ANSWER = 20_000


class SignInForm(Form):
    """Address and password."""

    email = Email("Email address", "Enter your email address")
    password = Password("Password", "Enter your password")


class PasskeyAnswer(Hidden):
    """What a passkey answered, as the page's script writes it down; empty without one."""

    def pre_validate(self, form: BaseForm) -> None:
        if len(str(self.data or "")) > _LONGEST_ANSWER:
            raise StopValidation("The passkey’s answer is too long")


class SecondStepForm(Form):
    """A code, or the answer of a passkey that the page's script put in."""

    code = Line("Code", None, limit=40)
    passkey = PasskeyAnswer()

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: one of the two was given."""
        sound = super().validate(extra_validators)
        if sound and not (self.code.data or self.passkey.data):
            self.complain("Enter a code", about=self.code)
            return False
        return sound

    def refuse(self, sentence: str) -> None:
        """Say that it was not right, and do not show it again."""
        self.code.data = ""
        self.complain(sentence, about=self.code)


class StepUpForm(Form):
    """The password again, for what matters most."""

    password = Password("Password", "Enter your password")


class StepUpTwiceForm(SecondStepForm):
    """The password again and the second step, of whoever has one."""

    password = Password("Password", "Enter your password")


class FirstCodeForm(Form):
    """What shows that an authenticator app has the secret."""

    code = Line("Code from the app", "Enter the code that the app shows", limit=40)


class PasskeyForm(Form):
    """A new passkey, made by the page's script, and what its owner calls it."""

    name = Line("Name of the passkey", "Enter a name, such as the device it is on", limit=60)
    passkey = PasskeyAnswer()


class ResetForm(Form):
    """Resetting somebody's second step."""

    sure = Tick(
        "I have made sure who asked for this, by more than a letter or a call to an unknown number",
        "Confirm that you have made sure who asked",
    )


class EndSignInForm(Form):
    """Which sign-in to end: one of the buttons of the page, each with a sign-in's id, or all the others."""

    OTHERS: ClassVar = "others"

    which = Hidden()


class LinkForm(Form):
    """Asking for a link by which a new password is set."""

    email = Email("Email address", "Enter your email address")


class NewPasswordForm(Form):
    """A new password, with the box shown as text on demand instead of a second box."""

    password = Password("New password", _LONG_ENOUGH, new=True)


class ChangePasswordForm(Form):
    """The old password and the new."""

    current_password = Password("Current password", "Enter your current password")
    password = Password("New password", _LONG_ENOUGH, new=True)


class PersonForm(Form):
    """Somebody to invite. Length limits keep every identity within one sealed envelope."""

    name = Line("Full name", "Enter the person’s full name", limit=_NAME_LIMIT)
    preferred_name = Line("What they like to be called (optional)", None, limit=_NAME_LIMIT, said="Preferred name")
    email = Email("Work email address", "Enter the person’s work email address", said="Work email address")
    staff_no = Line("Staff number", "Enter the person’s staff number", limit=_STAFF_LIMIT)

    def person(self) -> dict[str, str]:
        """As `service.invite` takes it."""
        boxes = {
            "name": self.name,
            "preferred_name": self.preferred_name,
            "email": self.email,
            "staff_no": self.staff_no,
        }
        return {key: box.data or "" for key, box in boxes.items()}


class CorrectForm(PersonForm, Revision):
    """The same of somebody who is there already."""


class EndForm(Form):
    """Ending an account."""

    sure = Tick("I understand that this account cannot be opened again", "Confirm that the account should end")
