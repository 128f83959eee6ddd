"""After a ceremony the process that asked for it holds no name and no key: they were opened in one that is gone."""

import json
import subprocess
import sys
from secrets import token_bytes

import pytest

from panel.audit import queries as audit
from panel.config import ROOT
from panel.kernel import keyfiles
from panel.named.unsealing.founding import Founding
from panel.named.unsealing.process import in_this_process
from panel.sealed.vault import queries as vault
from panel.sealed.vault.custody import REHEARSAL, Kind, unlock
from panel.sealed.vault.envelope import KeyPair
from panel.sealed.vault.opening import own_share
from panel.sealed.vault.sharing import Side, xor
from tests.named.unsealing.stage import CANDIDATES, Stage
from tests.named.unsealing.test_child import apart
from tests.named.unsealing.worker import anywhere

__all__ = ["apart"]


@pytest.mark.vault("V22")
@pytest.mark.leak("L95")
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/mem")
def test_a_worker_holds_no_name_after_a_ceremony(apart: Stage) -> None:
    with in_this_process(apart.config):
        apart.almost()
    member = apart.people.custodians[1]
    secrets = [*keys(apart), keyfiles.read(apart.config.keys, keyfiles.results(apart.board))]
    names = [part for each in apart.people.candidates for part in (each.name, each.email, each.staff_no)]
    passphrase = apart.passphrase(member)
    asked = {
        "board": str(apart.board),
        "marker": str(member.marker),
        "words": apart.first_words,
        "passphrase": passphrase,
        "backwards": [name[::-1] for name in names] + [passphrase[::-1]],
        "bytes": [secret[::-1].hex() for secret in secrets],
    }
    ended = subprocess.run(
        [sys.executable, "-m", "tests.named.unsealing.worker"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=apart.config.environment(),
        check=True,
    )
    told = json.loads(ended.stdout)
    assert told["act"] == "finish"
    assert len(apart.revealed()) == CANDIDATES
    # the passphrase passes through the worker that was asked: it is the control, and the stated residual
    assert told["found"] == [passphrase[::-1]]
    assert told["held"] == []


@pytest.mark.vault("V22")
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/mem")
def test_the_search_finds_a_key_that_is_held() -> None:
    planted = token_bytes(32)
    assert anywhere(planted[::-1])


def keys(stage: Stage) -> list[bytes]:
    """The board seed, its halves and the seeds of its keyholders, worked out here from everybody's passphrases."""
    pepper = keyfiles.read(stage.config.keys, keyfiles.PEPPER)
    seeds, shares = [], {}
    with stage.database.reading() as db:
        founding = Founding.read(stage.board, audit.entries(db, stage.board))
        cards = {card.account: card for card in vault.seats(db, stage.board)}
        for member in stage.people.keyholders:
            card = cards[member.account]
            slot = vault.slot(db, card.seat.keyholder, Kind.PASSPHRASE)
            seeds.append(unlock(slot, stage.passphrase(member).encode(), pepper, REHEARSAL))
            shares[card.seat] = own_share(KeyPair.from_seed(seeds[-1]), founding.vault, card.seat, card.share_envelope)
    whole = next(share[0] for seat, share in shares.items() if seat.side is Side.PANEL)
    half = founding.vault.sharing.combine(share for seat, share in shares.items() if seat.side is Side.HR)
    assert KeyPair.from_seed(xor(half, whole)).public == founding.vault.public_key
    return [xor(half, whole), half, whole, *seeds]
