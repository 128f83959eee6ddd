"""What sign-in keeps of the time of day, and forgets at a board's close: else it says who was at work before it."""

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from panel.kernel import clock
from panel.named.accounts.factors import totp
from panel.named.accounts.factors.models import AuthenticatorRow, ChallengeRow, HalfSignInRow


def forget(db: Session) -> None:
    """Every half sign-in and challenge ends. Of used codes only those stay known that could still be tried again."""
    db.execute(delete(HalfSignInRow))
    db.execute(delete(ChallengeRow))
    too_old = AuthenticatorRow.last_counter < totp.counter(clock.now()) - totp.WINDOW
    db.execute(update(AuthenticatorRow).where(too_old).values(last_counter=None))
