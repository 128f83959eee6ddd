"""What is inside a sequence of bytes: inflated, unzipped, taken out of MIME and PDF, and read in several ways. Pure."""

import gzip
import io
import quopri
import re
import sys
import zipfile
import zlib
from base64 import a85decode, urlsafe_b64decode
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import default
from html import unescape
from typing import Final

_DEEPEST: Final = 4
_MAIL: Final = re.compile(rb"\A(?:[A-Za-z-]+: [^\n]*\n(?:[ \t][^\n]*\n)*)+\r?\n")
_STREAM: Final = re.compile(rb"<<((?:[^>]|>(?!>))*)>>\s*stream\r?\n(.*?)endstream", re.DOTALL)
_LITERAL: Final = re.compile(rb"\(((?:[^()\\]|\\.)*)\)", re.DOTALL)
_HEX_STRING: Final = re.compile(rb"<([0-9a-fA-F\s]{8,})>")
_JSON_ESCAPE: Final = re.compile(r"\\u\{?([0-9a-fA-F]{4,6}|(?<=\{)[0-9a-fA-F]+)\}?|\\x([0-9a-fA-F]{2})|\\(.)")
_OCTAL_ESCAPES: Final = re.compile(r"(?:\\[0-3][0-7]{2})+")
_TAG: Final = r"(?:!--(?:(?!-->).)*--|/?(?:a|abbr|b|bdi|code|em|i|mark|q|s|small|span|strong|sub|sup|u|wbr)\b[^<>]*)>"
#: Tags inside a word, which the reader of the page does not see. A pattern that begins with a sign is soon looked for.
_INLINE: Final = re.compile(rf"<(?<=\S<){_TAG}(?:<{_TAG})*(?=\S)", re.DOTALL)
_HEX: Final = "[0-9a-fA-F]"
_URL_ESCAPE: Final = re.compile(rf"(?:%{_HEX}{{2}})+")
_GROUPED_HEX: Final = re.compile(rf"{_HEX}(?<!\w{_HEX}){_HEX}{{1,7}}[: -](?:{_HEX}{{2,8}}[: -]){{2,}}{_HEX}{{2,12}}\b")
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_PDF_ESCAPE: Final = re.compile(rb"\\([0-7]{1,3})|\\(.)", re.DOTALL)


def pieces(data: bytes, where: str = "", depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """The bytes themselves and all that is packed in them, each with where it was found."""
    yield where, data
    if depth < _DEEPEST:
        for inner, unpacked in _unpacked(data):
            yield from pieces(unpacked, f"{where}, {inner}" if where else inner, depth + 1)


def readings(data: bytes) -> Iterator[tuple[str, str]]:
    """The text that the bytes may be, plain and with each kind of escape undone, also one inside another."""
    text = _decoded(data)
    seen = {text}
    waiting = [("", text)]
    while waiting:
        how, text = waiting.pop(0)
        yield how, text
        for name, undone in _undone(text):
            if undone not in seen:
                seen.add(undone)
                waiting.append((f"{how}, {name}" if how else name, undone))


def _decoded(data: bytes) -> str:
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _undone(text: str) -> Iterator[tuple[str, str]]:
    if "&" in text:
        yield "HTML-escaped", unescape(text)
    if "%" in text or "+" in text:
        yield "URL-escaped", _URL_ESCAPE.sub(_unquoted, text.replace("+", " "))
    if "\\" in text:
        yield "JSON-escaped", _JSON_ESCAPE.sub(_unescaped, text)
        yield "in octal", _OCTAL_ESCAPES.sub(lambda found: _decoded(_from_octal(found[0])), text)
    if re.search("=[0-9A-F]{2}|=\n", text):
        yield "quoted-printable", _decoded(quopri.decodestring(text.encode()))
    if "\0" in text:
        yield "in UTF-16", text.replace("\0", "")
    if "<" in text:
        yield "between tags", _INLINE.sub("", text)
    if _GROUPED_HEX.search(text):
        yield "in groups", _GROUPED_HEX.sub(lambda found: re.sub("[: -]", "", found[0]), text)


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1] or found[2] or "0", 16)
    return found[3] or (chr(code) if code <= sys.maxunicode else "")


def _unquoted(found: re.Match[str]) -> str:
    return bytes.fromhex(found[0].replace("%", "")).decode(errors="replace")


def _from_octal(escapes: str) -> bytes:
    return bytes(int(each, 8) for each in escapes.split("\\")[1:])


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    for start, name, unpack in _PACKINGS:
        if data.startswith(start):
            try:
                yield from ((f"{name}{inner}", unpacked) for inner, unpacked in unpack(data))
            except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError):
                continue
    if (bare := _inflated(data)) is not None:
        yield "inflated", bare
    if _MAIL.match(data):
        yield from _mail(message_from_bytes(data, policy=default))
    yield from (("base64", decoded) for decoded in map(_from_base64, _BASE64.findall(data)) if _says_something(decoded))


def _from_base64(token: bytes) -> bytes:
    bare = token.rstrip(b"=")
    return urlsafe_b64decode(bare[: len(bare) - (len(bare) % 4 == 1)].translate(_TO_URL) + b"==")


def _says_something(data: bytes) -> bool:
    """Whether this is packed, or text: of anything else base64 is a token or a digest."""
    if data.startswith(_STARTS) or _inflated(data) is not None:
        return True
    try:
        return "".join(data.replace(b"\0", b"").decode().split()).isprintable()
    except UnicodeDecodeError:
        return data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))


def _inflated(data: bytes) -> bytes | None:
    """What this is if it was deflated without a head to know it by; almost nothing else inflates to its very end."""
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        found = inflating.decompress(data)
    except zlib.error:
        return None
    return found if inflating.eof and not inflating.unused_data else None


def _zip(data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield "comment", archive.comment
        for member in archive.infolist():
            yield member.filename, member.filename.encode() + b"\n" + member.comment + member.extra
            yield member.filename, archive.read(member)


def _pdf(data: bytes) -> Iterator[tuple[str, bytes]]:
    yield "strings", b"\n".join(_literals(data))
    for found in _STREAM.finditer(data):
        stream = found[2].strip(b"\r\n")
        if b"ASCII85Decode" in found[1]:
            stream = a85decode(stream, adobe=stream.startswith(b"<~")) if stream.startswith(b"<~") else _a85(stream)
        if b"FlateDecode" in found[1]:
            stream = zlib.decompress(stream)
        yield "stream", stream
        literals = list(_literals(stream))
        yield "text", b"".join(literals)
        yield "text", b" ".join(literals)


def _a85(stream: bytes) -> bytes:
    return a85decode(stream.strip().removesuffix(b"~>"))


def _literals(data: bytes) -> Iterator[bytes]:
    for found in _LITERAL.finditer(data):
        yield _PDF_ESCAPE.sub(lambda one: bytes([int(one[1], 8) & 255]) if one[1] else one[2], found[1])
    for found in _HEX_STRING.finditer(data):
        digits = b"".join(found[1].split())
        yield bytes.fromhex(digits.decode() + "0" * (len(digits) % 2))


def _mail(message: Message) -> Iterator[tuple[str, bytes]]:
    for name, value in message.items():
        yield f"header {name}", str(value).encode(errors="replace")
    for part in message.walk():
        body = part.get_payload(decode=True)
        if isinstance(body, bytes):
            yield f"part {part.get_content_type()} {part.get_filename() or ''}".strip(), body


_PACKINGS: Final[tuple[tuple[bytes, str, Callable[[bytes], Iterator[tuple[str, bytes]]]], ...]] = (
    (b"\x1f\x8b", "inflated", lambda data: iter([("", gzip.decompress(data))])),
    (b"\x78\x01", "inflated", lambda data: iter([("", zlib.decompress(data))])),
    (b"\x78\x5e", "inflated", lambda data: iter([("", zlib.decompress(data))])),
    (b"\x78\x9c", "inflated", lambda data: iter([("", zlib.decompress(data))])),
    (b"\x78\xda", "inflated", lambda data: iter([("", zlib.decompress(data))])),
    (b"PK", "zip member ", _zip),
    (b"%PDF", "PDF ", _pdf),
)
_STARTS: Final = tuple(start for start, *_ in _PACKINGS)
_TO_URL: Final = bytes.maketrans(b"+/", b"-_")
