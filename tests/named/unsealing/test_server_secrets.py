"""The server's own secrets: made at the first start alone, missed from then on, replaced only when somebody says so."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from panel import health, installation
from panel.audit import queries as audit
from panel.cli import cli
from panel.kernel import keyfiles
from panel.kernel.ids import SYSTEM
from panel.named.unsealing import keyholding, server_secrets
from panel.named.unsealing.child.room import PepperMissing, Room
from panel.named.unsealing.server_secrets import SecretMissing
from panel.sealed.vault import queries as vault
from panel.sealed.vault.custody import Kind, WrongPassphrase
from panel.sealed.vault.envelope import KeyPair
from tests.named.unsealing.stage import Stage
from tests.named.unsealing.test_keys import enrol, failures, fresh, prove
from tests.servers import cheap

pytestmark = pytest.mark.vault("V14")


def lose(stage: Stage, name: str = keyfiles.PEPPER) -> bytes:
    """Destroy a secret; what it was."""
    secret = keyfiles.read(stage.config.keys, name)
    keyfiles.destroy(stage.config.keys, name)
    return secret


def replaced(stage: Stage) -> list[str]:
    """What the log says was made anew."""
    with stage.database.reading() as db:
        return [str(entry.facts["secret"]) for entry in audit.entries(db, SYSTEM, "secret.replaced")]


@pytest.mark.parametrize("name", [keyfiles.PEPPER, keyfiles.LOG])
def test_no_start_makes_a_secret_anew_that_keys_or_heads_depend_on(locked: Stage, name: str) -> None:
    secret = lose(locked, name)
    for _ in range(2):
        with pytest.raises(SecretMissing) as refused:
            installation.prepare(locked.config)
        assert "panel replace-secrets" in refused.value.message
        assert refused.value.details == (str(locked.config.keys / name),)
        assert not keyfiles.exists(locked.config.keys, name)
    findings = [each for each in health.check(locked.config) if "is missing" in each.sentence]
    assert [each.good for each in findings] == [False]
    assert name in findings[0].sentence
    keyfiles.create(locked.config.keys, name, secret)
    installation.prepare(locked.config)
    assert replaced(locked) == []


def test_a_first_start_makes_both_and_a_second_neither(tmp_path: Path) -> None:
    config = cheap(tmp_path / "instance")
    installation.prepare(config)
    made = [keyfiles.read(config.keys, name) for name in (keyfiles.PEPPER, keyfiles.LOG)]
    installation.prepare(config)
    assert [keyfiles.read(config.keys, name) for name in (keyfiles.PEPPER, keyfiles.LOG)] == made
    # as long as nobody has a key and nothing was signed, nothing depends on them
    keyfiles.destroy(config.keys, keyfiles.PEPPER)
    installation.prepare(config)


def test_without_the_pepper_no_passphrase_is_tried_charged_or_made(drafted: Stage) -> None:
    member, room = drafted.people.custodians[0], Room(drafted.config, drafted.database)
    code = drafted.season.passphrases.sheets[member.account].recovery
    pepper = lose(drafted)
    for _ in range(7):
        with pytest.raises(PepperMissing):
            room.seed(member.account, Kind.PASSPHRASE, drafted.passphrase(member))
        with pytest.raises(PepperMissing):
            keyholding.renew(drafted.database, drafted.config, drafted.acting(member), recovery=code)
    with pytest.raises(PepperMissing):
        enrol(drafted, fresh(drafted))
    assert not keyfiles.exists(drafted.config.keys, keyfiles.PEPPER)
    keyfiles.create(drafted.config.keys, keyfiles.PEPPER, bytes(32))
    other = drafted.people.custodians[1]
    with pytest.raises(WrongPassphrase):
        room.seed(other.account, Kind.PASSPHRASE, drafted.passphrase(other))
    lose(drafted)
    keyfiles.create(drafted.config.keys, keyfiles.PEPPER, pepper)
    room.seed(other.account, Kind.PASSPHRASE, drafted.passphrase(other))
    assert failures(drafted, other) == 1


def test_a_recovery_code_opens_its_key_without_the_pepper_and_makes_none(drafted: Stage) -> None:
    member = drafted.people.custodians[0]
    code = drafted.season.passphrases.sheets[member.account].recovery
    lose(drafted)
    holder, seed = Room(drafted.config, drafted.database).seed(member.account, Kind.RECOVERY, code)
    assert KeyPair.from_seed(seed).public == holder.public_key
    assert not keyfiles.exists(drafted.config.keys, keyfiles.PEPPER)


def test_once_a_lost_pepper_is_replaced_the_code_makes_a_new_passphrase(drafted: Stage) -> None:
    member = fresh(drafted)
    sheet = enrol(drafted, member)
    lose(drafted)
    with drafted.database.writing() as db:
        assert server_secrets.give_up(db, drafted.config.keys) == (keyfiles.PEPPER,)
    server_secrets.make_anew(drafted.config.keys, (keyfiles.PEPPER,))
    assert replaced(drafted) == [keyfiles.PEPPER]
    with pytest.raises(WrongPassphrase):
        prove(drafted, member, sheet.passphrase, sheet.recovery)
    renewed = keyholding.renew(drafted.database, drafted.config, drafted.acting(member), recovery=sheet.recovery)
    assert (renewed.fingerprint, renewed.recovery) == (sheet.fingerprint, "")
    prove(drafted, member, renewed.passphrase, sheet.recovery)


def test_the_command_replaces_what_is_missing_and_nothing_else(locked: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in locked.config.environment().items():
        monkeypatch.setenv(key, value)
    log_key = lose(locked, keyfiles.LOG)
    pepper = keyfiles.read(locked.config.keys, keyfiles.PEPPER)
    assert CliRunner().invoke(cli, ["replace-secrets"], input="n\n").exit_code == 1
    assert not keyfiles.exists(locked.config.keys, keyfiles.LOG)
    told = [CliRunner().invoke(cli, ["replace-secrets", "--yes"]).output for _ in range(2)]
    assert told == ["Made anew: log.key.\n", "No secret is missing. Nothing was changed.\n"]
    assert keyfiles.read(locked.config.keys, keyfiles.PEPPER) == pepper
    assert keyfiles.read(locked.config.keys, keyfiles.LOG) != log_key
    assert replaced(locked) == [keyfiles.LOG]
    installation.prepare(locked.config)


def test_a_retired_key_needs_no_pepper(drafted: Stage) -> None:
    drafted.spoil("UPDATE {sealed.keyholder} SET state = 'retired'")
    lose(drafted)
    with drafted.database.reading() as db:
        assert not vault.any_keyholder(db)
        assert server_secrets.missing(db, drafted.config.keys) == ()
