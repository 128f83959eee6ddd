"""Cryptography in a lodging: two seals and a signature, beside the transaction that a candidate waits for."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from panel import installation
from panel.audit.heads import Signer, receipt_message
from panel.board.queries import board as board_of
from panel.config import Config
from panel.kernel import clock
from panel.kernel.ids import SubmissionRef
from panel.named.intake import service
from panel.named.intake.receipt import receipt
from panel.named.unsealing.process import in_this_process
from panel.playing import applying
from panel.playing.company import Member, acting
from panel.playing.season import Season
from panel.playing.stopwatch import Stopwatch
from panel.playing.wording import answer_text
from panel.sealed.equality import answers as equality
from panel.sealed.vault.envelope import KeyPair, identity_info, seal
from tests.benchmarks.table import Row
from tests.benchmarks.timing import micro, once

CANDIDATES: Final = 30
SHARE: Final = 0.10
_PUBLIC: Final = KeyPair.from_seed(bytes(32)).public


def rows() -> Iterator[Row]:
    """Every draft is written first; then each submission is timed as it is committed, and the cryptography after it."""
    with tempfile.TemporaryDirectory() as folder:
        config = Config(instance=Path(folder) / "instance", profile="rehearsal")
        installation.prepare(config)
        season = Season(config, config.database(), Stopwatch(), clock.now(), label="Lodging")
        with clock.set_to(season.moment), in_this_process(config):
            season.hire(CANDIDATES, 4)
            season.draft(2)
            season.open()
            for n, member in enumerate(season.people.candidates):
                _write(season, n, member)
            turns = [(_submit(season, member), once(lambda: _bare(season))) for member in season.people.candidates]
        season.database.dispose()
    whole, bare = (sum(sorted(each)[: CANDIDATES // 2]) / (CANDIDATES // 2) for each in zip(*turns, strict=True))
    said = f"{micro(bare)} of {micro(whole)} in the database, page apart: {bare / whole:.1%}"
    yield Row("lodging: two seals and a signature", said, f"under {SHARE:.0%}", bare / whole < SHARE)


def _write(season: Season, n: int, member: Member) -> None:
    answers = {each.key: answer_text(each.key, n) for each in season.policy.questions}
    with season.database.writing() as db:
        applying.write(db, season.config.keys, season.board, season.policy, applying.Application(member, answers))


def _submit(season: Season, member: Member) -> float:
    keys, board = season.config.keys, season.board
    with season.database.reading() as db:
        draft = service.queries.draft(db, keys, board, member.account)
    assert draft is not None
    assert draft.code is not None
    code = draft.code

    def submit() -> None:
        with season.database.writing() as db:
            person = acting(db, member)
            service.submit(db, keys, person, board, draft.edition, code)
            receipt(db, keys, board_of(db, board), service.view(db, person, board, code))

    return once(submit)


def _bare(season: Season) -> None:
    ref = SubmissionRef(bytes(16))
    info = identity_info(season.board, ref, bytes(32), bytes(32))
    seal(_PUBLIC, info, bytes(420))
    seal(_PUBLIC, equality.info(season.board, ref, bytes(32)), equality.plaintext({}))
    Signer(bytes(32)).sign(receipt_message(season.board, bytes(32)))
