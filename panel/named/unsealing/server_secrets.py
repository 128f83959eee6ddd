"""The server's own secrets: the pepper of every passphrase, the key that signs heads, and the one under which the
secrets of authenticator apps are sealed. Made once, then missed.

A pepper made anew in silence would end every passphrase, a signing key made anew would have auditors ask whose it is,
and no app's code would be right under another key. So only a first start makes them; later on, whoever runs the service
has to say that one is lost for good.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from panel.audit import queries as audit
from panel.audit.service import append
from panel.kernel import keyfiles
from panel.kernel.errors import Misconfigured
from panel.kernel.ids import SYSTEM
from panel.named.accounts.factors import held
from panel.sealed.vault import queries as vault

#: As what the log says that the one at the command line acted.
_ROLE: Final = "system"


class SecretMissing(Misconfigured):
    """A secret on which keys or heads in the database depend is not there."""

    sentence = (
        "A secret of this service is missing. Restore it from the backup of the secrets. If it is lost for good, run: "
        "panel replace-secrets"
    )


def missing(db: Session, keys: Path) -> tuple[str, ...]:
    """The secrets that something in the database depends on, and that are not in the folder."""
    return tuple(name for name in _needed(db) if not keyfiles.exists(keys, name))


def make(db: Session, keys: Path) -> None:
    """Make them at the first start. Raises SecretMissing where one was made before and is gone."""
    lost = missing(db, keys)
    if lost:
        raise SecretMissing(details=[str(keys / name) for name in lost])
    for name in (keyfiles.PEPPER, keyfiles.LOG, keyfiles.AUTHENTICATORS):
        keyfiles.ensure(keys, name)


def give_up(db: Session, keys: Path) -> tuple[str, ...]:
    """Log which secrets are lost for good, by name; the caller makes them anew once that is committed.

    Without its pepper no passphrase opens a key, so each keyholder makes a new one with the recovery code. Heads that
    are signed from now on have another key, which auditors ask about. Authenticator apps are set up anew, once signed
    in with a recovery code or a passkey, or reset.
    """
    lost = missing(db, keys)
    for name in lost:
        append(db, SYSTEM, "secret.replaced", None, _ROLE, {"secret": name})
    return lost


def make_anew(keys: Path, lost: tuple[str, ...]) -> None:
    """Make what was given up. Where that was cut short they are still missed, and given up again."""
    for name in lost:
        keyfiles.ensure(keys, name)


def _needed(db: Session) -> Iterator[str]:
    if vault.any_keyholder(db):
        yield keyfiles.PEPPER
    if audit.any_signed(db):
        yield keyfiles.LOG
    if held.any_authenticator(db):
        yield keyfiles.AUTHENTICATORS
