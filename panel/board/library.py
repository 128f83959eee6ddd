"""The frameworks that this installation holds: read, and loaded as new versions. A loaded version never changes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from panel.audit.service import append
from panel.board import framework_data, framework_toml
from panel.board.framework import Framework
from panel.board.models import FrameworkRow
from panel.kernel.encoding import canonical
from panel.kernel.errors import Invalid, Missing
from panel.kernel.ids import SYSTEM, FrameworkId, MarkerId


class AlreadyLoaded(Invalid):
    """The very same content is here already."""

    sentence = "This framework is loaded already, word for word."


class VersionTaken(Invalid):
    """Another content stands under this name and version."""

    sentence = "Another framework has this name and version. Change the version, then load it again."


@dataclass(frozen=True)
class FrameworkCard:
    """A framework version as lists show it. `described` is whether it holds descriptors, or names only."""

    id: FrameworkId
    name: str
    version: str
    digest: bytes
    described: bool

    @property
    def title(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}"


def frameworks(db: Session) -> tuple[FrameworkCard, ...]:
    """Every version held, by name and version."""
    rows = db.scalars(select(FrameworkRow).order_by(FrameworkRow.name, FrameworkRow.version, FrameworkRow.id))
    return tuple(_card(row) for row in rows)


def framework(db: Session, framework_id: FrameworkId) -> Framework:
    """One version in full. Raises Missing."""
    row = db.get(FrameworkRow, framework_id)
    if row is None:
        raise Missing
    return _read(row)


def load(db: Session, content: Framework, actor: MarkerId | None, role: str) -> FrameworkId:
    """Keep a new version and log its digest. Raises AlreadyLoaded and VersionTaken."""
    check_new(db, content)
    row = _row(content)
    db.add(row)
    db.flush()
    append(db, SYSTEM, "framework.loaded", actor, role, {"framework": str(row.id), "digest": content.digest.hex()})
    return row.id


def check_new(db: Session, content: Framework) -> None:
    """What `load` would refuse, without loading. Raises AlreadyLoaded and VersionTaken."""
    for card in frameworks(db):
        if card.digest == content.digest:
            raise AlreadyLoaded
        if (card.name, card.version) == (content.name, content.version):
            raise VersionTaken


def shipped() -> Iterator[Framework]:
    """The versions that come with the system: CVF 2016 and 2024 by names only, and an invented one in full."""
    folder = files("panel.board").joinpath("frameworks")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        yield framework_toml.read(file.read_text("utf-8"))


def install(db: Session) -> None:
    """Load what comes with the system and is not here yet; for the first start, and harmless ever after."""
    cards = frameworks(db)
    held, names = {card.digest for card in cards}, {(card.name, card.version) for card in cards}
    for content in shipped():
        if content.digest not in held and (content.name, content.version) not in names:
            load(db, content, None, "system")


def _row(content: Framework) -> FrameworkRow:
    body = canonical(content.to_json()).decode()
    return FrameworkRow(
        id=FrameworkId.new(), name=content.name, version=content.version, digest=content.digest, body=body
    )


def _card(row: FrameworkRow) -> FrameworkCard:
    described = any(element.descriptors for element in _read(row).elements)
    return FrameworkCard(row.id, row.name, row.version, row.digest, described)


def _read(row: FrameworkRow) -> Framework:
    return framework_data.parse(json.loads(row.body))
