"""Sign-ins and refusals: who, roughly when, from where. JSON lines, a file a day, thirty days.

No board, number, code or text ever stands here, and no time finer than an hour: who was at work at 14:02 would say
whose submission arrived at 14:03.
"""

import json
import os
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from panel.kernel import clock
from panel.kernel.ids import AccountId

KEPT: Final = timedelta(days=30)
FOLDER: Final = "security"


class Event(StrEnum):
    """What happened."""

    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    SIGN_IN_ENDED = "sign_in_ended"
    STEPPED_UP = "stepped_up"
    STEP_UP_REFUSED = "step_up_refused"
    THROTTLED = "throttled"
    LINK_ASKED = "link_asked"
    SIGN_ON_LINKED = "sign_on_linked"
    SIGN_ON_UNLINKED = "sign_on_unlinked"
    PASSWORD_SET = "password_set"  # noqa: S105 - the name of an event
    SECOND_STEP_REFUSED = "second_step_refused"
    SECOND_STEP_ADDED = "second_step_added"
    SECOND_STEP_REMOVED = "second_step_removed"
    SECOND_STEP_RESET = "second_step_reset"
    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    DETAILS_CORRECTED = "details_corrected"
    ACCOUNT_CLOSED = "account_closed"


def note(instance: Path, event: Event, *, who: AccountId | None, place: str) -> None:
    """Add one line, and let what is older than thirty days go. `who` is None for names that nobody has."""
    folder = instance / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = {"what": event.value, "who": who and str(who), "from": place, "hour": f"{clock.now():%Y-%m-%dT%H}"}
    path = folder / f"{clock.today()}.jsonl"
    if not path.exists():
        _forget(folder)
    # one write to a file opened for appending: lines of several workers do not mix
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, json.dumps(line, sort_keys=True).encode() + b"\n")
    finally:
        os.close(descriptor)


def _forget(folder: Path) -> None:
    oldest = clock.today() - KEPT
    for path in folder.glob("*.jsonl"):
        if path.stem < str(oldest) and _is_date(path.stem):
            path.unlink(missing_ok=True)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
