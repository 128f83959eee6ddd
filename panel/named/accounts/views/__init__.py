"""Pages of accounts, all on one blueprint: signing in, the home page, one's own account, and everybody's."""

from panel.named.accounts.views import (
    enrolling,
    home,
    links,
    own,
    people,
    resetting,
    second,
    security,
    sign_ins,
    signing,
    well_known,
)
from panel.named.accounts.views.blueprint import views

__all__ = [
    "enrolling",
    "home",
    "links",
    "own",
    "people",
    "resetting",
    "second",
    "security",
    "sign_ins",
    "signing",
    "views",
    "well_known",
]
