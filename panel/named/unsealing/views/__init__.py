"""Pages of the vault: one's own key, a board opened, cancelled, in custody and locked, the ceremony, early opening."""

from panel.named.unsealing.views import boards, ceremony, custody, early, handing_over, keyholder, lock, unreadable
from panel.named.unsealing.views.blueprint import views

__all__ = ["boards", "ceremony", "custody", "early", "handing_over", "keyholder", "lock", "unreadable", "views"]
