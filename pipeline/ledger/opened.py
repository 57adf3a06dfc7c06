"""One file that is about to be loaded: a landing file, or a member of a landed archive."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.ledger.landing import LandingFile
from pipeline.ledger.order import places


@dataclass(frozen=True)
class Opened:
    """One file to load: where it landed, its content's hash, its name with the archive's, its plain bytes, its own name, its place
    among the files of the ingest, and how many files its archive has (0: it is in none)."""

    file: LandingFile
    digest: str
    name: str
    path: Path
    own_name: str
    place: str
    members: int = 0


def all_opened(file: LandingFile, digest: str, contents: Sequence[tuple[str, Path]], place: str) -> list[Opened]:
    """The file, or the members of an archive in their order; `contents` are their names and plain bytes."""
    inside = places(name for name, _ in contents)
    if len(contents) == 1:
        return [Opened(file, digest, file.name, path, name, place) for name, path in contents]
    return [
        Opened(file, digest, f"{file.name}/{name}", path, name, f"{place}/{inside[name]}", len(contents))
        for name, path in sorted(contents, key=lambda content: (inside[content[0]], content[0]))
    ]
