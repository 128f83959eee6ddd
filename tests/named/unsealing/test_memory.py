"""After a ceremony the process that asked for it holds no name: they were opened in one that is gone."""

import json
import subprocess
import sys

import pytest

from panel.config import ROOT
from panel.named.unsealing.process import in_this_process
from tests.named.unsealing.stage import CANDIDATES, Stage
from tests.named.unsealing.test_child import apart

__all__ = ["apart"]


@pytest.mark.vault("V22")
@pytest.mark.leak("L95")
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/mem")
def test_a_worker_holds_no_name_after_a_ceremony(apart: Stage) -> None:
    with in_this_process(apart.config):
        apart.almost()
    member = apart.people.custodians[1]
    names = [part for each in apart.people.candidates for part in (each.name, each.email, each.staff_no)]
    passphrase = apart.passphrase(member)
    asked = {
        "board": str(apart.board),
        "marker": str(member.marker),
        "words": apart.first_words,
        "passphrase": passphrase,
        "backwards": [name[::-1] for name in names] + [passphrase[::-1]],
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
