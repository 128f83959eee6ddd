"""A run of second steps that failed: somebody has the password, and tries codes in browsers that are not known.

It goes on over hours and days until a second step is right in such a browser, or the password or the second step is
changed. What is tried in a known browser counts apart (see `throttle`), and neither adds to a run nor ends it.
"""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from panel.access import service as access
from panel.kernel import clock
from panel.kernel.database import Database
from panel.kernel.ids import AccountId
from panel.named.accounts import posting
from panel.named.accounts.factors.models import SecondStepRunRow
from panel.named.accounts.letters import Letter
from panel.named.accounts.throttle import RUN_ENDS, RUN_TOLD, RunTooLong, held_until, hour


def charge(database: Database, account: AccountId) -> None:
    """Count one that is about to be tried, for good, in a transaction of its own. Raises RunTooLong.

    After the first few its owner is told by letter, once a run: whoever fails there has her password.
    """
    now = clock.now()
    with database.writing("named") as db:
        access.hold(db, account)
        found = db.get(SecondStepRunRow, account, with_for_update=True)  # one that was right may be ending it
        row = found or SecondStepRunRow(account=account, failures=0)
        if row.failures >= RUN_ENDS or hour(now) < (row.held_until or ""):
            raise RunTooLong
        db.add(row)
        row.failures += 1
        row.held_until = held_until(row.failures, now) or row.held_until
        if row.failures == RUN_TOLD:
            posting.post(db, [account], Letter.SECOND_STEP_FAILED)


def end(db: Session, account: AccountId) -> None:
    """The run is over."""
    db.execute(delete(SecondStepRunRow).where(SecondStepRunRow.account == account))
