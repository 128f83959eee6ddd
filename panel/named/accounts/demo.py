"""The sign-ins of the demonstration, as the sign-in page shows them. An installation that is not one has none."""

import json
from dataclasses import dataclass
from typing import Final

from panel.config import Config

FILE: Final = "sign-ins.json"


@dataclass(frozen=True)
class SignIn:
    """One fictional person: what she does, and how to sign in as her."""

    role: str
    email: str
    password: str


def sign_ins(config: Config) -> tuple[SignIn, ...]:
    """What the demonstration wrote beside its database; empty everywhere else."""
    path = config.instance / FILE
    if not config.demo or not path.is_file():
        return ()
    return tuple(SignIn(*entry) for entry in json.loads(path.read_text("utf-8")))


def write_sign_ins(config: Config, listed: tuple[SignIn, ...]) -> None:
    """Write the file that `sign_ins` reads: a list of [role, email, password]."""
    rows = [[each.role, each.email, each.password] for each in listed]
    (config.instance / FILE).write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
