"""Which words are so common in ordinary prose that meeting one says nothing about a person. Pure."""

from functools import cache
from importlib.resources import files
from typing import Final

from panel.kernel.encoding import word_list

# small words inside surnames, and titles: never a clue by themselves
_PARTICLES: Final = """
al ap bin bint da das de del della den der des di do dos du el ibn la las le los mac mc san st ste te ten ter van vd von
y zu
"""
_TITLES: Final = """
mr mrs ms miss mx dr prof rev sir dame lord lady pc dc ps ds sgt sergeant constable insp inspector di dci ci ch chief
supt superintendent acting temporary temp special pcso officer
"""
PARTICLES: Final = frozenset(_PARTICLES.split())
TITLES: Final = frozenset(_TITLES.split())


@cache
def common_words() -> frozenset[str]:
    """About three thousand words, folded."""
    text = files("panel.blind.submissions").joinpath("common_words.txt").read_text("ascii")
    ours = (word for line in text.splitlines() if not line.startswith("#") for word in line.split())
    return frozenset(ours) | frozenset(word_list())


def is_common(word: str) -> bool:
    """Whether a folded word stands in ordinary prose."""
    return word in common_words()
