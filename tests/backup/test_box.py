"""The file of a backup: opens with its own key and whole, and in no other case."""

import io
from datetime import date
from pathlib import Path

import pytest

from panel.backup import box
from panel.backup.box import CHUNK, Header, Kind, NoBackup, OtherKey, Spoilt
from panel.backup.keys import NoBackupKey, PrivateKey, PublicKey, write_pair
from panel.kernel.errors import Malformed

KEY = PrivateKey.new()
HEADER = Header(Kind.DATABASE, date(2026, 11, 22), "0010", KEY.public.id)
#: Three whole chunks and a bit, no two of them alike.
CONTENT = bytes(place % 251 for place in range(3 * CHUNK + 17))


def made(content: bytes = CONTENT, header: Header = HEADER) -> bytes:
    pieces = [content[at : at + 1000] for at in range(0, len(content), 1000)]
    return b"".join(box.sealed(header, KEY.public, pieces))


def read(raw: bytes, key: PrivateKey = KEY) -> bytes:
    return b"".join(box.opened(io.BytesIO(raw), key))


SEALED = made()
#: Where the first chunk begins.
BODY = len(SEALED) - len(CONTENT) - 4 * 16


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, len(CONTENT)])
def test_what_was_sealed_is_opened_and_its_header_read(length: int) -> None:
    raw = made(CONTENT[:length])
    assert read(raw) == CONTENT[:length]
    assert box.header_of(io.BytesIO(raw)) == HEADER
    assert length < 40 or CONTENT[:40] not in raw


def test_no_bit_may_change() -> None:
    for at in (*range(0, BODY, 41), *range(BODY, len(SEALED), 9973), len(SEALED) - 1):
        spoilt = bytearray(SEALED)
        spoilt[at] ^= 1
        with pytest.raises(Malformed):
            read(bytes(spoilt))


def chunks() -> list[bytes]:
    body, size = SEALED[BODY:], CHUNK + 16
    return [body[at : at + size] for at in range(0, len(body), size)]


@pytest.mark.parametrize(
    "order", [(0, 1, 2), (0, 1), (0,), (), (1, 0, 2, 3), (0, 0, 1, 2, 3), (0, 2, 3), (0, 1, 2, 3, 3), (3,)]
)
def test_no_chunk_may_be_missing_moved_doubled_or_added(order: tuple[int, ...]) -> None:
    assert read(SEALED[:BODY] + b"".join(chunks())) == CONTENT
    with pytest.raises(Spoilt):
        read(SEALED[:BODY] + b"".join(chunks()[at] for at in order))


@pytest.mark.parametrize("less", [1, 16, 17, 18, CHUNK, len(SEALED) - BODY + 1, len(SEALED) - 30])
def test_a_file_that_ends_too_soon_is_refused(less: int) -> None:
    with pytest.raises(Malformed):
        read(SEALED[:-less])


def test_another_header_or_another_body_does_not_belong_to_it() -> None:
    other = made(CONTENT, Header(Kind.SECRETS, HEADER.on, HEADER.revision, HEADER.to))
    named = made(CONTENT, Header(Kind.RESULTS, HEADER.on, HEADER.revision, HEADER.to))
    # both headers are of one length, so that the bodies can be exchanged
    head = len(other) - len(CONTENT) - 4 * 16 - 1168
    with pytest.raises(Spoilt):
        read(other[:head] + named[head:])
    with pytest.raises(Spoilt):
        read(SEALED[:BODY] + other[head + 1168 :])


def test_another_key_is_told_so_and_another_file_too() -> None:
    with pytest.raises(OtherKey):
        read(SEALED, PrivateKey.new())
    with pytest.raises(NoBackup):
        read(b"PK\x03\x04" + SEALED)


def test_a_stream_costs_memory_for_a_chunk_only() -> None:
    def endless() -> object:
        for _ in range(64):
            yield bytes(CHUNK)

    longest = max(len(piece) for piece in box.sealed(HEADER, KEY.public, endless()))  # type: ignore[arg-type]
    assert longest <= CHUNK + 16


def test_the_two_halves_are_files_that_are_not_taken_for_each_other(tmp_path: Path) -> None:
    private, public = tmp_path / "backup.key", tmp_path / "backup.pub"
    written = write_pair(private, public)
    assert private.stat().st_mode & 0o777 == 0o400
    assert PublicKey.read(public) == PrivateKey.read(private).public == written
    for read_half, file in ((PublicKey.read, private), (PrivateKey.read, public), (PublicKey.read, tmp_path / "none")):
        with pytest.raises(NoBackupKey):
            read_half(file)
    with pytest.raises(Malformed, match="exists"):
        write_pair(private, public)
