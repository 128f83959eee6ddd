"""A receipt is signed, the same whenever asked for, and from the close on leads to the lodged root."""

import pytest

from panel.access.roles import Role
from panel.audit.heads import Signer, receipt_message, verifies
from panel.audit.proofs import verify_inclusion
from panel.board.queries import board
from panel.named.intake import closing, service
from panel.named.intake.receipt import Receipt, receipt
from panel.named.intake.roots import lodged_leaf
from tests.named.intake.scene import ANSWERS, Scene


def made(scene: Scene, person: object, code: object) -> Receipt:
    lodged = service.view(scene.db, person, scene.board, code)  # type: ignore[arg-type]
    return receipt(scene.db, scene.keys, board(scene.db, scene.board), lodged)


@pytest.mark.vault("V12")
def test_a_receipt_is_signed_over_the_leaf_of_its_digests(scene: Scene) -> None:
    person = scene.person()
    lodging = scene.apply(person)
    mine = made(scene, person, lodging.code)
    assert verifies(Signer.of(scene.keys).public, mine.signature, receipt_message(scene.board, mine.leaf))
    leaf = lodged_leaf(scene.board, mine.ref, mine.answers_digest, mine.envelope_digest, mine.equality_digest)
    assert leaf == mine.leaf
    assert made(scene, person, lodging.code) == mine


def test_the_file_holds_the_answers_and_neither_name_nor_code(scene: Scene) -> None:
    person = scene.person(name="Wilhelmina Rautavaara")
    lodging = scene.apply(person)
    file = str(made(scene, person, lodging.code).to_json())
    assert ANSWERS["we-collaborate"] in file
    for secret in ("Rautavaara", str(lodging.code), lodging.code.grouped, str(person.account), str(person.id)):
        assert secret not in file


@pytest.mark.vault("V12")
def test_after_the_close_each_receipt_leads_to_the_lodged_root_and_an_altered_one_does_not(scene: Scene) -> None:
    people = [scene.person() for _ in range(7)]
    codes = [scene.apply(person).code for person in people]
    scene.pass_deadline()
    hr = scene.holder(Role.HR)
    closed = closing.close(scene.db, scene.keys, hr, scene.board)
    for person, code in zip(people, codes, strict=True):
        mine = made(scene, person, code)
        assert mine.counted is not None
        way = mine.counted
        assert way.lodged_root == closed.lodged_root
        assert verify_inclusion(mine.leaf, way.index, way.size, way.path, way.lodged_root)
        altered = lodged_leaf(scene.board, mine.ref, bytes(32), mine.envelope_digest, mine.equality_digest)
        assert not verify_inclusion(altered, way.index, way.size, way.path, way.lodged_root)
