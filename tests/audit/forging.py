"""Single changes to a record, each by its number: some by accident, most by somebody who makes the manifest anew."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from panel.kernel.encoding import canonical
from panel.named.oversight.record import MANIFEST, zipped

Files = dict[str, bytes]


class Dice:
    """Draws that a number repeats."""

    def __init__(self, turn: int) -> None:
        self._turn, self._thrown = turn, 0

    def below(self, bound: int) -> int:
        self._thrown += 1
        thrown = hashlib.sha256(f"{self._turn}/{self._thrown}".encode()).digest()
        return int.from_bytes(thrown[:8], "big") % bound

    def one(self, of: Any) -> Any:
        return list(of)[self.below(len(of))]


def opened(data: bytes) -> Files:
    """The members of a record, read by their headers."""
    found, at = {}, 0
    while data[at : at + 4] == b"PK\x03\x04":
        size = int.from_bytes(data[at + 22 : at + 26], "little")
        start = at + 30 + int.from_bytes(data[at + 26 : at + 28], "little")
        found[data[at + 30 : start].decode()] = data[start : start + size]
        at = start + size
    return found


def closed(files: Mapping[str, bytes]) -> bytes:
    """The members as a record again, with a manifest that lists them as they are now."""
    manifest = json.loads(files[MANIFEST])
    others = {name: body for name, body in files.items() if name != MANIFEST}
    listed = {name: hashlib.sha256(body).hexdigest() for name, body in others.items()}
    said = {**manifest, "files": listed, "names": "names.jsonl" in others}
    return zipped({**others, MANIFEST: canonical(said)})


def lines(files: Files, name: str) -> list[dict[str, Any]]:
    """The lines of one member."""
    return [json.loads(line) for line in files[name].splitlines()]


def with_lines(files: Files, name: str, found: list[dict[str, Any]]) -> Files:
    """The members with these lines in one of them."""
    return {**files, name: b"".join(canonical(each) + b"\n" for each in found)}


def forged(data: bytes, turn: int) -> tuple[str, bytes]:
    """What was done and the changed record, for any number; sometimes that makes no difference to the bytes."""
    dice = Dice(turn)
    change = _CHANGES[turn % len(_CHANGES)]
    return change.__name__, change(data, dice)


def a_bit(data: bytes, dice: Dice) -> bytes:
    at = dice.below(len(data))
    return data[:at] + bytes([data[at] ^ 1 << dice.below(8)]) + data[at + 1 :]


def a_byte(data: bytes, dice: Dice) -> bytes:
    at = dice.below(len(data))
    return data[:at] + bytes([dice.below(256)]) + data[at + 1 :]


def some_bytes_in_or_out(data: bytes, dice: Dice) -> bytes:
    at, count = dice.below(len(data)), dice.below(8) + 1
    return data[:at] + data[at + count :] if dice.below(2) else data[:at] + bytes(count) + data[at:]


def cut_short_or_longer(data: bytes, dice: Dice) -> bytes:
    return data[: dice.below(len(data))] if dice.below(2) else data + bytes(dice.below(64) + 1)


def a_byte_of_a_member(data: bytes, dice: Dice) -> bytes:
    files = opened(data)
    name = dice.one([each for each in files if files[each]])
    body = files[name]
    at = dice.below(len(body))
    return _made({**files, name: body[:at] + bytes([dice.below(128)]) + body[at + 1 :]}, name)


def a_line_dropped(data: bytes, dice: Dice) -> bytes:
    return _relined(data, dice, lambda lines: lines.pop(dice.below(len(lines))))


def a_line_twice(data: bytes, dice: Dice) -> bytes:
    return _relined(data, dice, lambda lines: lines.insert(dice.below(len(lines) + 1), dice.one(lines)))


def two_lines_swapped(data: bytes, dice: Dice) -> bytes:
    def swap(lines: list[bytes]) -> None:
        one, other = dice.below(len(lines)), dice.below(len(lines))
        lines[one], lines[other] = lines[other], lines[one]

    return _relined(data, dice, swap)


def a_value(data: bytes, dice: Dice) -> bytes:
    def change(lines: list[bytes]) -> None:
        at = dice.below(len(lines))
        lines[at] = canonical(_changed(json.loads(lines[at]), dice))

    return _relined(data, dice, change)


def a_line_more(data: bytes, dice: Dice) -> bytes:
    def add(lines: list[bytes]) -> None:
        lines.insert(dice.below(len(lines) + 1), canonical(_changed(json.loads(dice.one(lines)), dice)))

    return _relined(data, dice, add)


def two_values_swapped(data: bytes, dice: Dice) -> bytes:
    def swap(lines: list[bytes]) -> None:
        one, other = dice.below(len(lines)), dice.below(len(lines))
        first, second = json.loads(lines[one]), json.loads(lines[other])
        both = sorted(first.keys() & second.keys())
        key = dice.one(both)
        first[key], second[key] = second[key], first[key]
        lines[one], lines[other] = canonical(first), canonical(second)

    return _relined(data, dice, swap)


def a_key_more_or_less(data: bytes, dice: Dice) -> bytes:
    def change(lines: list[bytes]) -> None:
        at = dice.below(len(lines))
        value = json.loads(lines[at])
        if dice.below(2):
            value.pop(dice.one(sorted(value)))
        else:
            value["note"] = "Checked and found right."
        lines[at] = canonical(value)

    return _relined(data, dice, change)


def white_space(data: bytes, dice: Dice) -> bytes:
    def change(lines: list[bytes]) -> None:
        at = dice.below(len(lines))
        lines[at] = lines[at].replace(b'":', b'": ', 1)

    return _relined(data, dice, change)


def the_rules(data: bytes, dice: Dice) -> bytes:
    files = opened(data)
    policy = _changed(json.loads(files["policy.json"]), dice)
    return closed({**files, "policy.json": canonical(policy)})


def the_manifest(data: bytes, dice: Dice) -> bytes:
    files = opened(data)
    return zipped({**files, MANIFEST: canonical(_changed(json.loads(files[MANIFEST]), dice))})


def a_member_gone_or_another(data: bytes, dice: Dice) -> bytes:
    files = opened(data)
    name = dice.one(sorted(set(files) - {MANIFEST, "names.jsonl"}))
    if dice.below(2):
        return closed({key: body for key, body in files.items() if key != name})
    return closed({**files, name: files[dice.one(sorted(set(files) - {MANIFEST, name}))]})


_CHANGES: Final[tuple[Callable[[bytes, Dice], bytes], ...]] = (
    a_bit,
    a_value,
    a_byte,
    a_line_dropped,
    some_bytes_in_or_out,
    a_line_twice,
    cut_short_or_longer,
    two_lines_swapped,
    a_byte_of_a_member,
    a_line_more,
    two_values_swapped,
    a_key_more_or_less,
    white_space,
    the_rules,
    the_manifest,
    a_member_gone_or_another,
)


def _made(files: Files, name: str) -> bytes:
    return zipped(files) if name == MANIFEST else closed(files)


def _relined(data: bytes, dice: Dice, change: Callable[[list[bytes]], object]) -> bytes:
    """Change the lines of one member, each member as likely as another, and make the manifest anew."""
    files = opened(data)
    name = dice.one(sorted(each for each in files if each.endswith(".jsonl") and files[each]))
    lines = files[name].splitlines()
    change(lines)
    return closed({**files, name: b"".join(line + b"\n" for line in lines)})


def _changed(value: Any, dice: Dice) -> Any:
    """The same with one value somewhere in it changed."""
    *way, last = dice.one(list(_places(value)))
    holder = value
    for step in way:
        holder = holder[step]
    holder[last] = _other(holder[last], dice)
    return value


def _places(value: Any, *way: Any) -> Iterator[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        if isinstance(inner, dict | list) and inner:
            yield from _places(inner, *way, step)
        else:
            yield (*way, step)


def _other(value: Any, dice: Dice) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return dice.one((value + 1, value - 1, str(value), value == 1))
        case str() if value:
            at = dice.below(len(value))
            return value[:at] + ("0" if value[at] != "0" else "1") + value[at + 1 :]
        case None:
            return dice.one((0, False, "", {}))
    return [0]
