"""Every test makes its own application; the templates they all render are compiled once a process."""

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class _Remembered(BytecodeCache):
    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


def compile_once() -> None:
    """Half a second a test otherwise goes into translating the same macros again."""
    Flask.jinja_options = {"bytecode_cache": _Remembered()}
