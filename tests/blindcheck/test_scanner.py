"""Any canary, in any derived form, in any container, is found; ordinary text holds none."""

import codecs
import gzip
import hashlib
import html
import io
import json
import quopri
import zipfile
import zlib
from base64 import a85encode, b64encode, urlsafe_b64encode
from collections.abc import Callable
from email.message import EmailMessage
from urllib.parse import quote, quote_plus

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from panel.blindcheck.canaries import Canary, Family, Form, Kind, forms, word
from panel.blindcheck.scanner import Scanner
from panel.playing.wording import answer_text, evidence_text

CANARIES = (
    Canary(0, Kind.NAME, "Quévrin Ó'Zelwöczyn"),
    Canary(0, Kind.PREFERRED, "Jilwéppi"),
    Canary(0, Kind.EMAIL, "quevrin.zelwoczyn@jilwepp.example"),
    Canary(0, Kind.STAFF_NO, "ZQ-88213705"),
    Canary(0, Kind.PHONE, "+44 7700 913385"),
    Canary(0, Kind.MANAGER, "Brokhélda d'Umvaxton"),
    Canary(0, Kind.ACCOUNT, "5f0c9d1be3a24477aa10e6b3c8d2f901"),
    Canary(0, Kind.ANSWER, "gwlbrkptzn"),
    Canary(0, Kind.REF, "a77e0c9d1be3a24477aa10e6b3c8d2f9"),
    Canary(0, Kind.NUMBER, "483921"),
    Canary(0, Kind.TASK, "7QX2M9KTVB4E"),
    Canary(0, Kind.RECEIPT, "7QX2M9KTVB4E00HJ31ZZ"),
    Canary(0, Kind.DIGEST, "9f" * 7 + "c4b1a077e0d2" * 4 + "21"),
    Canary(1, Kind.NAME, "Tharóld O'Brexwimble"),
)
FORMS = [(canary, form) for canary in CANARIES for form in forms(canary) if len(form.needle) >= 6]
AROUND = "The platform was full before the first update; see below."


def mail(text: str) -> bytes:
    made = EmailMessage()
    made["Subject"] = "Something has changed"
    made.set_content(AROUND)
    made.add_attachment(text.encode(), maintype="application", subtype="octet-stream", filename="notes.bin")
    return made.as_bytes()


def mail_subject(text: str) -> bytes:
    made = EmailMessage()
    made["Subject"] = " ".join(text.split())
    made.set_content(AROUND)
    return made.as_bytes()


def zipped(text: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("notes.txt", text)
    return held.getvalue()


def sheet(text: str) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        book.add_worksheet().write_string(3, 3, text)
    return held.getvalue()


def pdf(text: str) -> bytes:
    held = io.BytesIO()
    page = Canvas(held)
    page.drawString(72, 72, text)
    page.save()
    return held.getvalue()


def pdf_stream(text: str) -> bytes:
    stream = a85encode(zlib.compress(f"({text}) Tj".encode()))
    return b"%PDF-1.4\n1 0 obj\n<</Filter [/ASCII85Decode /FlateDecode]>>\nstream\n" + stream + b"~>endstream"


def pdf_title(text: str) -> bytes:
    return b"%PDF-1.4\n1 0 obj\n<</Title <feff" + text.encode("utf-16-be").hex().encode() + b">>>\nendobj"


def bare(text: str) -> bytes:
    """As `zlib.compress` does, without the two bytes before and the sum after."""
    return zlib.compress(text.encode(), wbits=-15)


def octal(letter: str) -> str:
    """As a shell or PostgreSQL shows bytes."""
    return "".join(f"\\{each:03o}" for each in letter.encode())


def within(text: str, inside: str) -> str:
    """Every word of a text with something in its middle that nobody sees."""
    return " ".join(f"{each[: len(each) // 2]}{inside}{each[len(each) // 2 :]}" for each in text.split(" "))


CONTAINERS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "shouted": lambda text: text.upper().encode(),
    "html": lambda text: html.escape(text).encode("ascii", "xmlcharrefreplace"),
    "url": lambda text: quote(text).encode(),
    "form": lambda text: quote_plus(text).encode(),
    "json": lambda text: json.dumps({"a": text}).encode(),
    "quoted-printable": lambda text: quopri.encodestring(text.encode()),
    "html in json in gzip": lambda text: gzip.compress(json.dumps(html.escape(text)).encode()),
    "deflated": lambda text: zlib.compress(text.encode()),
    "mail": mail,
    "mail subject": mail_subject,
    "zip": zipped,
    "xlsx": sheet,
    "pdf": pdf,
    "pdf stream": pdf_stream,
    "utf-16": lambda text: text.encode("utf-16-le"),
    "utf-16 with its mark": lambda text: text.encode("utf-16"),
    "zip in an address": lambda text: b'<a href="data:application/zip;base64,' + b64encode(zipped(text)) + b'">x</a>',
    "signed cookie": lambda text: b"x=." + urlsafe_b64encode(zlib.compress(json.dumps([text]).encode())) + b".aBc.dEf",
    "base64 twice": lambda text: b64encode(b64encode(text.encode())),
    "bytes as Python shows them": lambda text: "".join(
        f"\\x{ord(s):02x}" if ord(s) < 256 else s for s in text
    ).encode(),
    "marked in the middle": lambda text: within(text, "<mark class='x'>").encode(),
    "cut by a comment": lambda text: within(text, "<!-- x -->").encode(),
    "soft hyphens": lambda text: within(text, "\u00ad").encode(),
    "joiners": lambda text: within(text, "&zwnj;").encode(),
    "pdf title": pdf_title,
    "octal": lambda text: "".join(s if s.isalnum() and s.isascii() else octal(s) for s in text).encode(),
    "deflated without a head": bare,
    "deflated without a head in base64": lambda text: b"x=" + b64encode(bare(text)) + b";",
}
#: What is done to the letters themselves, which no encoding outlives.
TOYS: dict[str, Callable[[str], bytes]] = {
    "reversed": lambda text: text[::-1].encode(),
    "ROT13": lambda text: codecs.encode(text, "rot13").encode(),
    "ROT13 in html": lambda text: CONTAINERS["html"](codecs.encode(text, "rot13")),
}
scanner = Scanner(CANARIES)


@settings(deadline=None)
@given(st.sampled_from(FORMS), st.sampled_from(sorted(CONTAINERS)), st.text("abc xyz.,\n", max_size=20))
def test_every_form_in_every_container_is_found(which: tuple[Canary, Form], container: str, before: str) -> None:
    canary, form = which
    data = CONTAINERS[container](f"{before} {form.needle} {AROUND}")
    assert canary in {hit.canary for hit in scanner.find(data)}, (form, container)


@settings(deadline=None)
@given(st.sampled_from(CANARIES), st.sampled_from(sorted(CONTAINERS)))
def test_every_canary_as_people_write_it_is_found(canary: Canary, container: str) -> None:
    data = CONTAINERS[container](f"By {canary.value}.")
    if container in {"utf-16"} and not canary.value.isascii():
        return
    assert canary in {hit.canary for hit in scanner.find(data)}


@settings(deadline=None)
@given(st.sampled_from([each for each in CANARIES if each.kind is not Kind.NUMBER]), st.sampled_from(sorted(TOYS)))
def test_every_canary_turned_round_or_shifted_is_found(canary: Canary, toy: str) -> None:
    assert canary in {hit.canary for hit in scanner.find(TOYS[toy](f"By {canary.value}."))}


@settings(deadline=None)
@given(st.binary(max_size=5), st.binary(max_size=5), st.sampled_from(CANARIES[:6]))
def test_base64_at_any_offset_is_found(before: bytes, after: bytes, canary: Canary) -> None:
    coded = b64encode(before + canary.value.encode() + after)
    assert canary in {hit.canary for hit in scanner.find(b"token=" + coded)}


@settings(deadline=None)
@given(st.binary(max_size=4_000))
def test_no_bytes_break_it(data: bytes) -> None:
    scanner.find(data)
    for start in (b"PK", b"%PDF-1.4\n", b"\x1f\x8b", b"\x78\x9c", b"Subject: x\n\n"):
        scanner.find(start + data)


@pytest.mark.parametrize(
    "text",
    [answer_text("courage", 3), evidence_text(3), word(), "1483921 483921a a483921", "Q. O."],
    ids=["an answer", "evidence", "a word", "numbers", "letters"],  # each process draws a word of its own
)
def test_ordinary_text_holds_none(text: str) -> None:
    assert scanner.find(text.encode()) == []


@pytest.mark.leak("L14")
@pytest.mark.parametrize("change", [str, str.lower, str.upper])
@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512", "blake2b"])
def test_a_code_cut_off_a_digest_of_somebody_is_found(algorithm: str, change: Callable[[str], str]) -> None:
    digest = hashlib.new(algorithm, change(CANARIES[2].value).encode())
    for code in (digest.hexdigest()[:12], b64encode(digest.digest())[:12].decode()):
        assert CANARIES[2] in {hit.canary for hit in scanner.find(f"candidate/{code}".encode())}


@pytest.mark.parametrize("part", ["88213705", "07700 913385", "07700913385", "ZELWOCZYN", "quevrin"])
def test_a_part_that_says_who_it_is_is_found(part: str) -> None:
    assert scanner.find(f"<p>{part}</p>".encode()) != []


def test_an_id_in_groups_is_found() -> None:
    for value in ("5f0c9d1b-e3a2-4477-aa10-e6b3c8d2f901", "5F:0C:9D:1B:E3:A2:44:77:AA:10:E6:B3:C8:D2:F9:01"):
        assert {hit.canary.kind for hit in scanner.find(f"id {value}.".encode())} == {Kind.ACCOUNT}


def test_initials_count_only_beside_another_hit() -> None:
    alone = scanner.find("The notes of Q. Ó. were read.".encode())
    beside = scanner.find("Answer gwlbrkptzn, notes of Q. Ó. were read.".encode())
    assert alone == []
    assert {hit.how for hit in beside} >= {"as it is", "initials"}


def test_a_hit_says_whose_what_how_and_where() -> None:
    found = {str(hit) for hit in scanner.find(zipped("<p>Brokh&#233;lda d&#39;Umv&#97;xton</p>"))}
    assert "line manager of candidate 1 (as it is, HTML-escaped) in zip member notes.txt" in found


def test_every_kind_has_its_family() -> None:
    assert {kind.family for kind in Kind} == set(Family)
    assert Kind.EMAIL.family is Family.WHO
    assert Kind.NUMBER.family is Family.CODE
