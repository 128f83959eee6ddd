"""Pages of accounts, all on one blueprint: signing in, the home page, one's own account, and everybody's."""

from panel.named.accounts.views import home, links, own, people, sign_ins, signing, well_known
from panel.named.accounts.views.blueprint import views

__all__ = ["home", "links", "own", "people", "sign_ins", "signing", "views", "well_known"]
