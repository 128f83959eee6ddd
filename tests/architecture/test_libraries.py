"""The list of libraries is whole: what the service is installed with, and all that those bring along."""

import re
import tomllib
from importlib import metadata
from typing import Final

from packaging.requirements import Requirement

from panel.config import ROOT

PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LIST: Final = ROOT / "panel" / "constraints.txt"
#: What an installation may ask for; the tests' own libraries are in none.
EXTRAS: Final = ("postgres", "sso")


def test_every_library_is_listed_with_a_release() -> None:
    lines = [line for line in LIST.read_text().splitlines() if not line.startswith("#")]
    listed = dict(line.split("==") for line in lines)
    assert list(listed) == sorted(listed)
    # another Python or system asks for fewer of them
    assert brought() - set(listed) == set()


def test_the_releases_listed_are_those_that_the_project_asks_for() -> None:
    listed = dict(re.findall(r"^([\w-]+)==(\S+)$", LIST.read_text(), flags=re.MULTILINE))
    assert [str(each) for each in asked() if listed[plain(each.name)] not in each.specifier] == []


def asked() -> list[Requirement]:
    """What the project itself asks for."""
    more = [each for extra in EXTRAS for each in PROJECT["optional-dependencies"][extra]]
    return [Requirement(each) for each in (*PROJECT["dependencies"], *more)]


def brought() -> set[str]:
    """That, and what each of them asks for."""
    found, waiting = set[str](), asked()
    while waiting:
        each = waiting.pop()
        found.add(plain(each.name))
        named = [Requirement(line) for line in _asks_for(each.name)]
        waiting += [more for more in named if plain(more.name) not in found and _needed(more, each.extras)]
    return found


def _asks_for(name: str) -> list[str]:
    """What it asks for itself; of one that is not installed, as of an extra that the tests do without, nothing."""
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []


def _needed(asked_for: Requirement, extras: set[str]) -> bool:
    marker = asked_for.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


def plain(name: str) -> str:
    """A library's name as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()
