"""The record of one board as one zip, the same bytes whenever it is made of the same board. Pure.

Every member is canonical JSON, one value a line. `audit/verifier.py` reads the same form and shares no code with this.
"""

import json
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from panel.audit.queries import Signed
from panel.blind.submissions.record_queries import Text
from panel.kernel.encoding import Json, canonical, digest
from panel.kernel.ids import BoardId
from panel.named.unsealing.record_queries import Named, Sealed

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
#: The first day a zip can name, in its own writing: no member tells when it was made.
_DAY: Final = 1 << 5 | 1
#: Owner only, and a plain file.
_RIGHTS: Final = 0o100600 << 16


@dataclass(frozen=True)
class Record:
    """All that the record holds. `log` ends where the last of `heads` does; `names` is None where they are left out."""

    board: BoardId
    policy: Json
    log: tuple[bytes, ...]
    heads: tuple[Signed, ...]
    locked: tuple[bytes, ...]
    texts: tuple[Text, ...]
    sealed: tuple[Sealed, ...]
    names: tuple[Named, ...] | None = None

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """Every member but the manifest, by name."""
        found = {
            "envelopes.jsonl": lines(_sealed(each) for each in self.sealed),
            "heads.jsonl": lines(each.to_json() for each in self.heads),
            "locked.jsonl": _joined(self.locked),
            "log.jsonl": _joined(self.log),
            "policy.json": canonical(self.policy),
            "submissions.jsonl": lines(_text(each) for each in self.texts),
        }
        names = {} if self.names is None else {"names.jsonl": lines(_named(each) for each in self.names)}
        return found | names

    @cached_property
    def manifest(self) -> bytes:
        """What is in the record, with the SHA-256 of every member."""
        return canonical(
            {
                "board": str(self.board),
                "files": {name: digest(body).hex() for name, body in self.files.items()},
                "format": FORMAT,
                "kind": "record",
                "names": self.names is not None,
            }
        )

    @property
    def manifest_digest(self) -> bytes:
        """32 bytes that stand for the whole record."""
        return digest(self.manifest)

    def to_zip(self) -> bytes:
        """The whole, as it is kept and sent."""
        return zipped({**self.files, MANIFEST: self.manifest})


def lines(values: Iterable[Json]) -> bytes:
    """Canonical JSON, a line each."""
    return _joined(map(canonical, values))


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip by order of name: members stored as they are, without time, owner or comment.

    Written by hand, because a library's next version may write the same members as other bytes.
    """
    parts, directory, at = [], b"", 0
    for name in sorted(files):
        body, written = files[name], name.encode("ascii")
        size = len(body)
        about = struct.pack("<HHHHHLLLHH", 20, 0, 0, 0, _DAY, zlib.crc32(body), size, size, len(written), 0)
        parts += [b"PK\x03\x04" + about + written, body]
        directory += b"PK\x01\x02\x14\x03" + about + struct.pack("<HHHLL", 0, 0, 0, _RIGHTS, at) + written
        at += len(parts[-2]) + size
    count = len(files)
    end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, count, count, len(directory), at, 0)
    return b"".join((*parts, directory, end))


def _joined(bodies: Iterable[bytes]) -> bytes:
    return b"".join(body + b"\n" for body in bodies)


def _sealed(each: Sealed) -> Json:
    digests = {"equality_digest": each.equality_digest.hex(), "leaf": each.leaf.hex()}
    return {**digests, "ref": str(each.ref), "sealed": each.envelope.hex()}


def _text(each: Text) -> Json:
    shown: Json = {"answers": each.shown, "version": each.version} if each.version else None
    return {"answers": each.lodged, "number": each.number, "shown": shown}


def _named(each: Named) -> Json:
    return {"identity": json.loads(each.plaintext), "number": each.number}
