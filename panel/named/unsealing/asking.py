"""Asking the child, and as what a person asks it."""

from collections.abc import Iterator
from typing import Any

from panel.access.actor import Person
from panel.access.queries import holders
from panel.access.roles import KEYHOLDERS, WITH_KEYS, Role
from panel.config import Config
from panel.kernel.database import Database
from panel.kernel.errors import Missing, PanelError
from panel.kernel.ids import BoardId
from panel.named.accounts.letters import Letter
from panel.named.accounts.posting import post
from panel.named.unsealing import queries
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.process import Told, ask, hear
from panel.sealed.vault.service import TooManyAttempts


def keyholding_role(person: Person, board: BoardId | None = None) -> Role:
    """As what the person holds a seat on that board; or, without one, as what she has or makes a key. Raises Missing.

    Who waits for a seat makes and proves a key, and has no part in anything that a board does with shares.
    """
    held = {role for where, role in person.roles if board in {None, where}}
    found = next((role for role in (WITH_KEYS if board is None else KEYHOLDERS) if role in held), None)
    if found is None:
        raise Missing
    return found


def ask_child(database: Database, config: Config, request: Request) -> dict[str, Any]:
    """Have the child do it; the other keyholders learn of a key that was tried too often. Raises its refusals."""
    try:
        return ask(config, request)
    except TooManyAttempts:
        _tell(database, request)
        raise


def hear_child(database: Database, config: Config, request: Request) -> Iterator[Told]:
    """Have the child do it, and hear of each step once it has begun. Raises what it refuses before its first step."""
    told = hear(config, request)
    first = next(told)
    if isinstance(first, PanelError):
        if isinstance(first, TooManyAttempts):
            _tell(database, request)
        raise first
    return _all(first, told)


def _all(first: Told, others: Iterator[Told]) -> Iterator[Told]:
    yield first
    yield from others


def _tell(database: Database, request: Request) -> None:
    """The other keyholders learn that a key of their boards was tried too often: by her, or by HR with her code."""
    with database.writing() as db:
        fellows = queries.fellow_keyholders(db, request.actor)
        here = {each.account for each in holders(db, request.board, *KEYHOLDERS)}
        post(db, (fellows | here) - {request.account}, Letter.CHANGED)
