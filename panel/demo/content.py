"""The demonstration's people, boards and texts, read from the data files beside this module."""

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from panel.blind.training.purpose import Purpose
from panel.board.conduct import Conduct
from panel.board.policy import slug


@dataclass(frozen=True)
class Character:
    """One invented person. `part`: which list of people.toml the person stands in."""

    key: str
    name: str
    staff_no: str
    email: str
    part: str
    post: str = ""
    station: str = ""
    unit: str = ""
    external: bool = False
    equality: Mapping[str, str] = field(default_factory=dict)
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """One written answer. `quality`: 1 to 5 as the anchors have it; `leaks`: words the chair will remove."""

    text: str
    quality: int
    leaks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Script:
    """A practice script with its agreed mark, the reason and what it is for; `criterion` by name."""

    criterion: str
    answer: str
    agreed: int
    reason: str
    purpose: Purpose


@dataclass(frozen=True)
class Seed:
    """An answer that is slipped in among those of candidates, with its agreed mark and the reason."""

    answer: str
    agreed: int
    reason: str


@dataclass(frozen=True)
class Thought:
    """After signing, a marker thought that a candidate's answers were by somebody of this name."""

    marker: str
    candidate: str
    name: str


@dataclass(frozen=True)
class BoardPlan:
    """One board of the demonstration; people by their keys, criteria by name.

    `days`: how long ago the deadline passed. `submitted`: whose place in the answers each applicant sends, from 1.
    `short`: how many attempts at the first criterion some markers have failed. `unwritten`: the criteria whose seed is
    still to be written. `strays` strays from the agreed marks of seeds until her marking is paused; `flags` says that
    a seed names somebody; `recognises` steps aside from her first answer.
    """

    key: str
    title: str
    rank: str
    stage: str
    days: int
    about: str
    criteria: tuple[str, ...]
    pass_mark: Fraction
    hr: str
    chair: str
    deputy: str
    custodians: tuple[str, ...]
    markers: tuple[str, ...]
    group: str = "Police officers"
    submitted: Mapping[str, int] = field(default_factory=dict)
    drafting: Mapping[str, int] = field(default_factory=dict)
    extended: str = ""
    withdraws: str = ""
    late_marker: str = ""
    recognises: str = ""
    conduct: Conduct = field(default=Conduct())
    away: tuple[str, ...] = ()
    short: Mapping[str, int] = field(default_factory=dict)
    unwritten: tuple[str, ...] = ()
    strays: str = ""
    flags: str = ""
    thoughts: tuple[Thought, ...] = ()


@cache
def force() -> Mapping[str, str]:
    """`name`, `short` and `domain` of the invented force."""
    return dict(_data("people")["force"])


@cache
def people() -> Mapping[str, Character]:
    """Everybody, by key."""
    data = _data("people")
    lists = {**data["staff"], "candidate": data["candidate"], "applicant": data["applicant"]}
    return {row["key"]: _character(part, row) for part, rows in lists.items() for row in rows}


def playing(part: str) -> tuple[Character, ...]:
    """Those of one list of people.toml, in its order: hr, chairs, custodians, markers, candidate, applicant …"""
    return tuple(each for each in people().values() if each.part == part)


@cache
def boards() -> tuple[BoardPlan, ...]:
    """Every board, earliest stage first."""
    return tuple(_plan(row) for row in _data("boards")["board"])


@cache
def questions() -> Mapping[str, str]:
    """The question of each criterion, by its name."""
    return dict(_data("questions"))


@cache
def answers(criterion: str) -> tuple[Answer, ...]:
    """All answers to one criterion (by name), in the candidates' order."""
    rows = _data(f"answers/{slug(criterion)}")["answer"]
    return tuple(Answer(row["text"].strip(), row["quality"], tuple(row.get("leaks", ()))) for row in rows)


@cache
def evidence(criterion: str, score: int) -> tuple[str, ...]:
    """What panel members write beside a score of 1 to 5 for one criterion (by name)."""
    return tuple(_data("evidence")[criterion][str(score)])


@cache
def scripts(criterion: str) -> tuple[Script, ...]:
    """The practice scripts of one criterion (by name)."""
    rows = (row for row in _data("practice")["script"] if row["criterion"] == criterion)
    return tuple(
        Script(criterion, row["answer"].strip(), row["agreed"], row["reason"].strip(), Purpose(row["purpose"]))
        for row in rows
    )


@cache
def seeds() -> Mapping[str, Seed]:
    """The seed of each criterion, by its name."""
    rows = _data("seeds")["seed"]
    return {row["criterion"]: Seed(row["answer"].strip(), row["agreed"], row["reason"].strip()) for row in rows}


@cache
def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(files("panel.demo").joinpath(f"{name}.toml").read_text("utf-8"))


def _character(part: str, row: dict[str, Any]) -> Character:
    values = {**row, "known": tuple(row.get("known", ()))}
    return Character(part=part, **{"email": _email(row["name"]), **values})


def _email(name: str) -> str:
    # ł has no decomposition, so that NFKD alone would lose it
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l")).encode("ascii", "ignore").decode().lower()
    return f"{'.'.join(plain.split())}@{force()['domain']}"


def _plan(row: dict[str, Any]) -> BoardPlan:
    everyone = {each.key: place for place, each in enumerate(playing("candidate"), 1)} if row.get("everyone") else {}
    lists = {name: tuple(row.get(name, ())) for name in ("criteria", "custodians", "markers", "away", "unwritten")}
    read = {
        "pass_mark": Fraction(row["pass_mark"]),
        "conduct": Conduct.from_json(row.get("conduct", {})),
        "thoughts": tuple(Thought(**each) for each in row.get("thoughts", ())),
    }
    plain = {name: value for name, value in row.items() if name != "everyone"}
    return BoardPlan(**{"submitted": everyone, **plain, **lists, **read})
