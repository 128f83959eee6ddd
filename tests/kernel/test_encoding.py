"""The only two encoders: what they write is fixed for ever, and nothing else has the same bytes."""

import json
import unicodedata
from collections import OrderedDict
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.kernel.encoding import canonical, context, digest, digest_of, word_list, words
from panel.kernel.ids import Number

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)

pytestmark = pytest.mark.vault("V21")


class Plain(StrEnum):
    """Text with a name."""

    WORD = "word"


def test_known_contexts() -> None:
    assert context(b"a", b"bc").hex() == "00016100026263"
    assert context(b"ab", b"c").hex() == "00026162000163"
    assert context(b"") == b"\x00\x00"


def test_a_part_has_at_most_what_its_length_can_say() -> None:
    assert context(b"a", bytes(65_535))[3:5] == b"\xff\xff"
    with pytest.raises(ValueError, match="65,535"):
        context(b"a", bytes(65_536))


@given(st.lists(st.binary(max_size=6), min_size=1, max_size=4), st.lists(st.binary(max_size=6), min_size=1, max_size=4))
def test_no_two_lists_of_parts_have_one_context(some: list[bytes], others: list[bytes]) -> None:
    assert (context(*some) == context(*others)) == (some == others)


def test_known_canonical_form() -> None:
    said = "aa58fba8483623bed37c1b02edfccbdd9a53123837c20bfa4cb4049993a2872e"
    assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
    assert sha256(canonical({"b": 1, "a": "é"})).hexdigest() == said == digest_of({"a": "é", "b": 1}).hex()


def test_the_same_text_in_two_writings_is_one() -> None:
    apart = unicodedata.normalize("NFD", "é")
    assert canonical({apart: [apart]}) == canonical({"é": ["é"]})


def test_every_kind_of_value_has_its_form() -> None:
    said = b'[null,true,false,-1,100000,"word",["a"],{"k":[]}]'
    assert canonical([None, True, False, -1, Number(100_000), Plain.WORD, ("a",), MappingProxyType({"k": ()})]) == said
    assert canonical(OrderedDict(b=1, a=2)) == b'{"a":2,"b":1}'


@pytest.mark.parametrize("value", [1.0, {"a": 0.5}, [b"bytes"], {1: "a"}, {None: 1}, {"a": {2}}, object()])
def test_what_has_no_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)  # type: ignore[arg-type]


@given(VALUES)
def test_what_is_written_reads_back_as_it_was_and_writes_the_same_again(value: object) -> None:
    once = canonical(value)  # type: ignore[arg-type]
    assert canonical(json.loads(once)) == once


def test_digest_is_sha_256() -> None:
    assert digest(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_words_are_told_apart_by_their_first_letters() -> None:
    assert len(word_list()) == len({word[:4] for word in word_list()}) == 2048


def test_known_words() -> None:
    index = [750, 630, 1267, 624, 812, 1702, 1450, 1436]
    root = bytes.fromhex("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
    assert words(root) == tuple(word_list()[each] for each in index)
    assert words(root, 2) == words(root)[:2]
    assert words(b"\xff\xe0", 1) == (word_list()[2047],)
    assert words(b"\x00\x20", 1) == (word_list()[1],)


def test_a_tower_of_marks_has_no_canonical_form() -> None:
    with pytest.raises(ValueError, match="tower"):
        canonical({"text": "e" + "\u0301" * 61})
    assert canonical("e" + "\u0301" * 60) == canonical("\u00e9" + "\u0301" * 59)
    assert canonical("\u0301" * 60) == b'"' + ("\u0301" * 60).encode() + b'"'
