"""Checks the record of one board, offline: this file alone, the standard library and `cryptography`, nothing of panel.

    python verifier.py record.zip [--head SIZE:ROOT] [--receipt FILE] [--key HEX]
Use a copy of your own, not one that came with the record. One line for each check; exit code 0 if all hold, else 1."""

import argparse
import hashlib
import io
import json
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from pathlib import Path
from typing import Any, BinaryIO, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MOST, LOG, LONGEST, LINES = 2**28, 2**25, 2**20, 2_000_000  # bytes of a record, its log, and a line; and lines in all
MANIFEST, NAMES, POLICY, AGAIN = "manifest.json", "names.jsonl", "policy.json", "names.opened_again"
ENDS: Final = {"amendment.confirmed", "seat.handed_over", "envelope.opened_early", "board.unsealed", "board.archived"}
#: The files of a record, with the keys of each line where no signature or root holds them.
FILES: Final = dict.fromkeys((MANIFEST, POLICY, "log.jsonl", "locked.jsonl"), "")
FILES.update({"heads.jsonl": "key_id on root signature size", "envelopes.jsonl": "equality_digest leaf ref sealed"})
FILES.update({"submissions.jsonl": "answers number shown", NAMES: "identity number"})
STAGES: Final = ("opened", "closed", "marking", "moderation", "locked", "unsealed", "published", "archived")
MOVERS: Final = {"moderation": {"chair", "deputy"}, "locked": {"chair", "deputy"}, "unsealed": {"custodian"}}  # else HR


def demand(holds: object, otherwise: str) -> None:
    if not holds:
        raise AssertionError(otherwise)


def context(label: bytes, *parts: bytes) -> bytes:
    return b"".join(struct.pack(">H", len(piece)) + piece for piece in (label, *parts))


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def load(text: bytes, keys: str = "") -> Any:
    """Canonical JSON; what is written otherwise, or has other keys than these, is refused."""
    value = json.loads(text, parse_float=int, parse_constant=int) if len(text) < LONGEST else ""
    demand(canonical(value) == text and (not keys or {*value} == {*keys.split()}), "A line is not in its form.")
    return value


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def roots(data: Sequence[bytes], sizes: Iterable[int] = (), *, hashed: bool = False) -> dict[int, bytes]:
    """The RFC 9162 root over the first so many pieces of data, or leaf hashes, and under -1 over all of them."""
    edge, found, wanted = list[bytes](), {0: sha()}, {*sizes, len(data)}
    for size, each in enumerate(data, start=1):
        edge.append(each if hashed else sha(b"\x00", each))
        for _ in range((size & -size).bit_length() - 1):
            edge[-2:] = [sha(b"\x01", *edge[-2:])]
        if size in wanted:
            found[size] = reduce(lambda right, left: sha(b"\x01", left, right), reversed(edge))
    return found | {-1: found[len(data)]}


def raw(text: str, size: int = 32) -> bytes:
    value = bytes.fromhex(text)
    demand(value.hex() == text and len(value) == size, "An id or digest is not in its form.")
    return value


def unpacked(data: BinaryIO) -> dict[str, bytes]:
    """The files of the one zip that holds them: stored as they are, by name, without time, owner or comment."""
    found, index, at = dict[str, bytes](), b"", 0
    while (header := data.read(30)).startswith(b"PK\x03\x04"):
        size, length = struct.unpack_from("<LH", header, 22)
        name, body = data.read(length), data.read(min(size, MOST))
        about = struct.pack("<HHHHHLLLHH", 20, 0, 0, 0, 33, zlib.crc32(body), len(body), len(body), len(name), 0)
        demand(name.decode() in {*FILES} - {*found}, "It holds a file that no record has, or one file twice.")
        demand(header[4:] == about, "Bytes of it were changed, or it is not whole.")
        index += b"PK\x01\x02\x14\x03" + about + struct.pack("<HHHLL", 0, 0, 0, 0o100600 << 16, at) + name
        found[name.decode()], at = body, at + 30 + length + size
    end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, len(found), len(found), len(index), at, 0)
    demand(header + data.read() == index + end and [*found] == sorted(found), "It is not put together as a record is.")
    demand({*FILES} - {*found} <= {NAMES}, "A file is missing from it.")
    return found


#: A record read strictly, beside what the auditor brought. Each check yields what holds, or raises.
class Record:
    def __init__(self, file: Path, heads: Sequence[str], receipts: Sequence[Path], keys: Sequence[str]) -> None:
        demand(file.stat().st_size <= MOST, "It is larger than any record.")
        with file.open("rb") as data:
            self.files = unpacked(data)
        demand(sum(body.count(b"\n") for body in self.files.values()) <= LINES, "It is longer than any record.")
        demand(len(self.files["log.jsonl"]) + len(self.files["heads.jsonl"]) <= LOG, "It is longer than any record.")
        demand(all(re.fullmatch("[1-9][0-9]{0,9}:[0-9a-f]{64}", each) for each in heads), "A head is not SIZE:ROOT.")
        self.given, self.receipts = [(int(size), root) for size, root in (each.split(":") for each in heads)], receipts
        self.bodies, self.log = zip(*self.lines("log.jsonl"), strict=True)
        self.leaves = [line for line, _ in self.lines("locked.jsonl")]
        self.cards = {load(line)["number"]: line for line in self.leaves if b'"leaf":"submission"' in line}
        self.id, self.board = self.log[0]["log"], raw(self.log[0]["log"], 16)
        self.opened, self.closed, self.locked = map(self.only, ("board.opened", "board.closed", "board.locked"))
        self.unsealed, self.destroyed = self.only("board.unsealed", {}), self.only("texts.destroyed", {})
        listed = {name: sha(body).hex() for name, body in self.files.items() if name != MANIFEST}
        about = {"board": self.id, "files": listed, "format": 1, "kind": "record", "names": NAMES in listed}
        demand(self.files[MANIFEST] == canonical(about), "The manifest does not list these files as they are.")
        self.keys = {sha(key).hex(): key for key in map(raw, [*keys, self.opened["log_key"]])}
        self.pinned = {sha(raw(key)).hex() for key in keys}
        before = [self.log[max(n - 1, 0)]["kind"] for n, e in enumerate(self.log) if e["kind"] == "texts.destroyed"]
        demand(before in ([], ["board.archived"]), "Texts were destroyed at another time than when it was archived.")

    def lines(self, name: str) -> Iterator[tuple[bytes, Any]]:
        for line in io.BytesIO(self.files.get(name, b"")):
            yield line[:-1], load(line.removesuffix(b"\n") if line.endswith(b"\n") else b"", FILES[name])

    def facts(self, kind: str) -> list[Any]:
        return [entry["facts"] for entry in self.log if entry["kind"] == kind]

    def only(self, kind: str, absent: Any = None) -> Any:
        found = self.facts(kind) or [absent]
        demand(len(found) == 1 and found[0] is not None, f"{kind} is not once in its log: no record of a locked board.")
        return found[0]

    def lodged(self, ref: str, *digests: str) -> bytes:
        return sha(b"\x00", context(b"panel/lodged/v1", self.board, raw(ref, 16), *map(raw, digests)))

    def lodged_leaves(self) -> Iterator[tuple[int, bytes, bool]]:
        """The number and the kept leaf of every submission, by ref, and whether the submission still leads to it."""
        cards = {load(line)["ref"]: line for line in self.cards.values()}
        for _, each in self.lines("envelopes.jsonl"):
            card, seal = load(cards[each["ref"]]), sha(raw(each["sealed"], len(each["sealed"]) // 2)).hex()
            now = self.lodged(each["ref"], card["answers_digest"], seal, each["equality_digest"])
            yield card["number"], raw(each["leaf"]), now.hex() == each["leaf"]

    def prove(self, said: dict[str, Any], message: bytes, fault: str) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(self.keys[said["key_id"]]).verify(raw(said["signature"], 64), message)
        except (InvalidSignature, KeyError):
            raise AssertionError(fault) from None

    def enough(self, seats: set[str]) -> bool:
        hr = {seat for seat in seats if seat.startswith("hr ")}
        return len(hr) >= self.opened["k"] and hr < seats <= {f"{e['side']} {e['seat']}" for e in self.opened["seats"]}

    def check_log(self) -> Iterator[str]:
        heads, before = [head for _, head in self.lines("heads.jsonl")], 0
        found = roots(self.bodies, {*(size for size, _ in self.given), *(head["size"] for head in heads)})
        for head in heads:
            size, on, root = head["size"], head["on"].encode(), raw(head["root"])
            leads = type(size) is int and size > before and found.get(size) == root
            demand(leads, f"Entries {before} to {size - 1} of the log are not what was signed: one was changed.")
            fault = f"The head at {size} is not signed with the key named at the founding, or one given by --key."
            self.prove(head, context(b"panel/head/v1", self.board, struct.pack(">Q", size), root, on), fault)
            before = size
        ends = {e["seq"] + 1 + (e["kind"] == "board.archived") for e in self.log if e["kind"][6:] in STAGES}
        ends |= {each["head_size"] for each in self.facts("ceremony.opened")} | {len(self.log)}
        placed = all(each["seq"] == n and each["log"] == self.id for n, each in enumerate(self.log))
        demand(placed and ends <= {head["size"] for head in heads}, "A signed head is missing.")
        first, now = sha(raw(self.opened["log_key"])).hex(), head["key_id"]
        trusted = not self.pinned or {first, now} & self.pinned
        demand(trusted, f"No key given by --key is that of the founding ({first}) or of the last head ({now}).")
        yield f"The log has {before} entries and rebuilds to the signed root {found[-1].hex()}."
        yield f"All {len(heads)} signed heads verify; SHA-256 of the log key at the founding {first}, at the end {now}."
        for size, kept in self.given:
            demand(found.get(size, b"").hex() == kept, f"Your head of {size} is not of this log, or of a later day.")
            yield f"The log continues your head of {size} entries."
        if not self.given:
            yield "Not checked: no head of your own was given, so a log written wholly anew would not be noticed."

    def check_stages_and_rules(self) -> Iterator[str]:
        moves = [(e["kind"][6:], e["role"]) for e in self.log if e["kind"][:6] == "board." and e["kind"][6:] in STAGES]
        lawful = all(STAGES[n : n + 1] == (to,) and by in MOVERS.get(to, {"hr"}) for n, (to, by) in enumerate(moves))
        demand(lawful, "The board did not go through its stages in order, or somebody moved it who may not.")
        yield f"The board went through its stages in order, up to {moves[-1][0]}, moved each time by a part that may."
        custody = {key: self.opened[key] for key in "kn"} == load(self.files[POLICY])["custody"]
        same = custody and sha(self.files[POLICY]).hex() == self.opened["policy_digest"]
        demand(same, "The rules are not the ones that candidates were shown when the board opened.")
        yield "The rules are the ones fixed when the board opened."

    def check_marks(self) -> Iterator[str]:
        root, header = roots(self.leaves)[-1].hex(), load(self.leaves[0])
        same = root == (self.destroyed or self.locked)["marks_root"]
        demand(same, f"A mark, agreed score or place was changed: they lead to {root}, and the log to another root.")
        bound = {"policy_digest": self.opened["policy_digest"], "lodged_root": self.closed["lodged_root"]}
        demand(header | bound | {"board": self.id} == header, "The marks were locked for other rules or submissions.")
        yield f"The {header['marks']} marks, the agreed scores and the merit list lead to the root in the log."

    def check_answers(self) -> Iterator[str]:
        decided = Counter(fact["number"] for fact in self.facts("redaction.decided"))
        for (_, each), (number, line) in zip(self.lines("submissions.jsonl"), self.cards.items(), strict=True):
            shown = each["shown"] or {"answers": each["answers"]}
            digests = [text and sha(canonical(text)).hex() for text in (each["answers"], shown["answers"])]
            wanted = [None, None] if self.destroyed else [load(line)[key] for key in ("answers_digest", "shown_digest")]
            plain = {"answers": shown["answers"], "version": decided[number]} if number in decided else None
            same = digests == wanted and canonical(each) == canonical(each | {"number": number, "shown": plain})
            demand(same, f"The answers of {number} are not those lodged, or not as the panel was shown them.")
        yield "Not checked: the destroyed texts." if self.destroyed else "Every answer is as it was lodged and shown."

    def check_submissions(self) -> Iterator[str]:
        leaves, count = [*self.lodged_leaves()], self.closed["submissions"]
        demand(count == len(self.cards), f"There are {len(self.cards)} submissions, and the close counted {count}.")
        if self.destroyed and not leaves:
            yield "Not checked: the envelopes, which were destroyed when the board was archived."
        else:
            whole = roots([each for _, each, _ in leaves], hashed=True)[-1].hex() == self.closed["lodged_root"]
            demand(whole, "The submissions are not those of the close: one was added or lost.")
            same, aside = {number for number, _, same in leaves if same}, {*self.unsealed.get("exceptions", ())}
            odd = sorted({*self.cards} - same - aside.union(*(each["exceptions"] for each in self.facts(AGAIN))))
            demand(not odd, f"The answers or envelopes of {odd} are not those of the close: swapped, changed or lost.")
            yield f"The {count} submissions and their envelopes are those of the close, but for any set aside."
            # what one C8 refused is set aside together: a sound envelope beside the spoilt one that names its person
            pairs = ({*fact["numbers"]} for fact in self.facts("unseal.refused") if fact["check"] == "C8")
            odd = sorted(aside & same - {each for pair in pairs if pair <= aside and pair - same for each in pair})
            demand(not odd, f"{odd} were set aside although the envelope is intact.")
        yield "Not checked: who applied. The roll names people and is in no record; its root is in the log."

    def check_opening(self) -> Iterator[str]:
        if not self.unsealed:
            yield "Not checked: the opening of the names, which had not taken place when this record was made."
        left = [f["exceptions"] for f in self.facts(AGAIN) if f["occasion"] == "recount"]
        demand(left in ([], [self.unsealed.get("exceptions")]), "Outcomes were counted again twice, or not with all.")
        for done in (each for each in self.log if each["kind"] in {"board.unsealed", AGAIN}):
            facts, seats, again = done["facts"], {*done["facts"]["seats"]}, done["kind"] == AGAIN
            acts = [e for e in self.log if e["facts"].get("ceremony") == facts["ceremony"] or e["kind"] in ENDS]
            kinds = [act["kind"] for act in acts]
            first, last = kinds.index("ceremony.opened"), acts.index(done)
            begun, between = acts[first]["facts"], [act["facts"] for act in acts[first + 1 : last]]
            demand({*kinds[first + 1 : last]} == {"ceremony.released"}, "A later change had ended that ceremony.")
            acted = seats - {f"{each['side']} {each['seat']}" for each in between}
            enough = self.enough(seats) and len(acted) <= 1 and all(seat.startswith("hr ") for seat in acted)
            demand(enough and done["role"] == "custodian", "The names were opened without enough releases.")
            same = all(begun.get(key) == facts.get(key) for key in ("exceptions", "occasion")) and begun["marks_root"]
            demand(same == self.locked["marks_root"], "The releases were not for what was opened.")
            was, aside = [kind for kind in kinds[:first] if kind.startswith("board.")], begun["exceptions"] or "none"
            alike = all(facts[key] == self.unsealed[key] for key in ("names_root", "revealed", "submissions"))
            demand(alike and was == ["board.unsealed"] * again, "Opened again out of time, or to other names.")
            yield f"Opened{' again' * again} by {', '.join(sorted(seats))} for the locked marks; set aside: {aside}."

    def check_later_acts(self) -> Iterator[str]:
        amended, early, refused = map(self.facts, ("amendment.confirmed", "envelope.opened_early", "unseal.refused"))
        alone = any(each["actor"] == each["facts"].get("decided_by", "nobody") for each in self.log)
        demand(not alone, "An amendment was confirmed by the person who had decided it.")
        demand(all(self.enough(set(each["seats"])) for each in early), "An envelope was opened early by too few.")
        yield f"Amendments: {len(amended)}; envelopes opened early: {len(early)}; openings refused: {len(refused)}."

    def check_names(self) -> Iterator[str]:
        named = [(each["number"], sha(canonical(each["identity"]))) for _, each in self.lines(NAMES)]
        for _, each in self.lines(NAMES):
            who, card = each["identity"], load(self.cards[each["number"]])
            belongs = (who["board"], who["ref"], who["content"]) == (self.id, card["ref"], card["answers_digest"])
            demand(belongs, f"The name beside {each['number']} was sealed for another submission.")
        if NAMES in self.files:
            lost = [(number, raw(gone)) for each in self.facts(AGAIN)[-1:] for number, gone in each.get("missing", ())]
            kept = [(struct.pack(">I", n), raw(load(self.cards[n])["ref"], 16), one) for n, one in sorted(named + lost)]
            found = roots([context(b"panel/named/v1", self.board, *each) for each in kept])[-1].hex()
            demand([named, found] == [sorted(named), self.unsealed["names_root"]], "The names are not those opened.")
            yield f"The {len(named)} names are those that were opened, each for its own submission."

    def check_receipts(self) -> Iterator[str]:
        leaves = {each for _, each, _ in self.lodged_leaves()} if self.receipts else set()
        for said in (json.loads(file.read_bytes()) for file in self.receipts):
            demand(said["board"] == self.id, "The receipt is of another board.")
            digests = (sha(canonical(said["answers"])).hex(), said["envelope_digest"], said["equality_digest"])
            lodged = self.lodged(said["ref"], *digests)
            self.prove(said, context(b"panel/receipt/v1", self.board, lodged), "The receipt was changed or forged.")
            demand(lodged in leaves or self.destroyed, "The receipt is genuine, but its submission was not counted.")
            yield f"The receipt is genuine, and its submission was {'counted' if lodged in leaves else 'destroyed'}."


def verify(*given: Any) -> Iterator[tuple[bool, str]]:
    """Every check, as whether it holds and a sentence; never raises. `given`: as Record takes them."""
    record = None
    for check in [method for name, method in vars(Record).items() if name.startswith("check_")]:
        try:
            record = record or Record(*given)
            yield from ((True, sentence) for sentence in check(record))
        except Exception as error:
            yield False, str(error) if type(error) is AssertionError else f"Missing or spoilt: {type(error).__name__}."
        if record is None:
            return


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Checks the record of one board, offline.")
    parser.add_argument("record", type=Path)
    for option, kind in (("--head", str), ("--receipt", Path), ("--key", str)):
        parser.add_argument(option, action="append", default=[], type=kind)
    for holds, sentence in (told := [*verify(*vars(parser.parse_args(arguments)).values())]):
        mark = "note" if sentence.startswith("Not checked:") else "holds" if holds else "FAILS"
        print(f"{mark:6}", "".join(each if each.isprintable() else "?" for each in sentence))
    return int(not all(holds for holds, _ in told))


if __name__ == "__main__":
    raise SystemExit(main())
