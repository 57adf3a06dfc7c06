"""Whether the ledger's Parquet files are still what was written: their sizes and SHA-256 against load.json.

A build reads every file anyway, and each is hashed beside its work. Afterwards a glance at sizes and times tells that none was
touched since; what was seen then lies in the scratch folder and may be deleted at any time: all is hashed again.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import file_digest, sha256
from pathlib import Path

from pipeline import durable
from pipeline.errors import ValidationFailed
from pipeline.ledger.loads import LedgerFile, Load, folder_of
from pipeline.logs import Progress, masked_name
from pipeline.workspace import Workspace


def described(folder: Path) -> tuple[LedgerFile, ...]:
    """The Parquet files of a load's folder with their sizes and hashes, by name."""
    return tuple(LedgerFile(path.name, path.stat().st_size, _sha256_of(path)) for path in sorted(folder.glob("*.parquet")))


def is_lost(workspace: Workspace, load: Load, known: Iterable[str]) -> bool:
    """Whether a file of the load is not there in its size, or its rows lie with a load that is not among the `known` ids."""
    return load.content not in known or any(fault for _, fault in _faults(workspace, load, is_thorough=False))


@contextmanager
def checked_beside(workspace: Workspace, loads: list[Load], progress: Progress) -> Iterator[None]:
    """Hash the loads' files in a thread while the block runs.

    Raises ValidationFailed at its end, also in place of the error that a damaged file led to.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="ledger") as thread:
        checking = thread.submit(check, workspace, loads, is_thorough=True)
        try:
            yield
        except Exception:
            checking.result()
            raise
        with progress.step("check the ledger's files"):
            checking.result()


def check(workspace: Workspace, loads: list[Load], *, is_thorough: bool = False) -> None:
    """Raise ValidationFailed unless every file of the loads is what was written.

    Not thorough, it only looks whether one was touched since the last check of these loads.
    """
    seen = _seen(workspace, loads)
    memory = workspace.scratch / "ledger.checked"
    if not is_thorough and memory.is_file() and memory.read_text(encoding="utf-8") == seen:
        return
    ids = {load.load_id for load in loads}
    damaged = [
        (load, path, fault)
        for load in loads
        for path, fault in (*_faults(workspace, load, is_thorough=True), *_dangling(workspace, load, ids))
        if fault
    ]
    if damaged:
        load, path, fault = damaged[0]
        more = f" (and {len(damaged) - 1} more)" if len(damaged) > 1 else ""
        raise ValidationFailed(
            f"a file of the ledger {fault}{more}; nothing is built or published from it",
            where=masked_name(path.relative_to(workspace.root).as_posix()),
            remedy=_remedy(workspace, load),
        )
    durable.write(memory, seen, is_alone=False)


def _faults(workspace: Workspace, load: Load, *, is_thorough: bool) -> Iterator[tuple[Path, str]]:
    """The files that the load says it has, each with what is wrong with it, if anything."""
    folder = folder_of(workspace, load.load_id, load.feed)
    for file in load.files:
        path = folder / file.name
        if not path.is_file():
            yield path, "is missing"
        elif path.stat().st_size != file.bytes:
            yield path, f"has {path.stat().st_size:,} bytes, not {file.bytes:,}"
        else:
            yield path, _content_fault(path, file.sha256) if is_thorough else ""
    if not load.files and load.content == load.load_id and not load.is_refused:
        # Written by a version that kept no hashes: at least it has to be there.
        yield from (
            (path, "" if path.is_file() else "is missing")
            for path in (folder / f"{kind}.parquet" for kind, rows in load.kinds.items() if rows)
        )


def _content_fault(path: Path, expected: str) -> str:
    try:
        return "" if _sha256_of(path) == expected else "has another content than its checksum says"
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def _dangling(workspace: Workspace, load: Load, ids: Iterable[str]) -> Iterator[tuple[Path, str]]:
    if load.content not in ids:
        yield folder_of(workspace, load.content, load.feed), "is missing"


def _remedy(workspace: Workspace, load: Load) -> str:
    # Below its feed's folder, or that of the feed which goes on with it under another name.
    for landed in sorted(folder / load.landing_name for folder in workspace.landing.iterdir()) if workspace.landing.is_dir() else ():
        if landed.is_file() and _sha256_of(landed) == load.sha256:
            place = masked_name(landed.relative_to(workspace.root).as_posix())
            return f"Delete it and run `presend ingest {load.feed}`: it is made again from {place}. Or restore it from a backup."
    return "Restore it from a backup: the landing file that it was made from is not there any more."


def _seen(workspace: Workspace, loads: list[Load]) -> str:
    """A fingerprint of the loads and of the sizes and times of their files."""
    digest = sha256()
    for load in loads:
        digest.update(load.to_json().encode())
        for path, fault in _faults(workspace, load, is_thorough=False):
            found = None if fault else path.stat()
            stamp = () if found is None else (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
            digest.update(f"{path.relative_to(workspace.root)} {stamp}".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
