"""While the names open the page tells each step, and nobody who leaves it stops what was begun."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from time import monotonic, sleep

import pytest

from panel.board.lifecycle import Stage as BoardStage
from panel.config import ROOT
from panel.kernel import clock
from panel.named.unsealing import child, convening
from panel.named.unsealing.child import answering
from panel.named.unsealing.child.request import Request
from panel.named.unsealing.process import Done, Step, Told, in_this_process
from panel.named.unsealing.views.aloud import SENTENCES
from panel.sealed.vault.custody import WrongPassphrase
from tests.named.unsealing.stage import CANDIDATES, Stage
from tests.named.unsealing.tampering import mark, submissions, swapped_envelopes
from tests.named.unsealing.test_child import apart
from tests.named.unsealing.test_pages import ceremony, typed
from tests.named.unsealing.visitor import Visitor, plain, token

__all__ = ["apart"]


def begin(stage: Stage) -> Iterator[Told]:
    """The last custodian acts in a child of its own."""
    with in_this_process(stage.config):
        stage.almost()
    member = stage.people.custodians[1]
    steps = convening.release_aloud(
        stage.database, stage.config, stage.acting(member), stage.board, **typed(stage, member)
    )
    assert steps is not None
    return steps


def until_unsealed(stage: Stage) -> bool:
    """Whether the board is unsealed before half a minute is over."""
    ends = monotonic() + 30
    while monotonic() < ends:
        if stage.progress().stage is BoardStage.UNSEALED:
            return True
        sleep(0.05)
    return False


@pytest.mark.thorough
def test_the_child_tells_every_step_in_order_and_then_that_it_is_done(apart: Stage) -> None:
    told = list(begin(apart))
    names = [each.name for each in told if isinstance(each, Step)]
    # a later ceremony compares the names as well
    assert [*dict.fromkeys(names), "names"] == list(SENTENCES)
    assert [each.done for each in told if isinstance(each, Step) and each.name == "envelopes"][-1] == CANDIDATES
    assert isinstance(told[-1], Done)
    assert len(apart.revealed()) == CANDIDATES


@pytest.mark.vault("V08")
def test_the_opening_goes_on_when_nobody_listens_any_more(apart: Stage) -> None:
    steps = begin(apart)
    assert isinstance(next(steps), Step)
    steps.close()  # type: ignore[attr-defined]
    assert until_unsealed(apart)
    assert len(apart.revealed()) == CANDIDATES


@pytest.mark.vault("V08")
def test_the_opening_goes_on_when_the_worker_that_asked_is_gone(apart: Stage) -> None:
    with in_this_process(apart.config):
        apart.almost()
    member = apart.people.custodians[1]
    person, now = apart.acting(member), clock.now().isoformat()
    request = Request.by(person, "finish", "custodian", apart.board, **typed(apart, member), progress="yes", now=now)
    command = [sys.executable, "-m", child.__name__]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=apart.config.environment(), cwd=ROOT, **pipes) as begun:  # type: ignore[call-overload]
        begun.stdout.close()
        begun.stdin.write(request.to_json())
        begun.stdin.close()
        begun.wait(30)
    assert len(apart.revealed()) == CANDIDATES


@pytest.mark.thorough
def test_what_is_refused_before_the_first_step_is_raised_as_ever(apart: Stage) -> None:
    with in_this_process(apart.config):
        apart.almost()
    member = apart.people.custodians[1]
    wrong = {"words": apart.first_words, "passphrase": "abandon " * 8}
    with pytest.raises(WrongPassphrase):
        convening.release_aloud(apart.database, apart.config, apart.acting(member), apart.board, **wrong)


def test_the_page_tells_the_steps_and_can_be_reloaded(locked: Stage) -> None:
    locked.almost()
    member = locked.people.custodians[1]
    visitor = Visitor.of(locked, member)
    page = visitor.post(ceremony(locked, "/release"), **typed(locked, member))
    assert (page.status_code, page.headers["X-Accel-Buffering"]) == (200, "no")
    assert "Content-Length" not in page.headers
    told = plain(page)
    places = [told.index(sentence.format(done=CANDIDATES, of=CANDIDATES)) for sentence in list(SENTENCES.values())[:-1]]
    assert places == sorted(places)
    assert told.index("Everything agreed. The names are open.") > places[-1]
    assert "</html>" in page.text
    assert not any(person.name in page.text for person in locked.people.candidates)
    fields = {**typed(locked, member), "csrf_token": token(page)}
    again = visitor.client.post(ceremony(locked, "/release"), data=fields)
    assert again.status_code == 303
    assert len(locked.log("board.unsealed")) == 1


def test_what_is_typed_wrongly_lands_beside_its_field_and_not_in_a_stream(locked: Stage) -> None:
    locked.almost()
    member = locked.people.custodians[1]
    visitor = Visitor.of(locked, member)
    for changed, sentence in (
        ({"words": "abandon ability"}, "The words are not the first two words"),
        ({"passphrase": "abandon " * 8}, "You have 4 tries left this hour."),
    ):
        page = visitor.post(ceremony(locked, "/release"), **{**typed(locked, member), **changed})
        assert page.status_code == 422
        assert sentence in plain(page)
    assert locked.revealed() == ()


@pytest.mark.vault("V07")
@pytest.mark.parametrize(("spoil", "check"), [(mark, "C3"), (swapped_envelopes, "C7")])
def test_a_check_that_refuses_on_the_way_says_so_on_the_page(
    locked: Stage, spoil: Callable[[Stage], None], check: str
) -> None:
    locked.almost()
    spoil(locked)
    member = locked.people.custodians[1]
    page = Visitor.of(locked, member).post(ceremony(locked, "/release"), **typed(locked, member))
    told = plain(page)
    assert SENTENCES["log"] in told
    assert f"Check {check} refused" in told
    assert ("It is about 2 numbers" in told) == (check == "C7")
    named = {number for _, number, _ in submissions(locked) if str(number) in page.text}
    assert named == ({number for _, number, _ in submissions(locked)[:2]} if check == "C7" else set())
    assert not any(person.name in page.text for person in locked.people.candidates)
    assert locked.revealed() == ()
    assert locked.log("unseal.refused")[-1].facts["check"] == check


def test_each_line_leaves_before_the_next_step_is_done(locked: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    locked.almost()
    reached: list[str] = []

    def slowly(*_all: object) -> Iterator[Told]:
        for name in ("log", "marks", "key"):
            reached.append(name)
            yield Step(name, 1, 1)
        reached.append("done")
        yield Done()

    monkeypatch.setattr(convening, "hear_child", slowly)
    member = locked.people.custodians[1]
    visitor = Visitor.of(locked, member)
    address = ceremony(locked, "/release")
    fields = {**typed(locked, member), "csrf_token": token(visitor.get(address))}
    sent = visitor.client.post(address, data=fields, buffered=False)
    seen = ""
    for part in sent.response:
        seen += part.decode() if isinstance(part, bytes) else part
        if SENTENCES["log"].split("’")[0] in seen:
            break
    assert reached == ["log"]
    sent.close()


def test_a_step_is_json_without_a_name(apart: Stage) -> None:
    heard: list[dict[str, object]] = []
    with in_this_process(apart.config):
        apart.almost()
        member = apart.people.custodians[1]
        now = clock.now().isoformat()
        person = apart.acting(member)
        asked = Request.by(person, "finish", "custodian", apart.board, **typed(apart, member), progress="yes", now=now)
        answer = answering.answer(apart.config, apart.database, asked, heard.append)
    said = json.dumps([*heard, answer])
    assert not any(part in said for each in apart.people.candidates for part in (each.name, each.email))
    assert str(submissions(apart)[0][1]) not in said
