"""The child as a real process: it leaves no trace, is told everything through a pipe, and says nothing it need not."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from panel.config import ROOT, Config
from panel.kernel import clock
from panel.kernel.ids import AccountId, MarkerId
from panel.named.unsealing import keyholding, process
from panel.named.unsealing.ceremony import Act
from panel.named.unsealing.child import answering
from panel.named.unsealing.child.checks import AlreadyUnsealed
from panel.named.unsealing.child.request import ChildFailed, Request
from panel.named.unsealing.process import ask, in_this_process
from panel.playing.company import Member
from panel.sealed.vault.custody import WrongPassphrase
from panel.sealed.vault.sharing import Side
from tests.named.unsealing.stage import CANDIDATES, Stage
from tests.named.unsealing.succession import appointed, enrolled, hand_over, hired, recover, successor


@pytest.fixture
def apart(stage_at: Callable[[str], Stage]) -> Iterator[Stage]:
    """A locked board whose keys are touched in processes of their own, as on a real installation."""
    stage = stage_at("locked")
    with clock.set_to(stage.season.moment):
        yield stage


@pytest.fixture
def spied(monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple[str, ...], dict[str, Any], Any]]:
    """Every process that was started: arguments, keywords and what came back."""
    seen: list[tuple[tuple[str, ...], dict[str, Any], Any]] = []
    run = subprocess.run

    def spy(command: tuple[str, ...], **keywords: Any) -> Any:
        ended = run(command, **keywords)
        seen.append((command, keywords, ended))
        return ended

    monkeypatch.setattr("panel.named.unsealing.process.subprocess.run", spy)
    return seen


@pytest.mark.vault("V22")
@pytest.mark.leak("L96")
@pytest.mark.leak("L97")
def test_a_ceremony_through_processes_passes_secrets_by_pipe_and_names_not_at_all(
    apart: Stage, spied: list[tuple[tuple[str, ...], dict[str, Any], Any]]
) -> None:
    with in_this_process(apart.config):  # a start of Python for each step would cost more than it shows
        apart.begin()
        apart.release(apart.people.chair)
    apart.release(apart.people.custodians[0])
    assert apart.finish() is Act.FINISH
    assert len(apart.revealed()) == CANDIDATES
    secrets = [apart.passphrase(member) for member in apart.people.keyholders]
    names = [part for member in apart.people.candidates for part in (member.name, member.email, member.staff_no)]
    for command, keywords, ended in spied:
        open_to_all = " ".join((*command, *keywords["env"].values()))
        said = (ended.stdout + ended.stderr).decode()
        assert not any(secret in open_to_all + said for secret in secrets)
        assert not any(name in said for name in names)
        assert all(key.startswith("PANEL_") for key in keywords["env"])
    assert json.loads(spied[-1][2].stdout) == {"done": {"revealed": CANDIDATES}}
    assert secrets[0].encode() in spied[0][1]["input"]


@pytest.mark.thorough
def test_a_refusal_comes_back_as_the_error_it_was(apart: Stage) -> None:
    person = apart.acting(apart.people.custodians[0])
    with pytest.raises(WrongPassphrase):
        keyholding.prove_seat(apart.database, apart.config, person, apart.board, passphrase="abandon " * 8)


@pytest.mark.vault("V16")
def test_a_seat_is_handed_over_through_a_process_that_says_nothing(
    apart: Stage, spied: list[tuple[tuple[str, ...], dict[str, Any], Any]]
) -> None:
    with in_this_process(apart.config):
        new = successor(apart)
    recover(apart, apart.people.custodians[0], new, apart.people.chair)
    hand_over(apart, apart.people.deputy, enrolled_deputy(apart))
    assert [entry.facts["by"] for entry in apart.log("seat.handed_over")] == ["recovery", "leaver"]
    assert [json.loads(ended.stdout) for _, _, ended in spied] == [{"done": {}}, {"done": {}}]


def enrolled_deputy(apart: Stage) -> Member:
    with in_this_process(apart.config):
        return enrolled(apart, appointed(apart, Side.PANEL, hired(apart, "Pat Panel")))


@pytest.mark.vault("V09")
def test_of_two_custodians_who_finish_at_once_one_wins(apart: Stage) -> None:
    with in_this_process(apart.config):
        apart.almost()

    def finish(member: Member) -> str:
        try:
            # a thread of its own sees no `in_this_process`, so these are two processes
            return apart.release(member).value
        except AlreadyUnsealed:
            return "open already"

    with ThreadPoolExecutor(2) as pool, clock.set_to(apart.season.moment):
        outcomes = list(pool.map(finish, apart.people.custodians[1:]))
    assert sorted(outcomes) == ["finish", "open already"]
    assert len(apart.revealed()) == CANDIDATES
    assert len(apart.log("board.unsealed")) == 1


@pytest.mark.vault("V08")
def test_a_child_that_runs_out_of_time_changes_nothing(apart: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    with in_this_process(apart.config):
        apart.almost()
    monkeypatch.setattr(answering, "LIFETIME", 0.05)
    with pytest.raises(ChildFailed):
        apart.finish()
    monkeypatch.undo()
    assert apart.revealed() == ()
    with in_this_process(apart.config):
        assert apart.finish() is Act.FINISH


@pytest.mark.thorough
def test_a_fault_of_our_own_shows_as_its_kind_alone(apart: Stage) -> None:
    person = apart.acting(apart.people.chair)
    with pytest.raises(ChildFailed) as failed:
        ask(apart.config, Request.by(person, "no such verb", "chair", apart.board, passphrase="a secret"))
    assert failed.value.details == ("KeyError",)


@pytest.mark.leak("L95")
@pytest.mark.skipif(sys.platform != "linux", reason="the dumpable flag is Linux's")
def test_the_child_makes_no_core_and_cannot_be_read_by_others() -> None:
    script = (
        "import resource, signal; from ctypes import CDLL;"
        "from panel.named.unsealing.child.answering import harden; harden();"
        "print(resource.getrlimit(resource.RLIMIT_CORE), CDLL(None).prctl(3, 0, 0, 0, 0), signal.alarm(0))"
    )
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() in {"(0, 0) 0 60", "(0, 0) 0 59"}


def test_only_a_rehearsal_sets_the_childs_clock(config: Config) -> None:
    later = clock.now() + timedelta(days=400)
    request = Request("prove", *_nobody(), role="chair", now=later.isoformat())
    with answering._clock(config, request):
        assert clock.now() == later
    with answering._clock(replace(config, profile="standard"), request):
        assert clock.now() < later


def test_what_production_asks_carries_no_clock(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Request] = []

    def remember(_config: Config, request: Request) -> dict[str, Any]:
        asked.append(request)
        return {"done": {}}

    monkeypatch.setattr(process, "_spawned", remember)
    ask(replace(config, profile="standard"), Request("prove", *_nobody(), role="chair"))
    assert [request.now for request in asked] == [""]


def _nobody() -> tuple[MarkerId, AccountId]:
    return MarkerId.new(), AccountId.new()
