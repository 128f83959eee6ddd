"""Plays a board of invented candidates in a scratch database, and looks everywhere, at every stage, for them."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from flask import Flask

from panel.app import create_app
from panel.blindcheck import places
from panel.blindcheck.canaries import Family
from panel.blindcheck.findings import Finding, Findings
from panel.blindcheck.parts import visitors
from panel.blindcheck.planting import Planted
from panel.blindcheck.rules import Part
from panel.blindcheck.scanner import Scanner
from panel.blindcheck.walk import Walk
from panel.board.lifecycle import ORDER, Stage
from panel.config import Config
from panel.kernel import clock
from panel.kernel.database import Database
from panel.named.unsealing.process import in_this_process
from panel.playing.scratch import copied, scratch
from panel.playing.stopwatch import Bar, Stopwatch

#: Who meets what where it belongs, from which stage on. A search that does not find these finds nothing.
CONTROL: Final = (
    (Stage.MARKING, Part.HR, Family.WHO),
    (Stage.OPEN, Part.CANDIDATE, Family.WHO),
    (Stage.OPEN, Part.CANDIDATE, Family.WHAT),
    (Stage.OPEN, Part.CANDIDATE, Family.CODE),
    (Stage.MARKING, Part.MARKER, Family.WHAT),
    (Stage.MARKING, Part.MARKER, Family.CODE),
    (Stage.MODERATION, Part.CHAIR, Family.CODE),
    (Stage.LOCKED, Part.AUDITOR, Family.WHAT),
    (Stage.LOCKED, Part.AUDITOR, Family.CODE),
)
EVERY_METHOD: Final = ("GET", "POST", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Report:
    """How much was looked through, and what was found where it must not be."""

    looked_through: int
    found: tuple[Finding, ...]

    @property
    def blind(self) -> bool:
        """Whether nothing was found."""
        return not self.found

    def lines(self) -> Iterator[str]:
        """A line for each finding, and a last one that says how it stands."""
        yield from map(str, self.found)
        told = (
            "Nothing is where it must not be." if self.blind else f"{len(self.found)} things are not as they must be."
        )
        yield f"{self.looked_through} answers looked through. {told}"


def blindcheck(
    config: Config,
    *,
    candidates: int = 6,
    markers: int = 4,
    criteria: int = 2,
    stages: Collection[Stage] = ORDER,
    parts: Collection[Part] = tuple(Part),
    methods: Collection[str] = EVERY_METHOD,
    show: bool = True,
) -> Report:
    """Play a board on the same engine and look around at these stages as these parts. Raises Misconfigured.

    Methods besides GET and POST are tried at one stage, marking.
    """
    findings, before = Findings(), places.static_digest()
    app = create_app(_reachable(config), Database(None, None))
    with scratch(config) as stage_config:
        season = Planted(stage_config, stage_config.database(), Stopwatch(), clock.now())
        try:
            with clock.set_to(season.moment):
                resting = season.stages(candidates, markers, criteria)
                for stage in _played(season, resting, last=max(stages, key=ORDER.index)):
                    if stage in stages:
                        _look_around(app, season, stage, parts, methods, findings, show=show)
        finally:
            season.database.dispose()
    if places.static_digest() != before:
        findings.note("panel/static", "a board changed what is served as it lies")
    _demand_control(stages, parts, findings)
    if Stage.MARKING in stages:
        _demand_whole_walk(app, parts, methods, findings)
    return Report(findings.looked_through, tuple(sorted(findings.found)))


def _reachable(config: Config) -> Config:
    """The settings of the installation, but for a browser that is in this very process: no TLS, no host name."""
    return replace(config, secure_cookies=False, trusted_hosts=(), proxy_hops=0, single_sign_on=None)


def _played(season: Planted, resting: Iterator[Stage], last: Stage) -> Iterator[Stage]:
    """Each stage, with nobody connected to the database while the caller copies it."""
    for _ in ORDER[: ORDER.index(last) + 1]:
        with in_this_process(season.config):
            stage = next(resting)
        season.database.dispose()
        yield stage


def _look_around(
    app: Flask,
    played: Planted,
    stage: Stage,
    parts: Collection[Part],
    methods: Collection[str],
    findings: Findings,
    *,
    show: bool,
) -> None:
    with _copy(app, played) as season, in_this_process(season.config):
        scanner = Scanner(season.canaries())
        places.look_through_rows(season, stage, scanner, findings)
        places.look_through_mail(season, stage, scanner, findings)
        walk = Walk(app, season, stage, scanner, findings)
        everybody = [visitor for visitor in visitors(season) if visitor.part in parts]
        with places.listening(stage, scanner, findings):
            for visitor in Bar(stage.value, show)(everybody):
                walk.visit(visitor, methods if stage is Stage.MARKING else EVERY_METHOD[:2])
        if stage is Stage.MARKING:
            places.fail_everywhere(app, season, stage, scanner, findings)
        places.look_through_files(season.config.instance, stage, scanner, findings)


@contextmanager
def _copy(app: Flask, played: Planted) -> Iterator[Planted]:
    """The same board in a copy of the installation, which the walk may spoil; the application serves that."""
    with copied(played.config) as config:
        database = config.database()
        app.extensions |= {"panel.config": config, "panel.database": database}
        try:
            yield replace(played, config=config, database=database)
        finally:
            database.dispose()


def _demand_control(stages: Collection[Stage], parts: Collection[Part], findings: Findings) -> None:
    for stage, part, family in CONTROL:
        if stage in stages and part in parts and (part, family) not in findings.met:
            findings.note("control", f"nothing of the kind '{family}' was found where {part} must meet it")


def _demand_whole_walk(app: Flask, parts: Collection[Part], methods: Collection[str], findings: Findings) -> None:
    """Every route was visited by every part with every method."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    wanted = {f"{method} {rule.endpoint}" for rule in rules for method in (rule.methods or set()) & {*methods}}
    for part in parts:
        for route in sorted(wanted - {known for who, known in findings.visited if who is part}):
            findings.note("routes", f"{part} did not visit {route}")
