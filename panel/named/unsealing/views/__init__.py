"""Pages of the vault: a keyholder's own key, opening and cancelling a board, its custody, the lock, the ceremony."""

from panel.named.unsealing.views import boards, ceremony, custody, handing_over, keyholder, lock
from panel.named.unsealing.views.blueprint import views

__all__ = ["boards", "ceremony", "custody", "handing_over", "keyholder", "lock", "views"]
