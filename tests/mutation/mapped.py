"""Which tests ought to notice a change to which module: those likeliest to notice first."""

from typing import Final

_VAULT: Final = "tests/sealed/vault"
_AUDIT: Final = "tests/audit"
_BOARD: Final = "tests/golden/test_golden.py"
_GOLDEN: Final = (
    f"{_BOARD}::test_every_coalition_comes_to_the_boards_key",
    f"{_BOARD}::test_every_release_opens_for_its_recipient_and_holds_its_givers_share",
    f"{_BOARD}::test_every_identity_opens_to_the_person_who_applied",
    f"{_BOARD}::test_a_second_opener_agrees_fifty_times_out_of_fifty",
)
_ROWS: Final = (f"{_VAULT}/test_queries.py", f"{_VAULT}/test_keyholders.py", f"{_VAULT}/test_service.py")
#: Module to the tests that ought to notice.
TESTS: Final[dict[str, tuple[str, ...]]] = {
    "panel/kernel/encoding.py": ("tests/kernel/test_encoding.py",),
    "panel/sealed/vault/envelope.py": (f"{_VAULT}/test_envelope.py",),
    "panel/sealed/vault/sharing.py": (f"{_VAULT}/test_sharing.py", *_GOLDEN),
    "panel/sealed/vault/custody.py": (f"{_VAULT}/test_custody.py", *_GOLDEN),
    "panel/sealed/vault/identity.py": (f"{_VAULT}/test_opening.py",),
    "panel/sealed/vault/opening.py": (f"{_VAULT}/test_opening.py", *_GOLDEN),
    "panel/sealed/vault/queries.py": _ROWS,
    "panel/sealed/vault/service.py": _ROWS,
    "panel/audit/merkle.py": (f"{_AUDIT}/test_merkle.py", f"{_AUDIT}/test_proofs.py"),
    "panel/audit/proofs.py": (f"{_AUDIT}/test_proofs.py",),
    "panel/audit/entry.py": (f"{_AUDIT}/test_log.py",),
    "panel/audit/heads.py": (f"{_AUDIT}/test_heads.py",),
    "panel/audit/replay.py": (f"{_AUDIT}/test_log.py",),
    "panel/audit/service.py": (f"{_AUDIT}/test_log.py", f"{_AUDIT}/test_append_race.py"),
    "panel/audit/queries.py": (f"{_AUDIT}/test_log.py", f"{_AUDIT}/test_heads.py"),
    "panel/audit/verifier.py": (
        f"{_BOARD}::test_the_record_with_names_is_still_accepted",
        f"{_AUDIT}/test_strict_record.py",
        f"{_AUDIT}/test_strict_log.py",
        f"{_AUDIT}/test_strict_contents.py",
        f"{_AUDIT}/test_strict_receipt.py",
        f"{_AUDIT}/test_dishonest_service.py",
        f"{_AUDIT}/test_later_record.py",
        f"{_AUDIT}/test_hostile_record.py",
        f"{_AUDIT}/test_verifier.py",
    ),
}
#: What a record holds is none of its business, so records are made once for all of its mutants.
READS_RECORDS: Final = {"panel/audit/verifier.py"}
