"""A web worker that lets a custodian finish, and then looks for words in its own memory. Run as a process by a test.

The words come spelt backwards, so that looking for them does not put them there.
"""

import json
import re
import sys
from pathlib import Path

from panel.access import queries as access
from panel.access.actor import Person
from panel.config import from_environment
from panel.kernel.ids import BoardId, MarkerId
from panel.named.unsealing import convening

CHUNK = 1 << 20


def main() -> None:
    asked = json.load(sys.stdin)
    config = from_environment()
    database = config.database("named")
    marker, board = MarkerId.parse(asked["marker"]), BoardId.parse(asked["board"])
    with database.reading() as db:
        person = Person(marker, access.roles(db, marker), access.account_of(db, marker))
    act = convening.release(database, config, person, board, words=asked["words"], passphrase=asked["passphrase"])
    there = anywhere(*(word.encode() for word in asked["backwards"]), *map(bytes.fromhex, asked["bytes"]))
    found = [word for word in asked["backwards"] if word.encode() in there]
    held = [each for each in asked["bytes"] if bytes.fromhex(each) in there]
    json.dump({"act": act.value, "found": found, "held": held}, sys.stdout)


def anywhere(*backwards: bytes) -> set[bytes]:
    """Which of these, read forwards, lie in any writable memory of this process. One look for all of them."""
    found: set[bytes] = set()
    with Path("/proc/self/mem").open("rb", buffering=0) as memory:
        for start, end in writable():
            for offset in range(start, end, CHUNK):
                try:
                    memory.seek(offset)
                    piece = memory.read(min(CHUNK + 256, end - offset))[::-1]
                except OSError:
                    break
                found |= {each for each in backwards if each in piece}
    return found


def writable() -> list[tuple[int, int]]:
    maps = Path("/proc/self/maps").read_text()
    return [
        (int(start, 16), int(end, 16)) for start, end in re.findall(r"^([0-9a-f]+)-([0-9a-f]+) rw", maps, re.MULTILINE)
    ]


if __name__ == "__main__":
    main()
