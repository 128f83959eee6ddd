"""What a person signs in with beside the password, and where somebody stands between the two."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from panel.kernel.ids import AccountId, PasskeyId
from panel.kernel.tables import UNORDERED, Bytes, IdType, NamedBase
from panel.named.accounts.models import Account


class AuthenticatorRow(NamedBase):
    """A secret shared with a person's authenticator app, sealed under a key file of the server.

    `offered` until a first code proves that the app has it; `held` from then on. `last_counter`: of which half minute
    the last code was that counted; none of it or of an earlier one counts again.
    """

    __tablename__ = "authenticator"
    __table_args__ = (CheckConstraint("state IN ('offered', 'held')", name="state"), UNORDERED)

    account: Mapped[AccountId] = mapped_column(ForeignKey(Account.id), primary_key=True)
    state: Mapped[str] = mapped_column(String(7), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(Bytes(64))
    last_counter: Mapped[int | None] = mapped_column(BigInteger)


class RecoveryCodeRow(NamedBase):
    """A recovery code that was not used yet, as a digest; the row dies with its use."""

    __tablename__ = "recovery_code"
    __table_args__ = (UNORDERED,)

    account: Mapped[AccountId] = mapped_column(ForeignKey(Account.id), primary_key=True)
    digest: Mapped[bytes] = mapped_column(Bytes(32), primary_key=True)


class PasskeyRow(NamedBase):
    """A passkey's public half, under the name that its owner gave it."""

    __tablename__ = "passkey"
    __table_args__ = (UNORDERED,)

    id: Mapped[PasskeyId] = mapped_column(IdType(PasskeyId), primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey(Account.id), index=True)
    credential: Mapped[bytes] = mapped_column(Bytes(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(Bytes(2048))
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    added_on: Mapped[date] = mapped_column(Date)


class HalfSignInRow(NamedBase):
    """Somebody has taken the first step, by a password or another way, and nothing else yet: no session, on no side.

    `password`: whether it was her own password, which counts as a step-up once she is in. Only the hash of the
    browser's token is kept. The row dies with the second step, with too many attempts, or after ten minutes.
    """

    __tablename__ = "half_sign_in"
    __table_args__ = (UNORDERED,)

    token_hash: Mapped[bytes] = mapped_column(Bytes(32), primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey(Account.id), index=True)
    password: Mapped[bool]
    begun_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    attempts: Mapped[int] = mapped_column(Integer)


class ChallengeRow(NamedBase):
    """What one browser's next passkey must sign. The row dies with the answer, right or wrong."""

    __tablename__ = "passkey_challenge"
    __table_args__ = (UNORDERED,)

    token_hash: Mapped[bytes] = mapped_column(Bytes(32), primary_key=True)
    challenge: Mapped[bytes] = mapped_column(Bytes(64))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class SecondStepRunRow(NamedBase):
    """How many second steps of a person failed one after the other in browsers that are not known to her account.

    `held_until`: the hour, in UTC, before which none is tried there. No finer time is kept, and at a close none.
    """

    __tablename__ = "second_step_run"
    __table_args__ = (UNORDERED,)

    account: Mapped[AccountId] = mapped_column(ForeignKey(Account.id), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    held_until: Mapped[str | None] = mapped_column(String(13))
