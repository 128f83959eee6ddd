"""Text is kept in one form, and its words are counted by one rule."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.web.text import clean, count_words

INVISIBLE = st.text(
    st.one_of(
        st.characters(categories=["Cf", "Co"]),
        st.characters(categories=["Cc"], exclude_characters="\t\n\v\f\r\x1c\x1d\x1e\x1f\x85"),
        st.sampled_from("\ufe0f\u034f\u3164\U000e0100\ufffe"),
    ),
    min_size=1,
)


@pytest.mark.leak("L54")
@given(st.text(), INVISIBLE, st.text())
def test_clean_stores_the_same_bytes_with_and_without_invisible_characters(
    before: str, invisible: str, after: str
) -> None:
    assert clean(before + invisible + after) == clean(before + after)


@pytest.mark.leak("L54")
@given(st.text())
def test_clean_leaves_nothing_unseen_and_is_stable(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not {unicodedata.category(c) for c in cleaned.replace("\n", "")} & {"Cc", "Cf", "Co", "Cs"}
    cleaned.encode("utf-8")


@given(st.lists(st.sampled_from(["We", "listened,", "co-ordinated", "o'clock", "24", "é"]), min_size=1))
def test_clean_keeps_ordinary_prose_as_it_is(words: list[str]) -> None:
    text = " ".join(words) + "\n\n" + " ".join(words)
    assert clean(text) == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("trailing \t \nspace  ", "trailing\nspace"),
        ("no\u00a0break  and\tdouble", "no break and double"),
        ("Zo\u200be\u0301", "Zoé"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("\u2028\n  \n", ""),
    ],
)
def test_clean_makes_one_form_of_many(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("  \n ", 0),
        ("One word", 2),
        ("well-being and o'clock", 3),
        ("and/or", 2),
        ("first – second—third", 3),
        ("- a list\n- of two", 4),
        ("… ! –", 0),
        ("12 March 2024", 3),
        ("joined\u200bup", 1),
        ("two\u00a0words", 2),
        ("東京 駅", 2),
        ("½ of 100%", 3),
    ],
)
def test_count_words_follows_the_rule_told_to_candidates(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.vault("V25")
def test_a_tower_of_marks_is_cut_and_costs_no_time() -> None:
    # what is cut is linear work; the whole tower would keep a worker busy for minutes
    tower = "e" + "\u0301\u0327" * 250_000
    assert len(clean(tower)) <= 31
    assert clean("cafe\u0301") == "café"
    assert clean(clean(tower)) == clean(tower)
    assert clean("\u0301" * 100) == "\u0301" * 30
    assert clean("e" + "\u0344" * 100) == clean(clean("e" + "\u0344" * 100))
