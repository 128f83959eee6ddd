"""An envelope spoilt after the unsealing: it stops nobody from reading the other names again."""

from pathlib import Path

import pytest

from panel.audit import verifier
from panel.board.queries import board as read_board
from panel.kernel import keyfiles
from panel.kernel.ids import Number
from panel.named.oversight.service import take_record
from panel.named.unsealing import ceremony_queries, convening, later
from panel.named.unsealing.ceremony import Act, NobodyAside, NotSpoilt
from panel.named.unsealing.occasion import Occasion
from panel.named.unsealing.proof_of_close import faults
from panel.sealed.vault.opening import Unsound
from tests.named.unsealing.again import AGAIN, LOST, rows
from tests.named.unsealing.stage import CANDIDATES, Stage
from tests.named.unsealing.tampering import restore, sealed, spoilt_envelope, submissions

pytestmark = pytest.mark.vault("V07")


def lose_key(stage: Stage) -> None:
    keyfiles.destroy(stage.config.keys, keyfiles.results(stage.board))


def first_number(stage: Stage) -> Number:
    return Number(submissions(stage)[0][1])


def refused(stage: Stage, occasion: Occasion = LOST) -> tuple[int, ...]:
    """A whole ceremony that a check refuses, ended again; the numbers that it named."""
    stage.almost(occasion)
    with pytest.raises(Unsound) as found:
        stage.finish(occasion=occasion.value)
    abort(stage)
    return found.value.numbers


def abort(stage: Stage) -> None:
    with stage.database.writing() as db:
        convening.abort(db, stage.acting(stage.people.custodians[0]), stage.board)


def without(stage: Stage, number: Number) -> Act:
    """A ceremony to read the names again that sets one number aside."""
    stage.begin(exceptions=(number,), occasion=LOST)
    typed = AGAIN | {"exceptions": str(number)}
    for member in (stage.people.chair, stage.people.custodians[0]):
        stage.release(member, **typed)
    return stage.finish(**typed)


def needs(stage: Stage) -> dict[Occasion, later.Need]:
    with stage.database.reading() as db:
        return {need.occasion: need for need in later.needs(db, stage.config.keys, read_board(db, stage.board))}


def told(stage: Stage, folder: Path) -> list[str]:
    """What the verifier finds wrong in the record with its names."""
    with stage.database.writing() as db:
        made = take_record(db, stage.config.keys, stage.board, None, "system", names=True)
    file = folder / "record.zip"
    file.write_bytes(made.to_zip())
    return [sentence for holds, sentence in verifier.verify(file, (), (), ()) if not holds]


def test_the_other_names_can_be_read_and_the_lost_one_once_its_envelope_is_restored(
    opened: Stage, tmp_path: Path
) -> None:
    names, number, ref = opened.revealed(), first_number(opened), submissions(opened)[0][0]
    sound = sealed(opened, ref)
    lose_key(opened)
    spoilt_envelope(opened)
    assert refused(opened) == (number,)
    assert without(opened, number) is Act.FINISH
    assert opened.revealed() == tuple(one for one in names if one.number != number)
    (first,), (again,) = opened.log("board.unsealed"), opened.log("names.opened_again")
    assert all(again.facts[key] == first.facts[key] for key in ("names_root", "revealed", "submissions"))
    assert (again.facts["exceptions"], len(again.facts["missing"])) == ([number], 1)  # type: ignore[arg-type]
    assert told(opened, tmp_path) == []
    found = needs(opened)
    assert [found[each].there for each in (LOST, Occasion.RECOUNT)] == [False, False]
    assert all(str(number) in need.sentence for need in found.values())
    with opened.database.reading() as db:
        assert faults(db, opened.board, closed=True) == ()

    restore(opened, ref, sound)
    assert needs(opened)[LOST].there
    opened.almost(LOST)
    opened.finish(**AGAIN)
    assert opened.revealed() == names
    assert told(opened, tmp_path) == []
    assert not needs(opened)[LOST].there


@pytest.mark.thorough
def test_a_name_that_the_key_still_opens_is_not_lost_with_its_envelope(opened: Stage) -> None:
    names, number = opened.revealed(), first_number(opened)
    spoilt_envelope(opened)
    opened.spoil(
        "UPDATE {named.revealed} SET nonce = :bad WHERE number = :other",
        bad=bytes(12),
        other=int(next(one.number for one in names if one.number != number)),
    )
    assert refused(opened) == (number,)
    without(opened, number)
    assert opened.revealed() == names
    assert "missing" not in opened.log("names.opened_again")[0].facts
    with opened.database.reading() as db:
        assert ceremony_queries.missing(db, opened.board) == {}


@pytest.mark.thorough
@pytest.mark.parametrize("digest", [bytes(32), None], ids=["another", "none"])
def test_a_name_set_aside_must_have_been_opened_before_as_its_digest_says(lost: Stage, digest: bytes | None) -> None:
    number = first_number(lost)
    spoilt_envelope(lost)
    refused(lost)
    lost.spoil("UPDATE {named.revealed} SET digest = :new WHERE number = :number", new=digest, number=int(number))
    before = rows(lost)
    with pytest.raises(Unsound) as found:
        without(lost, number)
    assert (found.value.check, rows(lost)) == ("C10", before)


@pytest.mark.thorough
def test_nobody_is_set_aside_by_choice_nor_when_outcomes_are_counted(lost: Stage) -> None:
    number = first_number(lost)
    with pytest.raises(NotSpoilt):
        lost.begin(exceptions=(number,), occasion=LOST)
    with pytest.raises(NobodyAside):
        lost.begin(exceptions=(number,), occasion=Occasion.RECOUNT)


@pytest.mark.thorough
def test_what_the_unsealing_set_aside_stays_out_even_if_it_was_put_right_since(locked: Stage) -> None:
    number, ref = first_number(locked), submissions(locked)[0][0]
    sound = sealed(locked, ref)
    locked.almost()
    spoilt_envelope(locked)
    with pytest.raises(Unsound):
        locked.finish()
    abort(locked)
    locked.begin(exceptions=(number,))
    for member in (locked.people.chair, *locked.people.custodians[:2]):
        locked.release(member, exceptions=str(number))
    names = locked.revealed()
    restore(locked, ref, sound)
    lose_key(locked)
    locked.begin(occasion=LOST)
    typed = AGAIN | {"exceptions": str(number)}
    for member in (locked.people.chair, *locked.people.custodians[:2]):
        locked.release(member, **typed)
    assert locked.revealed() == names
    assert len(names) == CANDIDATES - 1
