"""People and what belongs to their accounts. None of it is written while a candidate lodges."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from panel.kernel.ids import AccountId, BoardId
from panel.kernel.tables import UNORDERED, Bytes, IdType, NamedBase


class Account(NamedBase):
    """One person. `email_key` is the address in the one form in which it must be unique."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("state IN ('invited', 'active', 'closed')", name="state"), UNORDERED)

    id: Mapped[AccountId] = mapped_column(IdType(AccountId), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    preferred_name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(300), unique=True)
    staff_no: Mapped[str] = mapped_column(String(64))
    password: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(8))


class Invitation(NamedBase):
    """A link by which its holder sets a password, once. Only the token's hash is here; the row dies with its use."""

    __tablename__ = "invitation"
    __table_args__ = (UNORDERED,)

    token_hash: Mapped[bytes] = mapped_column(Bytes(32), primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey(Account.id), index=True)
    expires_on: Mapped[date] = mapped_column(Date)


class Attempt(NamedBase):
    """How often a password was tried in one hour, by the digest of whom or where; no finer time is kept."""

    __tablename__ = "attempt"
    __table_args__ = (UNORDERED,)

    key: Mapped[bytes] = mapped_column(Bytes(32), primary_key=True)
    hour: Mapped[str] = mapped_column(String(13), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)


class KnownDevice(NamedBase):
    """A browser in which somebody has signed in to the account: only the hash of its token, and no word about it."""

    __tablename__ = "known_device"
    __table_args__ = (UNORDERED,)

    token_hash: Mapped[bytes] = mapped_column(Bytes(32), primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey(Account.id), index=True)
    expires_on: Mapped[date] = mapped_column(Date)


class LinkAsked(NamedBase):
    """That a link was asked for, by the digest of the address: whether anybody has it is looked up as mail leaves."""

    __tablename__ = "link_asked"
    __table_args__ = (UNORDERED,)

    address: Mapped[bytes] = mapped_column(Bytes(32), primary_key=True)


class LinkedIdentity(NamedBase):
    """A person as the force's identity provider knows her: by its own name and its subject, never by address."""

    __tablename__ = "linked_identity"
    __table_args__ = (UniqueConstraint("issuer", "account"), UNORDERED)

    issuer: Mapped[str] = mapped_column(String(200), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey(Account.id))


class SignOnRequest(NamedBase):
    """A browser that was sent to the identity provider, for ten minutes. Any answer uses it up, right or wrong."""

    __tablename__ = "sign_on_request"
    __table_args__ = (CheckConstraint("purpose IN ('sign-in', 'link', 'step-up')", name="purpose"), UNORDERED)

    state_hash: Mapped[bytes] = mapped_column(Bytes(32), primary_key=True)
    browser_hash: Mapped[bytes] = mapped_column(Bytes(32))
    purpose: Mapped[str] = mapped_column(String(8))
    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(128))
    destination: Mapped[str] = mapped_column(String(200))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Outgoing(NamedBase):
    """A letter waiting to be sent: whom to and which fixed text, never what it is about.

    `address`: where to, if not to the account's own.
    """

    __tablename__ = "outgoing"
    __table_args__ = (UNORDERED,)

    account: Mapped[AccountId] = mapped_column(ForeignKey(Account.id), primary_key=True)
    letter: Mapped[str] = mapped_column(String(20), primary_key=True)
    due_on: Mapped[date] = mapped_column(Date)
    address: Mapped[str | None] = mapped_column(String(254))


class HeadOutgoing(NamedBase):
    """A signed head waiting to be sent to one person. The head itself stays where it was signed."""

    __tablename__ = "head_outgoing"
    __table_args__ = (UNORDERED,)

    account: Mapped[AccountId] = mapped_column(ForeignKey(Account.id), primary_key=True)
    log: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    size: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)


class HeadPosted(NamedBase):
    """Up to which size the heads of a log were put in the outbox."""

    __tablename__ = "head_posted"
    __table_args__ = (UNORDERED,)

    log: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    size: Mapped[int] = mapped_column(Integer)


class Told(NamedBase):
    """What a person's applications looked like when the last daily letter about them was written."""

    __tablename__ = "told"
    __table_args__ = (UNORDERED,)

    account: Mapped[AccountId] = mapped_column(ForeignKey(Account.id), primary_key=True)
    board: Mapped[BoardId] = mapped_column(IdType(BoardId), primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
