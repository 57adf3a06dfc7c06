"""What a target is: the files in which a run leaves the house."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.outbox import Run


@dataclass(frozen=True)
class File:
    """A file of this machine that is to be delivered under its name, and what its content hashes to."""

    path: Path
    sha256: str


@dataclass(frozen=True)
class Target:
    """One form in which a run leaves the house.

    `files(run, scratch)` gives its files in the order in which they are copied: what names others comes last. It may write them into the
    empty folder `scratch`, never into the run's. The same run gives the same bytes, with the audience's rows and no others.
    """

    name: str
    meaning: str
    files: Callable[[Run, Path], Sequence[File]]
    tells_withdrawn: bool
    """Whether who uses it knows of the withdrawn list beside it. Else a run from which somebody is withdrawn is not delivered."""
    basis: tuple[str, ...] = ()
    """The vendor's pages that its facts come from."""


def file_of(path: Path) -> File:
    """A file that has just been written."""
    with path.open("rb") as stream:
        return File(path, hashlib.file_digest(stream, "sha256").hexdigest())
