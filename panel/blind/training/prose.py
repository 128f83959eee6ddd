"""The simple formatting of a course page: Markdown, of which only what pages show is read. No HTML is ever made.

The text is parsed by markdown-it-py with everything switched off but headings, lists, key points and strong words, and
what it finds becomes blocks of plain text. Templates write each block's own element and escape every word in it, so a
tag, a link or a picture in the text stays the letters that were typed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final, Self

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from panel.kernel.encoding import Json
from panel.kernel.errors import Invalid

#: Words of one line of text; every second piece is strong.
Runs = tuple[str, ...]

#: Strong words in strong words, and so on: a page shows one, and a tree of thousands would be too deep to walk.
_DEEPEST: Final = 20
_TOO_DEEP: Final = "Too many words between stars stand inside each other."

_PARSER: Final = MarkdownIt("zero").enable(["heading", "list", "blockquote", "emphasis", "escape"])


class Kind(StrEnum):
    """What a block of a page is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    BULLETS = "bullets"
    STEPS = "steps"
    KEY_POINT = "key_point"


_KINDS: Final = {
    "paragraph": Kind.PARAGRAPH,
    "heading": Kind.HEADING,
    "bullet_list": Kind.BULLETS,
    "ordered_list": Kind.STEPS,
    "blockquote": Kind.KEY_POINT,
}


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list or key point. Lists have a line for each item, key points one for each paragraph."""

    kind: Kind
    lines: tuple[Runs, ...]

    def to_json(self) -> dict[str, Json]:
        return {"kind": self.kind.value, "lines": [list(runs) for runs in self.lines]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(Kind(data["kind"]), tuple(tuple(runs) for runs in data["lines"]))


@dataclass(frozen=True)
class Flaw:
    """Formatting that a page cannot show; `line` of the text, counted from 1."""

    line: int
    sentence: str


class NotPlain(Invalid):
    """The text has formatting that a page cannot show; `flaws` say where."""

    sentence = "The text has formatting that a page cannot show."

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__(details=[f"Line {flaw.line}: {flaw.sentence}" for flaw in flaws])
        self.flaws = tuple(flaws)


@lru_cache(maxsize=64)
def blocks(text: str) -> tuple[Block, ...]:
    """What a page shows. Raises NotPlain."""
    tokens = _PARSER.parse(text)
    if deep := [Flaw((token.map or (0, 0))[0] + 1, _TOO_DEEP) for token in tokens if _depth(token) > _DEEPEST]:
        raise NotPlain(deep)
    parts = SyntaxTreeNode(tokens).children
    if flaws := [flaw for part in parts for flaw in _flaws(part)]:
        raise NotPlain(flaws)
    return tuple(Block(_KINDS[part.type], tuple(_lines(part))) for part in parts)


def flaws(text: str) -> tuple[Flaw, ...]:
    """What `blocks` would refuse."""
    try:
        blocks(text)
    except NotPlain as refusal:
        return refusal.flaws
    return ()


def _depth(token: Token) -> int:
    return max(accumulate(inner.nesting for inner in token.children or ()), default=0)


def _flaws(part: SyntaxTreeNode) -> Iterator[Flaw]:
    outer = part.children if part.type.endswith("_list") else [part] if part.type == "blockquote" else []
    for holder in outer:
        for inner in holder.children:
            if inner.type != "paragraph":
                line = (inner.map or part.map or (0, 0))[0] + 1
                yield Flaw(line, "Only text can stand inside a list or a key point. Move the rest out of it.")


def _lines(part: SyntaxTreeNode) -> Iterator[Runs]:
    if part.type.endswith("_list"):
        yield from (_runs(item.children) for item in part.children)
    elif part.type == "blockquote":
        yield from (_runs([paragraph]) for paragraph in part.children)
    else:
        yield _runs([part])


def _runs(holders: Sequence[SyntaxTreeNode]) -> Runs:
    """The words of some paragraphs in one line, strong and not in turn."""
    runs = [""]
    for place, holder in enumerate(holders):
        runs[-1] += " " if place else ""
        for inline in holder.children:
            for child in inline.children:
                _add(runs, child, strong=False)
    return tuple(" ".join(run.split("\n")) for run in runs)


def _add(runs: list[str], node: SyntaxTreeNode, *, strong: bool) -> None:
    if node.type == "text":
        runs[-1] += node.content
    elif node.type == "strong" and not strong:
        runs.append("")
        _inside(runs, node, strong=True)
        runs.append("")
    else:  # one star, or strong inside strong: what a page does not show stays as it was typed
        mark = node.markup if node.type == "em" else ""
        runs[-1] += mark
        _inside(runs, node, strong=strong)
        runs[-1] += mark


def _inside(runs: list[str], node: SyntaxTreeNode, *, strong: bool) -> None:
    for child in node.children:
        _add(runs, child, strong=strong)
