"""The addresses of single sign-on. Pure."""

from typing import Final

START: Final = "/single-sign-on/start"
#: Where the identity provider sends people back to: the one redirect address it must know.
ANSWER: Final = "/single-sign-on/answer"
OWN: Final = "/account/single-sign-on"
LINK: Final = "/account/single-sign-on/link"
