"""The three rules, cell by cell where a slip would cost most."""

import pytest

from panel.blindcheck.canaries import Canary, Family, Kind
from panel.blindcheck.rules import CANDIDATES, KEEPERS, PANEL, Looking, Part, may_meet, together
from panel.blindcheck.scanner import Hit
from panel.board.lifecycle import ORDER, UNOPENED, Stage

OUTSIDERS = set(Part) - PANEL - KEEPERS - CANDIDATES - {Part.ADMINISTRATOR, Part.AUDITOR}
BEFORE = (Stage.OPEN, *UNOPENED)


def of(kind: Kind, person: int = 0, holder: str = "") -> Canary:
    return Canary(person, kind, "something", holder)


def met(part: Part, stage: Stage, **more: object) -> set[Kind]:
    looking = Looking(part, stage, **more)  # type: ignore[arg-type]
    return {kind for kind in Kind if may_meet(looking, of(kind))}


def families(kinds: set[Kind]) -> set[Family]:
    return {kind.family for kind in kinds}


@pytest.mark.parametrize("stage", BEFORE)
def test_the_panel_meets_nobodys_particulars(stage: Stage) -> None:
    for part in PANEL:
        assert Family.WHO not in families(met(part, stage))
        assert not met(part, stage) & {Kind.REF, Kind.RECEIPT, Kind.DIGEST}


@pytest.mark.parametrize("stage", BEFORE)
def test_hr_and_custodians_meet_no_answer_and_no_code(stage: Stage) -> None:
    for part in KEEPERS:
        assert families(met(part, stage)) == {Family.WHO}


@pytest.mark.parametrize("stage", ORDER)
def test_a_candidate_meets_nothing_of_another(stage: Stage) -> None:
    for endpoint in ("intake.board", "intake.download"):
        looking = Looking(Part.CANDIDATE, stage, endpoint, person=1)
        assert not [kind for kind in Kind if may_meet(looking, of(kind))]


@pytest.mark.parametrize("stage", BEFORE)
def test_a_candidate_meets_her_ref_on_her_receipt_alone(stage: Stage) -> None:
    assert families(met(Part.CANDIDATE, stage, person=0) - {Kind.RECEIPT}) == {Family.WHO, Family.WHAT}
    on_receipt = met(Part.CANDIDATE, stage, person=0, endpoint="intake.download")
    assert Kind.REF in on_receipt
    assert Kind.NUMBER not in on_receipt


def test_a_candidate_meets_her_number_once_results_are_published() -> None:
    for endpoint in ("intake.board", "intake.code"):
        assert Kind.NUMBER in met(Part.CANDIDATE, Stage.PUBLISHED, person=0, endpoint=endpoint)
        assert Kind.NUMBER not in met(Part.CANDIDATE, Stage.UNSEALED, person=0, endpoint=endpoint)


@pytest.mark.parametrize("stage", ORDER)
def test_outsiders_meet_nothing_ever(stage: Stage) -> None:
    for part in OUTSIDERS:
        assert met(part, stage) == set()


@pytest.mark.parametrize("stage", ORDER)
def test_a_marker_never_meets_a_name_or_number_or_anothers_code(stage: Stage) -> None:
    assert met(Part.MARKER, stage, marker="me") == {Kind.ANSWER}
    assert may_meet(Looking(Part.MARKER, stage, marker="me"), of(Kind.TASK, holder="me"))
    assert not may_meet(Looking(Part.MARKER, stage, marker="me"), of(Kind.TASK, holder="other"))


@pytest.mark.leak("L114")
def test_leaders_meet_numbers_from_moderation_on() -> None:
    assert Kind.NUMBER not in met(Part.CHAIR, Stage.MARKING)
    assert Kind.NUMBER in met(Part.CHAIR, Stage.MODERATION)


def test_the_auditor_meets_nothing_before_the_lock_and_no_name_before_the_unsealing() -> None:
    assert met(Part.AUDITOR, Stage.MODERATION) == set()
    assert Family.WHO not in families(met(Part.AUDITOR, Stage.LOCKED))


def test_who_and_what_of_one_person_are_found_together() -> None:
    name, other = Hit(of(Kind.NAME), "as it is"), Hit(of(Kind.EMAIL, 1), "as it is")
    answer, number = Hit(of(Kind.ANSWER), "as it is"), Hit(of(Kind.NUMBER, 1), "as it is")
    assert together([name, other]) == set()
    assert together([answer, number, other]) == {1}
    assert together([name, number]) == set()
    assert together([name, answer]) == {0}
