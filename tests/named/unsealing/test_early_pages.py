"""The sitting as people meet it: one page for all of them, one name for one of them, and nothing for anybody else."""

import re

import pytest
from sqlalchemy import select

from panel.blind.allocation.models import TaskRow
from tests.named.unsealing.custodial import retire
from tests.named.unsealing.sitting import WRONG, ask, box, quorum, target
from tests.named.unsealing.stage import Stage
from tests.named.unsealing.visitor import Visitor, plain

pytestmark = pytest.mark.vault("V15")


def test_the_sitting_by_hand(moderated: Stage) -> None:
    one, people, base = target(moderated), moderated.people, f"/boards/{moderated.board}/early"
    visitor = Visitor.of(moderated, people.custodians[0])
    assert "You have not had an envelope of this board opened" in plain(visitor.get(base))
    empty = visitor.post(f"{base}/sitting")
    assert empty.status_code == 422
    for sentence in ("Enter the number of the application", "Select why this name must be known", "Enter what has"):
        assert sentence in plain(empty)
    fields = {"number": str(one.number), "ground": "fraud", "reason": "Two answers were bought."}
    assert "Not enough people have typed their passphrase" in plain(visitor.post(f"{base}/sitting", **fields))
    boxes = {box(moderated, member): moderated.passphrase(member) for member in quorum(moderated)}
    wrong = visitor.post(f"{base}/sitting", **fields, **{**boxes, box(moderated, people.chair): WRONG})
    assert wrong.status_code == 422
    assert "That is not your passphrase" in plain(wrong)
    assert "It counts against the one who asks" in plain(wrong)
    assert not any(secret in wrong.text for secret in boxes.values())
    done = visitor.post(f"{base}/sitting", **fields, **boxes)
    assert done.status_code == 303
    sitting_still_there = visitor.get(done.location)
    assert "Read the name once the others have left" in plain(sitting_still_there)
    assert one.author.name not in sitting_still_there.text
    assert one.author.name in plain(visitor.get(f"{base}/{one.number}"))
    assert "Two answers were bought." in plain(visitor.get(base))
    overview = Visitor.of(moderated, people.chair).get(f"/panel/{moderated.board}/moderation")
    assert str(one.number) in plain(overview)
    assert one.author.name not in overview.text


def test_the_pages_are_there_for_custodians_alone(moderated: Stage) -> None:
    one, people = target(moderated), moderated.people
    ask(moderated, one.number)
    base = f"/boards/{moderated.board}/early"
    for member in (people.chair, people.hr, people.auditor, people.markers[0], people.candidates[0]):
        for address in (base, f"{base}/sitting", f"{base}/{one.number}"):
            assert Visitor.of(moderated, member).get(address).status_code == 404
    assert Visitor.of(moderated, people.custodians[1]).get(f"{base}/{one.number}").status_code == 404
    for address in (f"{base}/sitting", f"{base}/{one.number}"):
        assert Visitor.of(moderated, people.custodians[0], stepped_up=False).get(address).status_code == 302


def test_typing_may_take_longer_than_the_password_counts_for_one_person(moderated: Stage) -> None:
    one, people, address = target(moderated), moderated.people, f"/boards/{moderated.board}/early/sitting"
    visitor = Visitor.of(moderated, people.custodians[0])
    fields = {"number": str(one.number), "ground": "fraud", "reason": "Two answers were bought."}
    fields |= {box(moderated, member): moderated.passphrase(member) for member in quorum(moderated)}
    assert "done=envelope-opened" in visitor.send_together(address, **fields).location


def test_nobody_is_asked_for_the_passphrase_of_a_lost_seat(moderated: Stage) -> None:
    lost, address = moderated.people.custodians[2], f"/boards/{moderated.board}/early/sitting"
    visitor, name = Visitor.of(moderated, moderated.people.custodians[0]), box(moderated, lost)
    assert f'name="{name}"' in visitor.get(address).text
    retire(moderated, lost)
    assert f'name="{name}"' not in visitor.get(address).text


def test_to_a_marker_the_task_is_gone_like_any_other(moderated: Stage) -> None:
    one = target(moderated)
    with moderated.database.reading() as db:
        query = select(TaskRow.code, TaskRow.marker).where(TaskRow.ref == one.ref).order_by(TaskRow.code)
        code, marker = db.execute(query).all()[0]
    visitor = Visitor.of(moderated, next(each for each in moderated.people.markers if each.marker == marker))
    ask(moderated, one.number)
    gone, absent = (visitor.get(f"/panel/{moderated.board}/marking/{each}") for each in (code, "0" * 12))
    assert (gone.status_code, same(gone.text)) == (absent.status_code, same(absent.text))


def same(page: str) -> str:
    return re.sub(r'value="[0-9a-f]{64}"', "", page)


@pytest.mark.vault("V22")
@pytest.mark.leak("L97")
def test_no_error_page_hands_a_passphrase_back(moderated: Stage) -> None:
    visitor = Visitor.of(moderated, moderated.people.custodians[0])
    boxes = {box(moderated, member): moderated.passphrase(member) for member in quorum(moderated)}
    why = {
        "number": str(target(moderated).number),
        "ground": "fraud",
        "reason": "Two answers were bought, and will be sold again before Friday.",
    }
    path = f"/boards/{moderated.board}/early/sitting"
    forged = visitor.client.post(path, data={**why, **boxes, "csrf_token": "0" * 64})
    assert forged.status_code == 400
    assert why["reason"] in forged.get_data(as_text=True)
    for passphrase in boxes.values():
        assert passphrase not in forged.get_data(as_text=True)
