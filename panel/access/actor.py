"""Who is asking: an id and roles, never a name."""

from dataclasses import dataclass

from panel.access.roles import Role
from panel.kernel.ids import SYSTEM, AccountId, BoardId, MarkerId


@dataclass(frozen=True)
class Actor:
    """A person as the blind side and the log know them."""

    id: MarkerId
    roles: frozenset[tuple[BoardId, Role]]

    def may(self, role: Role, board: BoardId = SYSTEM) -> bool:
        """Whether this person holds the role on that board, or on the system."""
        return (board, role) in self.roles

    def boards(self, *roles: Role) -> frozenset[BoardId]:
        """The boards on which this person holds one of the roles (all boards, if none is given)."""
        return frozenset(board for board, role in self.roles if board != SYSTEM and (not roles or role in roles))

    def roles_on(self, board: BoardId) -> frozenset[Role]:
        """Every role this person holds on the board."""
        return frozenset(role for where, role in self.roles if where == board)


@dataclass(frozen=True)
class Person(Actor):
    """The same person on the named side, where the account is known."""

    account: AccountId
