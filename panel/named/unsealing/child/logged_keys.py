"""Public keys are data, and whoever writes the table chooses who receives the next share: so the log is asked first."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from panel.audit import queries as audit
from panel.kernel.errors import Refused
from panel.kernel.ids import SYSTEM
from panel.sealed.vault.queries import Keyholder


class KeyNotLogged(Refused):
    """A keyholder's key in the database is not the one that was logged when it was made."""

    sentence = "A keyholder’s key is not the one in the log. Nothing was changed. Tell the auditor."


def demand_logged(db: Session, keyholders: Iterable[Keyholder]) -> None:
    """Every key was logged when it was made, and not retired since. Raises KeyNotLogged."""
    made = _keys(db, "keyholder.enrolled") - _keys(db, "keyholder.retired")
    if any((str(holder.id), holder.fingerprint.hex()) not in made for holder in keyholders):
        raise KeyNotLogged


def _keys(db: Session, kind: str) -> set[tuple[str, str]]:
    facts = (entry.facts for entry in audit.entries(db, SYSTEM, kind))
    return {(str(each.get("keyholder")), str(each.get("fingerprint"))) for each in facts}
