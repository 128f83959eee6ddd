"""Whether a played board came out right: looked at from the outside, against what went in."""

from collections import Counter
from collections.abc import Iterator

from panel.audit import queries as audit
from panel.blind.marking import queries as marking
from panel.blind.merit import queries as merit
from panel.blind.merit.merit_list import outcome
from panel.blind.submissions import queries as submissions
from panel.board.queries import board as board_of
from panel.named.unsealing import queries as unsealing
from panel.playing.season import Season


def faults(season: Season) -> tuple[str, ...]:
    """What is wrong, a sentence each; empty if every name, answer, mark and result belongs together."""
    return (*_names(season), *_list(season), *_marks(season), *_log(season))


def _names(season: Season) -> Iterator[str]:
    with season.database.reading() as db:
        revealed = unsealing.revealed(db, season.config.keys, season.board)
        texts = submissions.shown(db, season.board)
        numbers = {number: ref for ref, number in submissions.numbers(db, season.board).items()}
    if len(revealed) != len(season.written):
        yield f"{len(season.written)} applied, {len(revealed)} names were opened."
    wrong = [who for who in revealed if texts[numbers[who.number]] != season.written[who.account]]
    if wrong:
        yield f"{len(wrong)} names stand beside somebody else's answers."


def _list(season: Season) -> Iterator[str]:
    with season.database.reading() as db:
        places = merit.merit_list(db, season.board)
    if len(places) != len(season.written):
        yield f"The merit list has {len(places)} places for {len(season.written)} submissions."
    wrong = [place for place in places if outcome(season.policy, place.scores) is not place.outcome]
    if wrong:
        yield f"{len(wrong)} outcomes are not what the rules give."


def _marks(season: Season) -> Iterator[str]:
    with season.database.reading() as db:
        rows = marking.marks(db, season.board)
        held = board_of(db, season.board)
        root = merit.marks_root(db, season.board)
    wanted = len(season.written) * len(season.policy.criteria) * season.policy.markers_per_answer + season.further
    if len(rows) != wanted:
        yield f"{wanted} marks were wanted, {len(rows)} are there."
    loads = Counter(row.marker for row in rows).values()
    if max(loads) - min(loads) > 1 and not season.further:
        yield f"Loads differ by {max(loads) - min(loads)}."
    if root != held.marks_root:
        yield "The marks are not those that were locked."


def _log(season: Season) -> Iterator[str]:
    with season.database.reading() as db:
        yield from audit.rebuild(db, season.board).faults
