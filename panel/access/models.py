"""Tables of access: live sessions, roles, and the one mapping from account to marker id."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, String
from sqlalchemy.orm import Mapped, mapped_column

from panel.access.roles import Role
from panel.kernel.ids import AccountId, BoardId, MarkerId, SignInId
from panel.kernel.tables import UNORDERED, Bytes, IdType, OpenBase, blind_may, hidden_from_blind

_ROLES = ", ".join(f"'{role.value}'" for role in Role)


class PersonRow(OpenBase):
    """Which marker id belongs to which account. The blind role cannot read it."""

    __tablename__ = "person"
    __table_args__ = ({"info": hidden_from_blind(), **UNORDERED},)

    account: Mapped[AccountId] = mapped_column(IdType(AccountId), primary_key=True)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), unique=True)


class RoleRow(OpenBase):
    """A role on a board (or on the system), held by a person under their marker id.

    `late`: given after the close, when no candidate could declare the person any more.
    """

    __tablename__ = "role_grant"
    __table_args__ = (CheckConstraint(f"role IN ({_ROLES})", name="role"), UNORDERED)

    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)
    late: Mapped[bool] = mapped_column(default=False)


class SessionRow(OpenBase):
    """A live sign-in. Only the hash of its token is kept; the row dies with the session.

    `handle`: by what its owner ends it and attempts in it are counted: random, and the same under every new token.
    Neither browser nor network address is here: the blind role reads this table.
    """

    __tablename__ = "sign_in_session"
    __table_args__ = ({"info": blind_may("update", columns=("last_seen_at",)), **UNORDERED},)

    token_hash: Mapped[bytes] = mapped_column(Bytes(32), primary_key=True)
    handle: Mapped[SignInId] = mapped_column(IdType(SignInId), unique=True)
    marker: Mapped[MarkerId] = mapped_column(IdType(MarkerId), index=True)
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    last_seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    stepped_up_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
