"""How single sign-on is refused: plainly, and without a word on which check it was."""

from panel.kernel.errors import Malformed, Refused


class SignOnRefused(Malformed):
    """The answer is not one to a question of ours to this browser, or what vouches for the person does not hold."""

    sentence = "Single sign-on did not work, and nothing has changed. Start again from the sign-in page."


class ProviderSilent(Refused):
    """The identity provider cannot be reached, or does not speak as it must."""

    sentence = "The single sign-on of your force does not answer. Sign in with your email address and password."


class NotLinked(Refused):
    """Nobody has linked this identity, or the account has ended. No account is ever found by its address."""

    sentence = (
        "No account here is linked to your single sign-on. Sign in with your email address and password, then link the "
        "two under ‘Your account’."
    )


class LinkedAlready(Refused):
    """One identity opens one account, and one account is opened by one identity."""

    sentence = (
        "Your single sign-on is linked to another account here, or this account to another sign-on. Unlink first."
    )
