"""The addresses of single sign-on. Pure."""

from typing import Final

START: Final = "/single-sign-on/start"
#: Where the identity provider sends people back to: the one redirect address it must know.
ANSWER: Final = "/single-sign-on/answer"
#: The password and a fresh sign-on there, before an act that matters.
CONFIRM: Final = "/single-sign-on/confirm"
#: Off to end the sign-in at the provider too, and the page to which it sends people then.
LEAVE: Final = "/single-sign-on/sign-out"
LEFT: Final = "/sign-in"
OWN: Final = "/account/single-sign-on"
LINK: Final = "/account/single-sign-on/link"
