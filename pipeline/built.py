"""Whether the warehouse is the very file that the last build made (domain §8): its SHA-256 against `warehouse/built.json`.

Whoever opens the file to write may delete an opt-out from it. So nothing is decided, explained or rechecked over a file that is another
than the build's: it is built again from the ledger. Sizes, times and inode of the file that was hashed last lie in the scratch folder, so
that an untouched one is not read through at every publication; that memory may be deleted at any time.
"""

import json
from hashlib import file_digest
from pathlib import Path

from pipeline import durable
from pipeline.workspace import Workspace

_KEY = "sha256"


def log_of(database: Path) -> Path:
    """Where DuckDB keeps changes that are not in the file yet, and from where it reads them with the file."""
    return database.with_name(f"{database.name}.wal")


def swap(workspace: Workspace, made: Path) -> None:
    """Put what a build has made in the place of the warehouse; the caller holds its lock.

    The hash is written first: whoever is killed behind it leaves a warehouse that nobody uses, and never one that nobody made.
    """
    digest = _sha256_of(made)
    durable.write(_record(workspace), json.dumps({_KEY: digest}))
    log_of(workspace.warehouse).unlink(missing_ok=True)  # somebody's changes of the old file would be read with the new one
    durable.put(made, workspace.warehouse)
    _remember(workspace, digest)


def clear(workspace: Workspace) -> None:
    """Remove what a killed build left of the hash's file."""
    durable.unfinished(_record(workspace)).unlink(missing_ok=True)


def is_as_built(workspace: Workspace) -> bool:
    """Whether the warehouse is there, and what the last build made."""
    path = workspace.warehouse
    if not path.is_file() or log_of(path).exists():
        return False
    built = _read(_record(workspace)).get(_KEY)
    if built is None:
        return False
    if _read(_memory(workspace)) == {_KEY: built, "stamp": _stamp(path)}:
        return True
    if _sha256_of(path) != built:
        return False
    _remember(workspace, str(built))
    return True


def was_changed(workspace: Workspace) -> bool:
    """Whether a build's warehouse was written to since."""
    return workspace.warehouse.is_file() and _record(workspace).is_file() and not is_as_built(workspace)


def _record(workspace: Workspace) -> Path:
    return workspace.warehouse.with_name("built.json")


def _memory(workspace: Workspace) -> Path:
    return workspace.scratch / "warehouse.checked"


def _remember(workspace: Workspace, digest: str) -> None:
    durable.write(_memory(workspace), json.dumps({_KEY: digest, "stamp": _stamp(workspace.warehouse)}), is_alone=False)


def _stamp(path: Path) -> list[int]:
    """What no edit leaves as it was: its size and time may be set back, the time of the last change of either may not."""
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _read(path: Path) -> dict[str, object]:
    """What a file of this module says; nothing where it is missing or damaged, since then all is hashed, or built, again."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return {}


def _sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
