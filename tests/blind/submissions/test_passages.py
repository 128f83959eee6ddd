"""A text is cut at its hits and nothing of it is lost."""

from hypothesis import given
from hypothesis import strategies as st

from panel.blind.submissions.passages import passages, sentences
from panel.blind.submissions.redaction import hits

TEXT = "We met. She said no! My wife agreed\nand so it went. The end."


def test_passages_mark_each_hit_in_its_place() -> None:
    cut = passages(TEXT, hits(TEXT))
    assert [piece.text for piece in cut if piece.hit] == ["She", "wife"]
    assert "".join(piece.text for piece in cut) == TEXT


def test_sentences_show_only_where_something_was_found() -> None:
    shown = ["".join(piece.text for piece in sentence) for sentence in sentences(TEXT, hits(TEXT))]
    assert shown == ["She said no!", "My wife agreed\n"]


@given(st.lists(st.sampled_from(["she ", "went. ", "his\n", "! ", "Leeds on 3 May ", "at "]), max_size=20))
def test_nothing_of_a_text_is_lost_and_every_sentence_holds_a_hit(words: list[str]) -> None:
    text = "".join(words)
    assert "".join(piece.text for piece in passages(text, hits(text))) == text
    for sentence in sentences(text, hits(text)):
        assert any(piece.hit for piece in sentence)
        assert "".join(piece.text for piece in sentence) in text
