"""Pages of the vault: a keyholder's own key, opening and cancelling a board, the lock, and the ceremony."""

from panel.named.unsealing.views import boards, ceremony, keyholder, lock
from panel.named.unsealing.views.blueprint import views

__all__ = ["boards", "ceremony", "keyholder", "lock", "views"]
