"""Boards of every format that was ever released open for ever, here and by a second opener from the document alone."""

import ast
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from panel.audit import verifier
from panel.config import ROOT
from panel.kernel.encoding import digest
from panel.kernel.ids import AccountId, BoardId, CeremonyId, KeyholderId, Number, SlotId, SubmissionRef
from panel.named.unsealing import reveal
from panel.named.unsealing.ceremony import Ceremony, State, read_exceptions
from panel.sealed.equality import answers as equality
from panel.sealed.vault.custody import REHEARSAL, STANDARD, Kind, Slot, read_secret, unlock
from panel.sealed.vault.envelope import FORMAT, KeyPair, Unopenable, fingerprint, identity_info, unseal
from panel.sealed.vault.opening import (
    Opened,
    SealedRow,
    Vault,
    board_key,
    compare_people,
    identities,
    open_share,
    own_share,
)
from panel.sealed.vault.sharing import Seat, Share, Sharing, Side
from tests.golden import opener

FILES = sorted(Path(__file__).parent.glob("format_*.json"))

pytestmark = pytest.mark.vault("V21")


@dataclass(frozen=True)
class Golden:
    """One golden file, read as the program reads its tables."""

    path: Path

    @cached_property
    def found(self) -> dict[str, Any]:
        return json.loads(self.path.read_text())

    @cached_property
    def vault(self) -> Vault:
        row = self.found["vault"]
        pieces = json.loads(row["piece_digests"])
        commitments = {Side(side): tuple(map(bytes.fromhex, known)) for side, known in pieces.items()}
        policy, public = bytes.fromhex(row["policy_digest"]), bytes.fromhex(row["public_key"])
        return Vault(BoardId.parse(row["board"]), policy, public, Sharing(row["k"], row["n"]), commitments)

    @cached_property
    def ceremony(self) -> Ceremony:
        row = self.found["ceremony"]
        return Ceremony(
            id=CeremonyId.parse(row["id"]),
            board=BoardId.parse(row["board"]),
            marks_root=bytes.fromhex(row["marks_root"]),
            head_size=row["head_size"],
            head_root=bytes.fromhex(row["head_root"]),
            exceptions=read_exceptions(row["exceptions"]),
            opened_on=date.fromisoformat(row["opened_on"]),
            expires_on=date.fromisoformat(row["expires_on"]),
            state=State(row["state"]),
        )

    def slots(self, profile: str) -> list[tuple[Slot, str]]:
        """Every slot of a profile with what its keyholder types."""
        typed = {each["id"]: each for each in self.found["keyholders"]}
        return [
            (
                Slot(
                    id=SlotId.parse(row["id"]),
                    keyholder=KeyholderId.parse(row["keyholder"]),
                    kind=Kind(row["kind"]),
                    profile=row["profile"],
                    salt=bytes.fromhex(row["salt"]),
                    parameters=row["parameters"],
                    wrapped=bytes.fromhex(row["wrapped"]),
                ),
                typed[row["keyholder"]][row["kind"]],
            )
            for row in self.found["slots"]
            if row["profile"] == profile
        ]

    def unlocked(self, slot: Slot, typed: str) -> KeyPair:
        pepper = bytes.fromhex(self.found["pepper"]) if slot.kind is Kind.PASSPHRASE else b""
        installed = REHEARSAL if slot.profile == "rehearsal" else STANDARD
        return KeyPair.from_seed(unlock(slot, read_secret(slot.kind, typed), pepper, installed))

    @cached_property
    def pairs(self) -> dict[str, KeyPair]:
        """Each keyholder's key pair, by her passphrase."""
        cheap = [each for each in self.slots("rehearsal") if each[0].kind is Kind.PASSPHRASE]
        return {str(slot.keyholder): self.unlocked(slot, typed) for slot, typed in cheap}

    @cached_property
    def seats(self) -> dict[Seat, bytes]:
        return {
            Seat(Side(row["side"]), row["seat_no"], KeyholderId.parse(row["keyholder"])): bytes.fromhex(
                row["share_envelope"]
            )
            for row in self.found["seats"]
        }

    @cached_property
    def shares(self) -> dict[Seat, Share]:
        return {
            seat: own_share(self.pairs[str(seat.keyholder)], self.vault, seat, sealed)
            for seat, sealed in self.seats.items()
        }

    def of(self, side: Side) -> dict[Seat, Share]:
        return {seat: share for seat, share in self.shares.items() if seat.side is side}

    @cached_property
    def key(self) -> KeyPair:
        custodians, whole = list(self.of(Side.HR).values()), next(iter(self.of(Side.PANEL).values()))
        return board_key(self.vault, custodians[: self.vault.sharing.k], whole)

    @cached_property
    def rows(self) -> list[SealedRow]:
        said = {each["ref"]: each for each in self.found["submissions"]}
        return [
            SealedRow(
                ref=SubmissionRef.parse(row["ref"]),
                number=Number(said[row["ref"]]["number"]),
                answers_digest=bytes.fromhex(said[row["ref"]]["answers_digest"]),
                format=row["format"],
                sealed=bytes.fromhex(row["sealed"]),
            )
            for row in self.found["envelopes"]
        ]

    @cached_property
    def names(self) -> tuple[Opened, ...]:
        return identities(self.key, self.vault, self.rows)


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.stem)
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(request.param)


def test_every_format_so_far_has_its_golden_board() -> None:
    assert [path.stem for path in FILES] == [f"format_{number}" for number in range(1, FORMAT + 1)]


def test_a_golden_board_is_never_made_again(tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in FILES[0].parent.glob("format_*")}
    done = subprocess.run([sys.executable, "-m", "tests.golden"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert {path: path.read_bytes() for path in FILES[0].parent.glob("format_*")} == before


def test_every_slot_opens_by_passphrase_and_by_printed_code(golden: Golden) -> None:
    known = {each["id"]: bytes.fromhex(each["fingerprint"]) for each in golden.found["keyholders"]}
    opened = {
        slot.id: fingerprint(golden.unlocked(slot, typed).public) == known[str(slot.keyholder)]
        for profile in ("rehearsal", "standard")
        for slot, typed in golden.slots(profile)
    }
    assert all(opened.values())
    assert len(opened) == 2 * len(known) + 1


def test_every_coalition_comes_to_the_boards_key(golden: Golden) -> None:
    custodians, k = list(golden.of(Side.HR).values()), golden.vault.sharing.k
    keys = {
        board_key(golden.vault, some, whole).public
        for count in range(k, len(custodians) + 1)
        for some in combinations(custodians, count)
        for whole in golden.of(Side.PANEL).values()
    }
    assert keys == {golden.vault.public_key}


def test_every_release_opens_for_its_recipient_and_holds_its_givers_share(golden: Golden) -> None:
    places = {(seat.side, seat.number): seat for seat in golden.seats}
    for row in golden.found["releases"]:
        giver = places[Side(row["from_side"]), row["from_seat"]]
        taker = places[Side.HR, row["to_seat"]]
        info = golden.ceremony.purpose.info(giver.side, giver.number, taker.number)
        pair = golden.pairs[str(taker.keyholder)]
        assert open_share(pair, golden.vault, giver, info, bytes.fromhex(row["envelope"])) == golden.shares[giver]


def test_every_identity_opens_to_the_person_who_applied(golden: Golden) -> None:
    compare_people(golden.names, [AccountId.parse(row["account"]) for row in golden.found["roll"]])
    told = {
        str(one.identity.account): {
            "name": one.identity.name,
            "email": one.identity.email,
            "staff_no": one.identity.staff_no,
        }
        for one in golden.names
    }
    assert told == golden.found["people"]


def test_every_revealed_row_says_the_same(golden: Golden) -> None:
    key, board = bytes.fromhex(golden.found["results_key"]), golden.vault.board
    kept = [
        reveal.Kept(Number(row["number"]), *(bytes.fromhex(row[name]) for name in ("account_tag", "nonce", "identity")))
        for row in golden.found["revealed"]
    ]
    assert {one.number: reveal.plaintext(key, board, one) for one in kept} == {
        one.number: one.plaintext for one in golden.names
    }
    assert all(one.account_tag == reveal.account_tag(key, reveal.read(key, board, one).account) for one in kept)


def test_the_record_with_names_is_still_accepted(golden: Golden, tmp_path: Path) -> None:
    shutil.copy(golden.path.with_suffix(".zip"), tmp_path / "record.zip")
    told = list(verifier.verify(tmp_path / "record.zip", (), (), ()))
    assert [sentence for holds, sentence in told if not holds] == []
    assert any("names are those that were opened" in sentence for _, sentence in told)


def test_a_second_opener_agrees_fifty_times_out_of_fifty(golden: Golden) -> None:
    """From the passphrases on it does everything itself: envelopes, equality answers, shares and releases."""
    found, vault, pepper = golden.found, golden.vault, bytes.fromhex(golden.found["pepper"])
    typed = {each["id"]: each["passphrase"] for each in found["keyholders"]}
    cheap = [row for row in found["slots"] if row["kind"] == "passphrase" and row["profile"] == "rehearsal"]
    seeds = {row["keyholder"]: opener.unlocked(pepper, typed[row["keyholder"]], row) for row in cheap}
    shares = {
        (row["side"], row["seat_no"]): opener.opened(seeds[row["keyholder"]], _share_info(row, vault), sealed)
        for row in found["seats"]
        for sealed in [bytes.fromhex(row["share_envelope"])]
    }
    agreed = [shares[str(seat.side), seat.number] == _encoded(share) for seat, share in golden.shares.items()]
    some = {seat: share for (side, seat), share in shares.items() if side == "hr" and seat <= vault.sharing.k}
    seed = opener.combined(vault.sharing.k, vault.sharing.n, some, shares["panel", 1])
    holders = {(row["side"], row["seat_no"]): row["keyholder"] for row in found["seats"]}
    for row in found["releases"]:
        taker = seeds[holders["hr", row["to_seat"]]]
        share = opener.opened(taker, _release_info(row, golden), bytes.fromhex(row["envelope"]))
        agreed.append(share == shares[row["from_side"], row["from_seat"]])
    names = {one.identity.ref: one.plaintext for one in golden.names}
    answers = {each["ref"]: bytes.fromhex(each["answers_digest"]) for each in found["submissions"]}
    for row in found["envelopes"]:
        bound = vault.board, opener.raw(row["ref"]), vault.policy_digest, answers[row["ref"]]
        info = opener.context(b"panel/identity/v1", *bound)
        agreed.append(opener.opened(seed, info, bytes.fromhex(row["sealed"])) == names[opener.raw(row["ref"])])
    for row in found["equality_envelopes"]:
        ref, sealed = SubmissionRef.parse(row["ref"]), bytes.fromhex(row["sealed"])
        ours = unseal(golden.key, equality.info(vault.board, ref, vault.policy_digest), sealed)
        info = opener.context(b"panel/equality/v1", vault.board, ref, vault.policy_digest)
        agreed.append(opener.opened(seed, info, sealed) == ours and bool(equality.read(ours)))
    assert agreed == [True] * 50


def test_the_second_opener_shares_nothing_with_the_program() -> None:
    tree = ast.parse(Path(opener.__file__).read_text())
    froms = {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    plain = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert froms | plain == {"hashlib", "hmac", "itertools", "cryptography"}
    assert "hpke" not in Path(opener.__file__).read_text().split("SUITE")[0].split('"""')[2]


def test_a_changed_byte_or_another_submission_does_not_open(golden: Golden) -> None:
    first, second = golden.rows[:2]
    info = identity_info(golden.vault.board, first.ref, golden.vault.policy_digest, first.answers_digest)
    assert unseal(golden.key, info, first.sealed)
    changed = first.sealed[:-1] + bytes([first.sealed[-1] ^ 1])
    for sealed in (second.sealed, changed):
        with pytest.raises(Unopenable):
            unseal(golden.key, info, sealed)


def _share_info(row: dict[str, Any], vault: Vault) -> bytes:
    place = row["side"].encode(), row["seat_no"].to_bytes(2, "big"), opener.raw(row["keyholder"])
    return opener.context(b"panel/share/v1", vault.board, *place, vault.policy_digest)


def _release_info(row: dict[str, Any], golden: Golden) -> bytes:
    held = golden.found["ceremony"]
    fixed = opener.raw(held["board"]), opener.raw(held["id"]), opener.raw(held["marks_root"])
    seats = (row[name].to_bytes(2, "big") for name in ("from_seat", "to_seat"))
    bound = *fixed, opener.raw(held["head_root"]), digest(held["exceptions"].encode()), row["from_side"].encode()
    return opener.context(b"panel/release/v1", *bound, *seats)


def _encoded(share: Share) -> bytes:
    return b"".join(bytes([index]) + share[index] for index in sorted(share))
