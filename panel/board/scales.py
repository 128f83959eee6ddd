"""Three ready-made scales with general anchors, to be picked and then put into a force's own words."""

from typing import Final

from panel.board.policy import Point, Scale

_FIVE: Final = (
    ("No evidence", "Nothing in the answer shows what is asked for, or what it shows is the opposite."),
    ("Limited evidence", "A little is shown, with large gaps: mostly general statements, or what others did."),
    ("Acceptable", "What is asked for is shown at the level of the rank, with some gaps or little detail."),
    ("Strong", "What is asked for is shown clearly and in detail, with reasons for the choices and a result."),
    ("Outstanding", "All of it is shown, thoroughly and convincingly, with results that reach beyond the task itself."),
)

_SEVEN: Final = (
    ("Not demonstrated", "Nothing in the answer shows what is asked for, or what it shows is the opposite."),
    ("Minimal", "A hint of what is asked for, in general statements or in what others did."),
    ("Moderate", "Some of what is asked for is shown, but with large gaps or below the level of the rank."),
    ("Acceptable", "What is asked for is shown at the level of the rank, with some gaps or little detail."),
    ("Good", "What is asked for is shown clearly at the level of the rank, with few gaps and a result."),
    ("Strong", "What is asked for is shown in detail, with reasons for the choices and a result that lasted."),
    ("Outstanding", "All of it is shown, thoroughly and convincingly, with results that reach beyond the task itself."),
)


def _scale(lowest: int, words: tuple[tuple[str, str], ...]) -> Scale:
    return Scale(tuple(Point(score, label, anchor) for score, (label, anchor) in enumerate(words, lowest)))


#: By name, as people choose them.
SCALES: Final[dict[str, Scale]] = {"0-4": _scale(0, _FIVE), "1-5": _scale(1, _FIVE), "1-7": _scale(1, _SEVEN)}
