"""What has SQL of its own, on both databases: two at once, and what is forgotten at a close."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import DeclarativeBase, Session
from webauthn.helpers import bytes_to_base64url

from panel.access import service as access
from panel.access.models import SessionRow
from panel.access.roles import Role
from panel.config import Config
from panel.kernel import clock, keyfiles
from panel.kernel.database import Database
from panel.kernel.ids import SYSTEM, AccountId, SignInCode
from panel.named.accounts.factors import authenticator, challenges, halfway, passkeys, recovery, totp, traces
from panel.named.accounts.factors.held import held
from panel.named.accounts.factors.models import (
    AuthenticatorRow,
    ChallengeRow,
    HalfSignInRow,
    RecoveryCodeRow,
    SecondStepRunRow,
)
from panel.named.accounts.factors.passkeys import Site
from panel.named.accounts.factors.second_step import Offered, Way, WrongStep, take
from panel.named.accounts.models import Attempt, SignOnRequest
from panel.named.accounts.sso import asking
from panel.named.accounts.sso.asking import Purpose
from panel.named.accounts.throttle import hour
from panel.named.unsealing import server_secrets
from tests.named.accounts.device import NAME, ORIGIN, Device
from tests.named.accounts.signing import added_niamh

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
AT_ONCE = 6
HERE = b"one sign-in"

pytestmark = pytest.mark.vault("V24")


@pytest.fixture
def niamh(database: Database, config: Config) -> AccountId:
    return added_niamh(database)


@pytest.fixture
def secret(database: Database, config: Config, niamh: AccountId) -> bytes:
    """Of an app that was set up an hour before noon."""
    with clock.set_to(NOON - timedelta(hours=1)), database.writing("named") as db:
        authenticator.offer(db, config.keys, niamh, HERE)
        drawn = authenticator.offered(db, config.keys, niamh, HERE)
        assert drawn
        authenticator.prove(db, config.keys, niamh, totp.code(drawn, totp.counter(clock.now())), HERE)
    return drawn


def all_at_once(database: Database, config: Config, account: AccountId, code: str) -> list[bool]:
    """Several browsers offer the same code in the same moment; whose was taken."""
    ready = Barrier(AT_ONCE)

    def offer(number: int) -> bool:
        ready.wait()
        try:
            take(database, config.keys, None, account, Offered(code, "", f"token {number}", "10.0.0.1"))
        except WrongStep:
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(offer, range(AT_ONCE)))


def test_of_several_with_the_same_code_one_is_let_in(
    database: Database, config: Config, niamh: AccountId, secret: bytes
) -> None:
    with clock.set_to(NOON):
        taken = all_at_once(database, config, niamh, totp.code(secret, totp.counter(NOON)))
    assert taken == [False] * (AT_ONCE - 1) + [True]


def test_who_read_before_the_other_had_written_is_refused_too(
    database: Database, config: Config, niamh: AccountId, secret: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, read, accepted = totp.code(secret, totp.counter(NOON)), Event(), totp.accepted

    def telling(*arguments: Any) -> int | None:
        read.set()
        return accepted(*arguments)

    def second() -> bool:
        with database.writing("named") as db:
            return authenticator.use(db, config.keys, niamh, code)

    with clock.set_to(NOON), ThreadPoolExecutor(1) as pool:
        with database.writing("named") as db:
            assert authenticator.use(db, config.keys, niamh, code)
            monkeypatch.setattr(totp, "accepted", telling)
            other = pool.submit(second)
            read.wait(0.3)  # on SQLite nobody else reads to write before this one has ended
        assert not other.result()


def test_of_ten_codes_each_is_long_enough_and_none_is_kept(database: Database, niamh: AccountId) -> None:
    with database.writing("named") as db:
        codes = recovery.renew(db, niamh)
        kept = b"".join(db.scalars(select(RecoveryCodeRow.digest).order_by(RecoveryCodeRow.digest)))
    assert (len(set(codes)), len(kept)) == (10, 320)
    # fewer than 112 bits would ask for a slow hash with a salt
    assert SignInCode.LENGTH * 5 >= 112
    assert not [code for code in codes if code.encode() in kept]


def test_of_several_with_the_same_recovery_code_one_is_let_in(
    database: Database, config: Config, niamh: AccountId
) -> None:
    with database.writing("named") as db:
        codes = recovery.renew(db, niamh)
    with clock.set_to(NOON):
        assert all_at_once(database, config, niamh, codes[0].grouped) == [False] * (AT_ONCE - 1) + [True]
        assert take(database, config.keys, None, niamh, Offered(codes[1], "", "t", "10.0.0.1")) is Way.RECOVERY_CODE


def test_a_challenge_is_given_out_once_to_its_own_browser(database: Database) -> None:
    with clock.set_to(NOON), database.writing("named") as db:
        first = challenges.draw(db, "one")
        drawn, late = challenges.draw(db, "one"), challenges.draw(db, "two")
    with clock.set_to(NOON):
        assert challenges.take(database, "another") is None
        assert (challenges.take(database, "one"), challenges.take(database, "one")) == (drawn, None)
    assert len({first, drawn, late}) == 3
    with clock.set_to(NOON + challenges.LIFE + timedelta(seconds=1)):
        assert challenges.take(database, "two") is None


@pytest.mark.leak("L44")
def test_at_a_close_no_code_says_any_more_when_it_was_used(
    database: Database, config: Config, niamh: AccountId, secret: bytes
) -> None:
    now = totp.counter(NOON)
    with clock.set_to(NOON), database.writing("named") as db:
        halfway.begin(db, niamh)
        challenges.draw(db, "one")
        asking.ask(db, "one", Purpose.SIGN_IN, "/")
        db.add(SecondStepRunRow(account=niamh, failures=10, held_until="2026-11-22T13"))
        assert authenticator.use(db, config.keys, niamh, totp.code(secret, now))
        traces.forget(db)
        # a code that could still be tried again stays refused
        assert not authenticator.use(db, config.keys, niamh, totp.code(secret, now))
        assert [left(db, each) for each in (HalfSignInRow, ChallengeRow, SignOnRequest)] == [0, 0, 0]
        assert db.execute(select(SecondStepRunRow.failures, SecondStepRunRow.held_until)).all() == [(10, None)]
    with clock.set_to(NOON + timedelta(minutes=2)), database.writing("named") as db:
        traces.forget(db)
        assert db.scalars(select(AuthenticatorRow.last_counter)).all() == [None]
        assert not authenticator.use(db, config.keys, niamh, totp.code(secret, now))


def left(db: Session, table: type[DeclarativeBase]) -> int:
    return db.scalar(select(func.count()).select_from(table)) or 0


def test_what_ran_out_is_forgotten_daily_and_nothing_else(database: Database, niamh: AccountId) -> None:
    for moment in (NOON - timedelta(hours=2), NOON):
        with clock.set_to(moment), database.writing("named") as db:
            halfway.begin(db, niamh)
            challenges.draw(db, str(moment))
            asking.ask(db, str(moment), Purpose.SIGN_IN, "/")
            db.execute(insert(Attempt).values(key=bytes(32), hour=hour(moment), count=1))
    kept = (HalfSignInRow, ChallengeRow, SignOnRequest, Attempt)
    for moment, count in ((NOON, 1), (NOON + timedelta(hours=2), 0)):
        with clock.set_to(moment), database.writing("named") as db:
            traces.sweep(db)
            assert [left(db, each) for each in kept] == [count] * len(kept)


def test_without_the_key_file_nothing_is_made_anew_in_silence(
    database: Database, config: Config, niamh: AccountId, secret: bytes
) -> None:
    keyfiles.destroy(config.keys, keyfiles.AUTHENTICATORS)
    with database.writing("named") as db:
        assert server_secrets.missing(db, config.keys) == (keyfiles.AUTHENTICATORS,)
        with pytest.raises(keyfiles.KeyMissing):
            authenticator.offer(db, config.keys, niamh, HERE)
        assert server_secrets.give_up(db, config.keys) == (keyfiles.AUTHENTICATORS,)
        server_secrets.make_anew(config.keys, (keyfiles.AUTHENTICATORS,))
        with clock.set_to(NOON):
            assert not authenticator.use(db, config.keys, niamh, totp.code(secret, totp.counter(NOON)))


def test_a_passkey_is_kept_once_and_counts_up(database: Database, niamh: AccountId) -> None:
    made, where, drawn = Device(), Site(NAME, ORIGIN), b"c" * 32
    asked = {"challenge": bytes_to_base64url(drawn)}
    with database.writing("named") as db:
        passkeys.register(db, where, niamh, "Phone", made.register(asked), drawn)
        with pytest.raises(passkeys.NotRegistered):
            passkeys.register(db, where, niamh, "Again", made.register(asked), drawn)
        answer = made.sign(asked)
        assert [passkeys.use(db, where, niamh, answer, drawn) for _ in range(2)] == [True, False]
        assert [each.name for each in held(db, niamh).passkeys] == ["Phone"]


def test_after_the_last_attempt_none_is_left_however_many_came_at_once(database: Database, niamh: AccountId) -> None:
    with clock.set_to(NOON), database.writing("named") as db:
        token = halfway.begin(db, niamh)
    charged = [halfway.charge(database, token) for _ in range(halfway.ATTEMPTS + 1)]
    assert charged == [True] * halfway.ATTEMPTS + [False]


def test_a_first_part_ends_a_session_that_began_by_the_password_in_the_same_moment(
    database: Database, niamh: AccountId
) -> None:
    def appoint() -> None:
        with database.writing("named") as db:
            access.grant(db, SYSTEM, niamh, Role.HR)

    with ThreadPoolExecutor(1) as pool:
        with database.writing("named") as db:
            access.hold(db, niamh)  # as whoever is let in does before it is asked what she needs
            appointing = pool.submit(appoint)
            wait([appointing], timeout=0.3)
            access.start_session(db, niamh)
        appointing.result()
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(SessionRow)) == 0
