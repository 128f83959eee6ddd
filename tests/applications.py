"""Every test has its own application; what they all share is made once a process."""

from copy import copy
from functools import cache
from pathlib import Path

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from panel.app import create_app
from panel.config import Config
from panel.kernel.database import Database
from tests.servers import cheap


class _Remembered(BytecodeCache):
    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


def compile_templates_once() -> None:
    """Half a second a test otherwise goes into translating the same macros again."""
    Flask.jinja_options = {"bytecode_cache": _Remembered()}


def application(config: Config, database: Database) -> Flask:
    """The application on this database. `config` differs from that of `cheap` in its folder and addresses alone.

    A copy with settings of its own: working out the routes takes a tenth of a second, and they are always the same.
    """
    app = copy(_routed())
    app.extensions = {**app.extensions, "panel.config": config, "panel.database": database}
    return app


@cache
def _routed() -> Flask:
    return create_app(cheap(Path()), Database(None, None))
