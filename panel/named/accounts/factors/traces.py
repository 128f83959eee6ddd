"""What sign-in keeps of the time of day, and forgets at a board's close: else it says who was at work before it.

What nobody comes back to is forgotten daily too.
"""

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from panel.kernel import clock
from panel.named.accounts.factors import challenges, halfway, totp
from panel.named.accounts.factors.models import AuthenticatorRow, ChallengeRow, HalfSignInRow, SecondStepRunRow
from panel.named.accounts.models import Attempt, SignOnRequest
from panel.named.accounts.throttle import hour


def forget(db: Session) -> None:
    """Every half sign-in, challenge and question to the identity provider ends, and every wait after failed codes.

    Of used codes only those stay known that could still be tried again.
    """
    for each in (HalfSignInRow, ChallengeRow, SignOnRequest):
        db.execute(delete(each))
    db.execute(update(SecondStepRunRow).values(held_until=None))
    too_old = AuthenticatorRow.last_counter < totp.counter(clock.now()) - totp.WINDOW
    db.execute(update(AuthenticatorRow).where(too_old).values(last_counter=None))


def sweep(db: Session) -> None:
    """Forget what has run out: half sign-ins, challenges, questions to the provider, waits and counts."""
    now = clock.now()
    db.execute(delete(HalfSignInRow).where(HalfSignInRow.begun_at < now - halfway.LIFE))
    db.execute(delete(ChallengeRow).where(ChallengeRow.made_at < now - challenges.LIFE))
    db.execute(delete(SignOnRequest).where(SignOnRequest.expires_at < now))
    db.execute(delete(Attempt).where(Attempt.hour < hour(now)))
    db.execute(update(SecondStepRunRow).where(SecondStepRunRow.held_until <= hour(now)).values(held_until=None))
