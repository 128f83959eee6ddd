"""Pasted TOML is read in time that grows with its length, and what is not TOML is told in words."""

import pytest

from panel.kernel.toml import Unreadable, loads


@pytest.mark.vault("V25")
@pytest.mark.parametrize(
    "text", ["a." * 150_000 + "a = 1", "[" + "a." * 150_000 + "a]", "x = 1\n" + '"".' * 99_999 + "a = 1"]
)
def test_a_name_of_a_hundred_thousand_parts_is_refused_before_it_is_read(text: str) -> None:
    """The library would take hours, and whoever pastes holds the one writer of a small database."""
    with pytest.raises(Unreadable, match="too many dots"):
        loads(text)


@pytest.mark.parametrize("words", ["'''\n{}\n'''", '"""\n{}\n"""', '"{}"', "'{}'", '"\\"{}"', "1 # it's {}"])
def test_dots_in_words_are_no_name(words: str) -> None:
    assert loads("a = 1\nb = " + words.format("One. Two. " * 100))["a"] == 1


@pytest.mark.parametrize("before", ["# '''", '# """', "a = '#'", "a = \"'''\"", 'a = \'"""\''])
def test_no_mark_in_words_hides_a_name(before: str) -> None:
    with pytest.raises(Unreadable, match="Line 2"):
        loads(f"{before}\n{'a.' * 50}a = 1\n# ''' \"\"\"")
