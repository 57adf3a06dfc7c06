"""The targets: one file each in this folder, found by itself, with `run(content)` and `seeds()`."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast


class Target(Protocol):
    """What a target is: `run` raises on a failure, `seeds` are inputs to begin with."""

    def run(self, content: bytes) -> None: ...

    def seeds(self) -> Iterator[bytes]: ...


NAMES = tuple(sorted(module.name for module in iter_modules(__path__)))


OVERHEAD = {"ingest": 2.0}
"""Seconds that an input costs before a byte of it is read: a command prepares DuckDB and plans its steps."""


def target(name: str) -> Target:
    """The target of that name."""
    return cast(Target, import_module(f"{__name__}.{name}"))
