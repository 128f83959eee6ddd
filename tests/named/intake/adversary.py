"""Somebody who may read everything: rows, system columns, files, logs, and a backup from before. What she tries.

Her orders are of people, or of submissions. `watched` is the strongest of the first: she saw who came, and when.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, create_engine, text

from panel.kernel.ids import AccountId, SubmissionRef
from tests.named.intake.crowd import MARK, PAGE, Crowd
from tests.named.intake.linkage import Strategy

People, Submissions = Sequence[AccountId], Sequence[SubmissionRef]
#: Tables that a lodging writes, and one that the close does: where they lie, and how to know whose a row is.
SEALED = ("envelope", "equality_envelope")
_HEAP_PAGE = 8192
XMIN, XMAX, CMIN = (f"{column}::text::bigint" for column in ("xmin", "xmax", "cmin"))


def strategies(crowd: Crowd) -> dict[str, Strategy]:
    """Every strategy that the engine allows, by name."""
    engine = create_engine(crowd.config.owner_url())
    with engine.connect() as connection:
        found = _read(connection, crowd)
        found |= _sqlite(connection, crowd) if crowd.database.is_sqlite else _postgres(connection, crowd)
    engine.dispose()
    return found


def _read(connection: Connection, crowd: Crowd) -> dict[str, Strategy]:
    """By what any reader of the tables sees: orders of columns, lengths, what the log and the outbox mention."""
    table = Tables(connection, crowd)
    numbers = table.refs("blind.submission", "number")
    lengths = {ref: size for size, ref in table.keyed("blind.submission", "length(answers)", "ref", SubmissionRef)}
    long = sorted(lengths, key=lengths.__getitem__)
    watched, backup = crowd.lodged, crowd.backup
    return {
        "watched, refs": Strategy(watched, sorted(crowd.wrote.values())),
        "watched, numbers": Strategy(watched, numbers),
        "watched, code tags": Strategy(watched, table.refs("blind.submission", "code_tag")),
        "watched, digests": Strategy(watched, table.refs("blind.submission", "answers_digest")),
        "watched, envelope bytes": Strategy(watched, table.refs("sealed.envelope", "length(sealed), sealed")),
        "surnames, numbers": Strategy(crowd.surnames, numbers),
        "accounts, numbers": Strategy(sorted(crowd.surnames), numbers),
        "drafted, numbers": Strategy(crowd.drafted, numbers),
        "roll ids, refs": Strategy(table.accounts("id"), sorted(crowd.wrote.values())),
        "drafts in a backup by length, answers by length": Strategy(sorted(backup, key=backup.__getitem__), long),
        "drafts in a backup as they lay, answers by length": Strategy(list(backup), long),
        "rows as read, roll and submissions": Strategy(table.stored_people(), table.refs("blind.submission", "")),
        "rows as read, sessions and envelopes": Strategy(table.sessions(), table.refs("sealed.envelope", "")),
        "log, mail and accounts as mentioned": _mentioned(table, crowd),
    }


class Tables:
    """Rows in an order that the adversary chooses."""

    def __init__(self, connection: Connection, crowd: Crowd) -> None:
        self.connection, self.sqlite = connection, crowd.database.is_sqlite

    def rows(self, columns: str, table: str, order: str = "") -> Sequence[Any]:
        name = table.split(".")[1] + " NOT INDEXED" if self.sqlite else table
        sorting = f" ORDER BY {order}" if order else ""
        return self.connection.execute(text(f"SELECT {columns} FROM {name}{sorting}")).all()

    def keyed(self, table: str, order: str, key: str, kind: Callable[[bytes], Any]) -> list[tuple[Any, Any]]:
        return [(value, kind(bytes(found))) for value, found in self.rows(f"{order}, {key}", table)]

    def refs(self, table: str, order: str) -> list[SubmissionRef]:
        return [SubmissionRef(bytes(ref)) for (ref,) in self.rows("ref", table, order and f"{order}, ref")]

    def accounts(self, order: str) -> list[AccountId]:
        return [AccountId(bytes(each)) for (each,) in self.rows("account", "named.roll", f"{order}, account")]

    def stored_people(self) -> list[AccountId]:
        return [AccountId(bytes(each)) for (each,) in self.rows("account", "named.roll")]

    def sessions(self) -> list[AccountId]:
        """Who has a session, in the order in which the rows are read."""
        whose = {bytes(marker): account for marker, account in self.rows("marker, account", "open.person")}
        return [
            AccountId(bytes(whose[bytes(m)]))
            for (m,) in self.rows("marker", "open.sign_in_session")
            if bytes(m) in whose
        ]


def _mentioned(table: Tables, crowd: Crowd) -> Strategy:
    """In the order in which log and outbox first name them, by id, in any spelling."""
    said = [bytes(body) for (body,) in table.rows("body", "open.log_entry", "log, seq")]
    said += [json.dumps([str(value) for value in row]).encode() for row in table.rows("*", "named.outgoing")]
    whole = b"\n".join(said)
    return Strategy(_present(whole, crowd.wrote, bytes), _present(whole, crowd.wrote.values(), bytes))


def _present(data: bytes, things: Iterable[Any], mark: Callable[[Any], bytes]) -> list[Any]:
    """Those whose mark, raw or in hex, is in the data, by where it first is."""
    places = {}
    for thing in things:
        found = [place for spelt in (mark(thing), mark(thing).hex().encode()) if (place := data.find(spelt)) >= 0]
        if found:
            places[thing] = min(found)
    return sorted(places, key=places.__getitem__)


def _sqlite(connection: Connection, crowd: Crowd) -> dict[str, Strategy]:
    """By where things lie in the database file, overflow pages among them, and in the write-ahead file."""
    path = crowd.config.sqlite_path
    assert path is not None
    data, ahead = path.read_bytes(), path.with_name(f"{path.name}-wal")
    lie, written = _places(data, crowd), _places(ahead.read_bytes() if ahead.exists() else b"", crowd)
    rows = _roll_ids(connection)
    roll = [rows[each] for each in _present(data, rows, bytes)]
    found = {
        "watched, answers in the file": Strategy(crowd.lodged, _by(lie, min)),
        "watched, last traces of answers in the file": Strategy(crowd.lodged, _by(lie, max)),
        "watched, answers where drafts in a backup lay": _on_freed_pages(lie, crowd),
        "watched, traces where drafts in a backup lay": _on_freed_pages(_left(lie), crowd),
        "watched, answers in the write-ahead file": Strategy(crowd.lodged, _by(written, min)),
        "watched, last traces in the write-ahead file": Strategy(crowd.lodged, _by(written, max)),
        "watched, middle traces in the write-ahead file": Strategy(crowd.lodged, _by(_thrice(written), _second)),
        "roll in the file, answers in the file": Strategy(roll, _by(lie, min)),
        "drafted, answers in the file": Strategy(crowd.drafted, _by(lie, min)),
    }
    for table in SEALED:
        tails = _tails(connection, table)
        order = _present(data, tails, tails.__getitem__)
        found[f"watched, {table} in the file"] = Strategy(crowd.lodged, order)
        found[f"roll in the file, {table} in the file"] = Strategy(roll, order)
    return found


Places = dict[SubmissionRef, list[int]]


def _places(data: bytes, crowd: Crowd) -> Places:
    """Where each answer's mark is found."""
    found: Places = {}
    for place in MARK.finditer(data):
        found.setdefault(crowd.marks[place[0]], []).append(place.start())
    return found


def _by(places: Places, which: Callable[[list[int]], int]) -> list[SubmissionRef]:
    return sorted(places, key=lambda ref: which(places[ref]))


def _thrice(places: Places) -> Places:
    """Found where it was lodged, where the close wrote it and where VACUUM did."""
    return {ref: found for ref, found in places.items() if len(found) == 3}


def _second(found: list[int]) -> int:
    return found[1]


def _left(places: Places) -> Places:
    """Of those that are found more than once: one copy is what was deleted."""
    return {ref: found for ref, found in places.items() if len(found) > 1}


def _on_freed_pages(places: Places, crowd: Crowd) -> Strategy:
    """Who lodges frees the pages of her draft, and the answers of the second after her come to lie there."""
    on = {place // PAGE: ref for ref, found in places.items() for place in found}
    guesses: list[SubmissionRef | None] = []
    for before in crowd.lodged[:-2]:
        here = [on[page] for page in sorted(crowd.lay.get(before, ())) if page in on and on[page] not in guesses]
        guesses.append(here[0] if here else None)
    spare = iter(sorted(set(crowd.wrote.values()) - set(guesses)))
    return Strategy(crowd.lodged[2:], [guess or next(spare) for guess in guesses], aligned=True)


def _tails(connection: Connection, table: str) -> dict[SubmissionRef, bytes]:
    """What ends each envelope: it lies in a page of its own."""
    rows = connection.execute(text(f"SELECT ref, sealed FROM {table} ORDER BY ref"))
    return {SubmissionRef(bytes(ref)): bytes(sealed)[-24:] for ref, sealed in rows}


def _roll_ids(connection: Connection) -> dict[bytes, AccountId]:
    rows = connection.execute(text("SELECT id, account FROM roll ORDER BY id"))
    return {bytes(key): AccountId(bytes(account)) for key, account in rows}


def _postgres(connection: Connection, crowd: Crowd) -> dict[str, Strategy]:
    """By system columns, by the chunks of long values, and by where things lie in the tables' files."""
    table = Tables(connection, crowd)
    found = {}
    for name in ("blind.submission", "sealed.envelope", "sealed.equality_envelope", "blind.exclusion"):
        for label, column in (("xmin", XMIN), ("xmax", XMAX), ("cmin", CMIN), ("ctid", "ctid")):
            found[f"watched, {label} of {name}"] = Strategy(crowd.lodged, table.refs(name, column))
    for name in ("blind.submission", "sealed.envelope", "sealed.equality_envelope"):
        found[f"watched, chunks of {name}"] = Strategy(crowd.lodged, _chunked(connection, crowd, name))
    for label, column in (("xmin", XMIN), ("ctid", "ctid")):
        pair = table.accounts(column), table.refs("blind.submission", column)
        found[f"{label} of roll and of submissions"] = Strategy(*pair)
        found[f"{label} of roll and of envelopes"] = Strategy(pair[0], table.refs("sealed.envelope", column))
    heap = {name: _heap(connection, name) for name in ("blind.submission", "sealed.envelope", "named.roll")}
    rows = _grown(heap["blind.submission"], crowd.wrote.values())
    found["watched, rows in the file"] = Strategy(crowd.lodged, rows)
    found["watched, envelopes in the file"] = Strategy(
        crowd.lodged, _grown(heap["sealed.envelope"], crowd.wrote.values())
    )
    found["roll in the file, rows in the file"] = Strategy(_grown(heap["named.roll"], crowd.wrote), rows)
    found["watched, leaves as they lie"] = Strategy(crowd.lodged, table.refs("sealed.lodged_leaf", "ctid"))
    return found


def _chunked(connection: Connection, crowd: Crowd, table: str) -> list[SubmissionRef]:
    """Refs by the id of the chunks in which the long value lies, matched by what it says."""
    toast = connection.scalar(
        text("SELECT reltoastrelid::regclass::text FROM pg_class WHERE oid = CAST(:name AS regclass)"), {"name": table}
    )
    chunks = connection.execute(text(f"SELECT chunk_id, chunk_data FROM {toast} WHERE chunk_seq = 0")).all()
    if table == "blind.submission":
        whose = crowd.marks
    else:
        rows = connection.execute(text(f"SELECT ref, sealed FROM {table}"))
        whose = {bytes(sealed)[40:66]: SubmissionRef(bytes(ref)) for ref, sealed in rows}
    found = [whose.get(_said(bytes(data))) for _, data in sorted(chunks, key=lambda each: each[0])]
    return [ref for ref in found if ref]


def _said(chunk: bytes) -> bytes:
    mark = MARK.search(chunk)
    return mark[0] if mark else chunk[40:66]


def _heap(connection: Connection, table: str) -> bytes:
    """The file of a table, as the server has written it."""
    connection.execute(text("CHECKPOINT"))
    data = connection.scalar(
        text("SELECT pg_read_binary_file(pg_relation_filepath(CAST(:name AS regclass)))"), {"name": table}
    )
    return bytes(data or b"")


def _grown(data: bytes, things: Iterable[Any]) -> list[Any]:
    """Those whose id is in the file, in the order in which it grew: each of its pages fills from its end."""
    places = {thing: data.find(bytes(thing)) for thing in things}
    found = [thing for thing, place in places.items() if place >= 0]
    return sorted(found, key=lambda thing: (places[thing] // _HEAP_PAGE, -places[thing]))
