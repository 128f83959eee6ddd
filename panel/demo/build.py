"""Make the demonstration in instance/demo/, or find it made. It never touches a real installation."""

import gc
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from panel import installation
from panel.board import library
from panel.board.lifecycle import Stage
from panel.config import ROOT, Config, from_environment
from panel.demo import content
from panel.demo.cast import PASSWORD, company_of, hire_all
from panel.demo.plot import Plot
from panel.kernel import clock
from panel.kernel.encoding import digest
from panel.kernel.errors import Misconfigured
from panel.named.accounts import demo as listed
from panel.named.accounts.demo import SignIn
from panel.named.unsealing.process import in_this_process
from panel.playing.company import Member
from panel.playing.custody import Passphrases

#: Not the real service's, so that both can run.
PORT: Final = 5000
#: How long before the oldest board the force was set up.
_BEFORE: Final = timedelta(days=60)
#: Left in the folder once the demonstration is whole, with the edition it is of: a folder without it was cut short.
_MADE: Final = "made-by-panel-demo"
_BEGUN: Final = "begun-by-panel-demo"


class NotOurs(Misconfigured):
    """There is a folder, and the demonstration did not make it."""

    sentence = "instance/demo exists and was not made by the demonstration. Move it away first."


def prepare(*, reset: bool, say: Callable[[str], object]) -> Config:
    """The demonstration's settings, made now if it is not there. Raises NotOurs."""
    config = settings()
    folder = config.instance
    if folder.exists() and (reset or not _current(folder)):
        _clear(folder)
    if not folder.exists():
        say("Making the demonstration: a fictional force with boards from open to published. This takes a few seconds.")
        gc.disable()  # a tenth of the time goes to looking for cycles in what is about to be kept
        try:
            _make(replace(config, durable=False))
        finally:
            gc.enable()
    return config


def settings() -> Config:
    """Always SQLite in instance/demo/, whatever the database addresses say."""
    real = from_environment({"PANEL_INSTANCE": str(from_environment({}).instance)})
    shown = replace(real, profile="rehearsal", secure_cookies=False, demo=True)
    return replace(shown, instance=real.instance / "demo", base_url=f"http://127.0.0.1:{PORT}")


def sign_ins(config: Config) -> str:
    """Who one can be, as text."""
    people = listed.sign_ins(config)
    width = max(len(each.email) for each in people)
    lines = [f"  {each.email:<{width}}  {each.role}" for each in people]
    return "\n".join([f"\nSign in as any of these. The password is always: {PASSWORD}\n", *lines, ""])


def _current(folder: Path) -> bool:
    """Whether the demonstration is whole, and was made with these tables and this script."""
    made = folder / _MADE
    return made.is_file() and made.read_text() == _edition()


def _edition() -> str:
    files = (path for room in ("migrations", "panel/demo") for path in (ROOT / room).rglob("*"))
    sources = sorted(path for path in files if path.suffix in {".py", ".toml"})
    return digest(b"".join(path.read_bytes() for path in sources)).hex()


def _clear(folder: Path) -> None:
    if not any((folder / mark).is_file() for mark in (_MADE, _BEGUN)):
        raise NotOurs
    shutil.rmtree(folder)


def _make(config: Config) -> None:
    config.instance.mkdir(mode=0o700, parents=True)
    (config.instance / _BEGUN).touch()
    today, plans = clock.now(), sorted(content.boards(), key=lambda plan: -plan.days)
    with clock.set_to(today - timedelta(days=plans[0].days) - _BEFORE):
        installation.prepare(config)
        database = config.database()
        with database.writing() as db:
            members = hire_all(db, config.profile)
            framework = next(each.id for each in library.frameworks(db) if each.described)
    passphrases = Passphrases()
    with in_this_process(config):
        # oldest first: keyholders prove their keys again from board to board
        plots = [
            Plot(config, database, plan, company_of(plan, members), members, passphrases, framework, today)
            for plan in plans
        ]
        for plot in plots:
            plot.play()
    database.dispose()
    named = {plot.stage: plot for plot in plots}
    listed.write_sign_ins(config, tuple(_listed(members, passphrases, named)))
    (config.instance / _MADE).write_text(_edition())


def _listed(members: Mapping[str, Member], passphrases: Passphrases, plots: Mapping[Stage, Plot]) -> Iterator[SignIn]:
    """Everyone worth signing in as, by what they can do."""
    for key, role in _roles(plots):
        member = members[key]
        words = f". Custody passphrase: {passphrases.of(member)}" if member.account in passphrases.sheets else ""
        yield SignIn(f"{role}{words}", member.email, PASSWORD)


def _roles(plots: Mapping[Stage, Plot]) -> Iterator[tuple[str, str]]:
    opened, published = plots[Stage.OPEN], plots[Stage.PUBLISHED].plan
    closed, marked, locked = (plots[stage].plan for stage in (Stage.CLOSED, Stage.MARKING, Stage.LOCKED))
    applied = next(iter(opened.codes))
    yield "hussain", f"Candidate who has not applied to {opened.plan.title} yet"
    yield from ((key, f"Candidate writing an application to {opened.plan.title}") for key in opened.plan.drafting)
    yield applied, f"Candidate who applied to {opened.plan.title}. Receipt code: {opened.codes[applied].grouped}"
    yield next(iter(published.submitted)), f"Candidate whose result of {published.title} is published"
    yield from ((each.key, f"HR. {each.post}") for each in content.playing("hr"))
    yield from ((key, f"Panel member of {marked.title}") for key in marked.markers[2:5])
    yield marked.strays, f"Panel member of {marked.title}, whose marking is paused"
    for key, attempts in closed.short.items():
        now = "is on a second attempt to qualify" if attempts == 1 else "waits for the chair’s coaching"
        yield key, f"Panel member of {closed.title}, who {now}"
    yield from ((each.key, f"Chair or deputy. {each.post}") for each in content.playing("chairs"))
    for each in content.playing("custodians"):
        now = f" of {locked.title}, where a ceremony is open" if each.key in locked.custodians else ""
        yield each.key, f"Custodian{now}. {each.post}"
    yield from ((each.key, f"Auditor. {each.post}") for each in content.playing("auditor"))
    yield from ((each.key, f"Administrator. {each.post}") for each in content.playing("administrator"))
