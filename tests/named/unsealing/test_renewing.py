"""One way to a key is lost and the other makes it anew: what was lost opens nothing, and the new one is tried first."""

import re

import pytest

from panel.audit import queries as audit
from panel.kernel.ids import SYSTEM
from panel.named.unsealing import keyholding, queries
from panel.named.unsealing.ceremony import Act
from panel.named.unsealing.child.hand_over import NotSuccessor
from panel.sealed.vault.custody import NotWords, WrongPassphrase, WrongRecoveryCode, new_passphrase
from panel.sealed.vault.service import TooManyAttempts
from tests.named.unsealing.stage import Stage
from tests.named.unsealing.succession import hand_over, successor
from tests.named.unsealing.test_keys import failures, prove
from tests.named.unsealing.visitor import Visitor, plain

pytestmark = [pytest.mark.vault("V14"), pytest.mark.vault("V16")]


def lost(stage: Stage, index: int = 0) -> keyholding.Sheet:
    """A custodian's new sheet, by her passphrase."""
    member = stage.people.custodians[index]
    passphrase = stage.passphrase(member)
    return keyholding.renew_sheet(stage.database, stage.config, stage.acting(member), passphrase=passphrase)


def ready(stage: Stage) -> bool:
    """Whether a board could open as far as its keyholders go."""
    with stage.database.reading() as db:
        return queries.keyholder_facts(db, stage.board)[0].met


def test_the_passphrase_makes_a_new_recovery_code_and_the_old_one_opens_nothing(drafted: Stage) -> None:
    member = drafted.people.custodians[0]
    person, old = drafted.acting(member), drafted.season.passphrases.sheets[member.account]
    sheet = lost(drafted)
    assert (sheet.passphrase, sheet.fingerprint) == ("", old.fingerprint)
    assert sheet.recovery not in {"", old.recovery}
    with pytest.raises(WrongRecoveryCode):
        keyholding.renew(drafted.database, drafted.config, person, recovery=old.recovery)
    prove(drafted, member, drafted.passphrase(member), sheet.recovery)
    renewed = keyholding.renew(drafted.database, drafted.config, person, recovery=sheet.recovery)
    assert renewed.fingerprint == old.fingerprint
    with drafted.database.reading() as db:
        kinds = [entry.kind for entry in audit.entries(db, SYSTEM) if "renewed" in entry.kind]
    assert kinds == ["recovery.renewed", "keyholder.renewed"]


def test_a_wrong_passphrase_makes_no_code_and_is_charged(drafted: Stage) -> None:
    member = drafted.people.custodians[0]
    ask = (drafted.database, drafted.config, drafted.acting(member))
    for _ in range(5):
        with pytest.raises(WrongPassphrase):
            keyholding.renew_sheet(*ask, passphrase=new_passphrase())
    with pytest.raises(TooManyAttempts):
        keyholding.renew_sheet(*ask, passphrase=drafted.passphrase(member))
    with pytest.raises(NotWords):
        keyholding.renew_sheet(*ask, passphrase="only three words")
    assert failures(drafted, member) == 6


def test_no_board_opens_with_a_new_way_to_a_key_that_was_never_tried(drafted: Stage) -> None:
    assert ready(drafted)
    sheet = lost(drafted)
    assert not ready(drafted)
    member = drafted.people.custodians[0]
    prove(drafted, member, drafted.passphrase(member), sheet.recovery)
    assert ready(drafted)
    renewed = keyholding.renew(drafted.database, drafted.config, drafted.acting(member), recovery=sheet.recovery)
    assert not ready(drafted)
    prove(drafted, member, renewed.passphrase, sheet.recovery)
    assert ready(drafted)


def test_nor_does_a_successor_take_a_seat(locked: Stage) -> None:
    new = successor(locked)
    words = locked.passphrase(new)
    sheet = keyholding.renew_sheet(locked.database, locked.config, locked.acting(new), passphrase=words)
    with pytest.raises(NotSuccessor):
        hand_over(locked, locked.people.custodians[0], new)
    prove(locked, new, words, sheet.recovery)
    hand_over(locked, locked.people.custodians[0], new)


def test_a_ceremony_goes_on_with_the_same_share(locked: Stage) -> None:
    locked.almost()
    lost(locked, 1)
    assert locked.finish() is Act.FINISH


def test_the_page_shows_the_new_sheet_alone_and_asks_for_a_proof(drafted: Stage) -> None:
    member = drafted.people.custodians[0]
    visitor = Visitor.of(drafted, member)
    assert "/keyholder/sheet" in visitor.get("/keyholder").text
    wrong = visitor.post("/keyholder/sheet", passphrase="abandon " * 8)
    assert wrong.status_code == 422
    assert "That is not your passphrase" in plain(wrong)
    shown = visitor.post("/keyholder/sheet", passphrase=drafted.passphrase(member))
    assert "Your new recovery sheet" in plain(shown)
    assert "eight-words" not in shown.text.split("Fingerprint of the key")[0]
    code = re.search(r'class="big-code">([0-9A-Z-]+)<', shown.text)
    assert code is not None
    assert "Prove your key again" in plain(visitor.get("/keyholder"))
    proved = visitor.post("/keyholder/prove", passphrase=drafted.passphrase(member), recovery_code=code[1])
    assert proved.status_code == 303
    assert "has never opened your key" not in plain(visitor.get("/keyholder"))
