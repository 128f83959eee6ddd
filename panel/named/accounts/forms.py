"""The forms of accounts."""

from typing import ClassVar

from panel.named.accounts.password import SHORTEST
from panel.web.forms import Email, Form, Hidden, Line, Password, Tick
from panel.web.revision import Revision

_LONG_ENOUGH = f"Enter a password of {SHORTEST} characters or more"
_NAME_LIMIT = 100
_STAFF_LIMIT = 32


class SignInForm(Form):
    """Address and password."""

    email = Email("Email address", "Enter your email address")
    password = Password("Password", "Enter your password")


class StepUpForm(Form):
    """The password again, for what matters most."""

    password = Password("Password", "Enter your password")


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
