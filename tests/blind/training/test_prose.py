"""Simple formatting: what authors type becomes blocks of plain text, and nothing of it ever becomes markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.blind.training.prose import Block, Kind, NotPlain, blocks, flaws


def words(text: str) -> str:
    return "".join(piece for block in blocks(text) for runs in block.lines for piece in runs)


def test_plain_text_becomes_blocks() -> None:
    text = "First line\ngoes on.\n\n## A heading\n\n* one\n* two **strong**\n\n1. step\n2. step\n\n> remember"
    assert blocks(text) == (
        Block(Kind.PARAGRAPH, (("First line goes on.",),)),
        Block(Kind.HEADING, (("A heading",),)),
        Block(Kind.BULLETS, (("one",), ("two ", "strong", ""))),
        Block(Kind.STEPS, (("step",), ("step",))),
        Block(Kind.KEY_POINT, (("remember",),)),
    )


@pytest.mark.parametrize(
    "typed",
    [
        "<b>bold</b>",
        "<script>alert(1)</script>",
        "[a link](https://example.org)",
        "![a picture](x.png)",
        "https://example.org",
        "`code`",
        "&lt;b&gt;",
        "one *star* stays",
    ],
)
def test_whatever_pages_do_not_show_stays_as_it_was_typed(typed: str) -> None:
    assert blocks(typed) == (Block(Kind.PARAGRAPH, ((typed,),)),)


def test_strong_words_inside_strong_words_are_strong_once() -> None:
    assert blocks("**a **b** c**")[0].lines[0][1::2]
    assert all(len(runs) % 2 for block in blocks("****a**** **b**") for runs in block.lines)


def test_key_point_keeps_its_paragraphs() -> None:
    assert blocks("> one\n>\n> two") == (Block(Kind.KEY_POINT, (("one",), ("two",))),)


def test_list_item_goes_on_until_the_next() -> None:
    assert blocks("* one\nand on\n* two") == (Block(Kind.BULLETS, (("one and on",), ("two",))),)


@pytest.mark.parametrize(("text", "line"), [("Words\n\n* * a", 3), ("> ## h", 1), ("> * a", 1), ("1. > a", 1)])
def test_what_cannot_stand_inside_another_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(NotPlain):
        blocks(text)
    assert [flaw.line for flaw in flaws(text)] == [line]


@given(st.text(alphabet="ab *#>1.-_\\\n<&[]()`!", max_size=60))
def test_no_text_breaks_a_page(text: str) -> None:
    if not flaws(text):
        assert all(len(runs) % 2 for block in blocks(text) for runs in block.lines)
        assert words(text).count("<") == text.count("<")


@pytest.mark.vault("V25")
@pytest.mark.parametrize("stars", ["**", "*", "***"])
def test_words_in_words_without_end_are_refused_with_their_line(stars: str) -> None:
    deep = f"{stars}a " * 2_000 + f"a{stars} " * 2_000
    assert [flaw.line for flaw in flaws(f"One.\n\n{deep}")] == [3]
    assert not flaws(f"{stars}a " * 5 + f"a{stars} " * 5)
