"""Signed heads and receipts: Ed25519 over one message, checked with the public key alone."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from panel.audit import heads, queries
from panel.audit.heads import Signer
from panel.audit.models import SignedHead
from panel.audit.service import append
from panel.kernel.ids import BoardId

RFC_8032_SECRET = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
RFC_8032_PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


@pytest.mark.vault("V21")
def test_ed25519_matches_rfc_8032() -> None:
    signer = Signer(bytes.fromhex(RFC_8032_SECRET))
    assert signer.public.hex() == RFC_8032_PUBLIC
    assert signer.sign(b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155")
    assert heads.verifies(signer.public, signer.sign(b""), b"")
    assert heads.verifies(signer.public, signer.sign(b""), b"another") is False
    assert heads.verifies(b"no key", signer.sign(b""), b"") is False


@pytest.mark.vault("V21")
def test_known_messages() -> None:
    log, root = BoardId(b"\x01" * 16), b"\x02" * 32
    told = b"\x00\x0dpanel/head/v1\x00\x10" + log + b"\x00\x08" + bytes(7) + b"\x05\x00\x20" + root
    assert heads.head_message(log, 5, root, date(2026, 11, 22)) == told + b"\x00\x0a2026-11-22"
    assert heads.receipt_message(log, root) == b"\x00\x10panel/receipt/v1\x00\x10" + log + b"\x00\x20" + root


def test_the_installation_keeps_one_key(tmp_path: Path) -> None:
    assert Signer.of(tmp_path).public == Signer.of(tmp_path).public != Signer.of(tmp_path / "other").public


def test_a_head_is_signed_as_the_log_ends_and_once(db: Session, tmp_path: Path) -> None:
    log, signer = BoardId.new(), Signer.of(tmp_path)
    append(db, log, "board.opened", None, "hr", {})
    assert queries.any_signed(db) is False
    first = heads.sign_head(db, log, signer)
    assert queries.any_signed(db) is True
    assert (first.size, first.root) == (1, queries.head(db, log).root())
    assert heads.sign_head(db, log, signer) == first
    append(db, log, "board.closed", None, "hr", {"submissions": 3})
    second = heads.sign_head(db, log, signer)
    assert queries.signed_heads(db, log) == (first, second)
    assert heads.faulty(log, (first, second), signer.public) == ()


@pytest.mark.vault("V06")
def test_a_changed_head_is_found(db: Session, tmp_path: Path) -> None:
    log, signer = BoardId.new(), Signer.of(tmp_path)
    append(db, log, "board.opened", None, "hr", {})
    head = heads.sign_head(db, log, signer)
    for changed in (
        replace(head, root=bytes(32)),
        replace(head, size=2),
        replace(head, on=head.on + timedelta(days=1)),
        replace(head, signature=bytes(64)),
        replace(head, key_id=bytes(32)),
    ):
        assert heads.faulty(log, [changed], signer.public) == (changed.size,)
    assert heads.faulty(BoardId.new(), [head], signer.public) == (1,)
    other = Signer.of(tmp_path / "other").public
    assert heads.faulty(log, [head], other) == (1,)
    assert heads.faulty(log, [head], other, signer.public) == ()


def test_a_signed_head_cannot_be_changed(db: Session, tmp_path: Path) -> None:
    log = BoardId.new()
    append(db, log, "board.opened", None, "hr", {})
    heads.sign_head(db, log, Signer.of(tmp_path))
    db.commit()
    with pytest.raises(DBAPIError):
        db.execute(update(SignedHead).where(SignedHead.log == log).values(root=bytes(32)))


def test_a_receipt_is_bound_to_its_board_and_leaf(tmp_path: Path) -> None:
    board, leaf, signer = BoardId.new(), b"\x01" * 32, Signer.of(tmp_path)
    signature = signer.sign(heads.receipt_message(board, leaf))
    assert heads.verifies(signer.public, signature, heads.receipt_message(board, leaf))
    assert not heads.verifies(signer.public, signature, heads.receipt_message(board, b"\x02" * 32))
    assert not heads.verifies(signer.public, signature, heads.receipt_message(BoardId.new(), leaf))
    assert not heads.verifies(b"short", signature, b"")
