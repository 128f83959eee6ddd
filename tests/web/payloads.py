"""What hostile browsers send: values that break things elsewhere, and bodies that no browser makes."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, quote_from_bytes

from hypothesis import strategies as st

from tests.web.fuzzing import FORM, Known

#: What must not stand in a page as it was typed.
MARKER: Final = "<i>zq\"'"
#: What breaks things elsewhere.
NASTY: Final = (
    *(
        MARKER,
        f"{MARKER}@rail.example",
        f"//evil.example/{MARKER}",
        f"javascript:{MARKER}",
        "{{7*7}}${7*7}",
        MARKER * 9_000,
    ),
    *("", " ", "\x00", "\x00\x1b[31m\x7f", "a\r\nSet-Cookie: panel=1", "\u202eeno\ufeff\u200b", "e" + "\u0301" * 5_000),
    *("\ud800", "\udfff\ud800", "\U0010ffff\ufffe", "ﷺ" * 400, "İıſKﬀ", "٣", "²", "９" * 3, "½"),
    *("-1", "0", "1", "2147483648", "9" * 400, "1e309", "NaN", "-0", "0x10", "1_000", "1.5", "+5", " 7 "),
    *("31", "02", "0001", "9999", "25:61", "12:00", "2026-02-30"),
    *("' OR 1=1 --", "%", "=cmd|'/C calc'!A0", "../../../etc/passwd", "[[1]]", '{"a":', "null", "true", "on"),
    *("[[[" * 300, "a = 1\na = 2", "\t".join("abc") * 99, "x" * 41_000, "word " * 9_000, "\n" * 5_000),
)
_QUOTED: Final = "surrogatepass"

Sent = list[tuple[str, str]]


@dataclass(frozen=True)
class Body:
    """One body and what it says it is."""

    data: bytes
    kind: str


def values(offered: tuple[str, ...]) -> st.SearchStrategy[str]:
    """What the page itself offers, what breaks things elsewhere, and anything at all."""
    anything = st.text(max_size=40) | st.text(st.characters(), max_size=8).map(lambda text: MARKER + text)
    return st.sampled_from((*offered, *offered, *NASTY)) | st.sampled_from(NASTY) | anything


def forms(fields: Known) -> st.SearchStrategy[Sent]:
    """Some of the form's fields, once or more often, and some that it does not have."""
    names = [*fields, *fields, *fields, "next", "then", "version", "zq<i>"]
    named = st.sampled_from(names).flatmap(lambda name: st.tuples(_spelt(name), values(fields.get(name, ()))))
    whole = st.tuples(*(st.tuples(st.just(name), values(fields[name])) for name in fields)).map(list)
    return st.builds(lambda some, more: [*some, *more], whole | st.just([]), st.lists(named, max_size=4))


def _spelt(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from(
        (name, name, name, name, f"{name}[]", f"{name}[0][0]", f"{name}-0", f"{name}.x", f"{name}\x00")
    )


def bodies(fields: Known) -> st.SearchStrategy[Body]:
    """A form as a browser sends it, and in every way in which none does."""
    sent = forms(fields)
    odd = st.sampled_from(
        (_multipart, _cut_short, _no_boundary, _mislabelled, _as_json, _broken_signs, _many, _too_much, _file)
    )
    return st.builds(plain, sent) | st.builds(lambda make, what: make(what), odd | st.just(plain), sent)


def endless(fields: Known) -> Body:
    """More than any field takes, so that the form comes back with what was typed, and less than is read at all."""
    return plain([(name, f"{MARKER} " * (10_000 // max(len(fields), 1))) for name in fields])


def plain(sent: Sent) -> Body:
    """As a browser sends it."""
    said = "&".join(f"{quote(name, errors=_QUOTED)}={quote(value, errors=_QUOTED)}" for name, value in sent)
    return Body(said.encode(), FORM)


def _multipart(sent: Sent, heading: str = 'name="{}"') -> Body:
    parts = (
        f"--zq\r\nContent-Disposition: form-data; {heading.format(name)}\r\n\r\n{value}\r\n" for name, value in sent
    )
    return Body(("".join(parts) + "--zq--\r\n").encode(errors=_QUOTED), "multipart/form-data; boundary=zq")


def _file(sent: Sent) -> Body:
    return _multipart(sent, 'name="{}"; filename="../<i>zq.txt"')


def _cut_short(sent: Sent) -> Body:
    whole = _multipart(sent)
    return Body(whole.data[: len(whole.data) * 2 // 3], whole.kind)


def _no_boundary(sent: Sent) -> Body:
    return Body(_multipart(sent).data, "multipart/form-data")


def _mislabelled(sent: Sent) -> Body:
    return Body(plain(sent).data, "text/plain; charset=utf-7")


def _as_json(sent: Sent) -> Body:
    return Body(repr(dict(sent)).encode(errors=_QUOTED), "application/json")


def _broken_signs(sent: Sent) -> Body:
    return Body(
        b"&".join([plain(sent).data, *(f"{name}=%zz%ff%c3%28%".encode(errors=_QUOTED) for name, _ in sent)]), FORM
    )


def _many(sent: Sent) -> Body:
    return Body(b"&".join([plain(sent).data] * 600), FORM)


def _too_much(sent: Sent) -> Body:
    return Body(plain(sent).data + b"&answer=" + quote_from_bytes(b"<i>zq").encode() * 60_000, FORM)
