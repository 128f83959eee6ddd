"""Pages of the vault: a keyholder's own key, opening and cancelling a board, the lock, the ceremony, early opening."""

from panel.named.unsealing.views import boards, ceremony, early, keyholder, lock
from panel.named.unsealing.views.blueprint import views

__all__ = ["boards", "ceremony", "early", "keyholder", "lock", "views"]
