"""A later ceremony in a signed log: one that was lawful is accepted, and no other is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from panel.audit import verifier
from tests.audit.forging import closed
from tests.audit.test_dishonest_service import Entries, entry, faults, rewritten

pytestmark = pytest.mark.vault("V20")

LATER = "33" * 16


def held_again(log: Entries) -> dict[str, dict[str, Any]]:
    """A lawful later ceremony at the end of the log; its entries by kind, the panel's release under "panel"."""
    facts = {each["kind"]: each["facts"] for each in log}
    opened, unsealed = facts["ceremony.opened"], facts["board.unsealed"]
    begun = {**opened, "ceremony": LATER, "occasion": "lost_key"}
    made = {
        "ceremony.opened": entry("ceremony.opened", "custodian", begun, log[0]),
        "panel": entry("ceremony.released", "chair", {"ceremony": LATER, "side": "panel", "seat": 1}, log[0]),
        "ceremony.released": entry(
            "ceremony.released", "custodian", {"ceremony": LATER, "side": "hr", "seat": 1}, log[0]
        ),
        "names.opened_again": entry(
            "names.opened_again",
            "custodian",
            {**unsealed, "ceremony": LATER, "occasion": "lost_key", "seats": ["hr 1", "hr 2", "panel 1"]},
            log[0],
        ),
    }
    log.extend(made.values())
    return made


def changing(kind: str, **facts: Any) -> Callable[[Entries], None]:
    return lambda log: held_again(log)[kind]["facts"].update(facts)


def without(kind: str) -> Callable[[Entries], None]:
    return lambda log: log.remove(held_again(log)[kind])


def with_between(kind: str, **facts: Any) -> Callable[[Entries], None]:
    return lambda log: log.insert(log.index(held_again(log)["names.opened_again"]), entry(kind, "hr", facts, log[0]))


def before_the_unsealing(log: Entries) -> None:
    made = list(held_again(log).values())
    del log[-len(made) :]
    at = [each["kind"] for each in log].index("ceremony.opened")
    log[at:at] = made


def once_archived(log: Entries) -> None:
    made = held_again(log)
    log.insert(log.index(made["ceremony.opened"]), entry("board.archived", "hr", {}, log[0]))


def for_the_first_again(log: Entries) -> None:
    """The releases of the unsealing used once more, under the same ceremony."""
    made = held_again(log)
    for kind in ("ceremony.opened", "panel", "ceremony.released"):
        log.remove(made[kind])
    first = next(each["facts"]["ceremony"] for each in log if each["kind"] == "board.unsealed")
    made["names.opened_again"]["facts"]["ceremony"] = first


def twice_for_one(log: Entries) -> None:
    log.append({**held_again(log)["names.opened_again"]})


def once_more(log: Entries, ceremony: str, occasion: str = "lost_key", **facts: Any) -> None:
    made = held_again(log)
    for each in made.values():
        each["facts"]["ceremony"] = ceremony
    for kind in ("ceremony.opened", "names.opened_again"):
        made[kind]["facts"]["occasion"] = occasion
    made["names.opened_again"]["facts"].update(facts)


def counted_twice(log: Entries) -> None:
    for ceremony in ("44" * 16, "55" * 16):
        once_more(log, ceremony, "recount")


def lost_and_found(log: Entries) -> None:
    once_more(log, "44" * 16, missing=[[1, "00" * 32]])
    once_more(log, "55" * 16)


def counted_without_one(log: Entries) -> None:
    made = held_again(log)
    for kind in ("ceremony.opened", "names.opened_again"):
        made[kind]["facts"].update(occasion="recount", exceptions=[1])


LAWFUL: dict[str, Callable[[Entries], object]] = {
    "to read the names": held_again,
    "to count outcomes": lambda log: once_more(log, LATER, "recount"),
    "a name lost, and found when its envelope was restored": lost_and_found,
}


UNLAWFUL: dict[str, tuple[Callable[[Entries], None], str]] = {
    "one custodian": (changing("names.opened_again", seats=["hr 1", "panel 1"]), "without enough releases"),
    "no panel": (changing("names.opened_again", seats=["hr 1", "hr 2"]), "without enough releases"),
    "panel did not release": (without("panel"), "without enough releases"),
    "custodian did not release": (without("ceremony.released"), "without enough releases"),
    "begun by nobody": (without("ceremony.opened"), "Missing or spoilt"),
    "other marks": (changing("ceremony.opened", marks_root="00" * 32), "releases were not for"),
    "begun for something else": (changing("ceremony.opened", occasion="recount"), "releases were not for"),
    "other names": (changing("names.opened_again", names_root="00" * 32), "to other names"),
    "a name more": (changing("names.opened_again", revealed=99), "to other names"),
    "a name said to be lost": (changing("names.opened_again", missing=[[1, "00" * 32]]), "Missing or spoilt"),
    "others set aside": (changing("names.opened_again", exceptions=[1]), "releases were not for"),
    "amended meanwhile": (with_between("amendment.confirmed", seq=1), "A later change had ended"),
    "ended meanwhile": (with_between("ceremony.aborted", ceremony=LATER), "A later change had ended"),
    "archived meanwhile": (with_between("board.archived"), "A later change had ended"),
    "before the unsealing": (before_the_unsealing, "out of time"),
    "once archived": (once_archived, "out of time"),
    "the first releases again": (for_the_first_again, "A later change had ended"),
    "twice for one": (twice_for_one, "A later change had ended"),
    "outcomes counted again twice": (counted_twice, "counted again twice"),
    "outcomes counted again without somebody": (counted_without_one, "not with all"),
    "by no custodian": (lambda log: held_again(log)["names.opened_again"].update(role="hr"), "enough releases"),
}


@pytest.mark.parametrize("name", LAWFUL)
def test_a_lawful_later_ceremony_is_accepted_and_told(records: dict[str, Path], name: str, tmp_path: Path) -> None:
    file = tmp_path / "later.zip"
    file.write_bytes(closed(rewritten(records["named"].read_bytes(), LAWFUL[name])))
    told = list(verifier.verify(file, (), (), ()))
    assert [sentence for holds, sentence in told if not holds] == []
    assert any(sentence.startswith("Opened again by hr 1, hr 2, panel 1") for _, sentence in told)


@pytest.mark.parametrize("name", UNLAWFUL)
def test_a_later_ceremony_must_have_been_lawful(records: dict[str, Path], name: str, tmp_path: Path) -> None:
    change, fault = UNLAWFUL[name]
    said = faults(rewritten(records["named"].read_bytes(), change), tmp_path)
    assert any(fault in sentence for sentence in said), (name, said)


def test_without_an_unsealing_nothing_was_opened_again(records: dict[str, Path], tmp_path: Path) -> None:
    def change(log: Entries) -> None:
        held_again(log)
        log[:] = [each for each in log if each["kind"] not in {"board.unsealed", "board.published"}]

    assert any(
        "Missing or spoilt" in each for each in faults(rewritten(records["unsealed"].read_bytes(), change), tmp_path)
    )
