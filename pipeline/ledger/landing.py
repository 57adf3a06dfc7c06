"""The files below landing/<feed>/: which are there, what they are named, and their bytes decompressed.

Nothing here changes, moves or deletes a landing file (contract §1).
"""

import errno
import gzip
import json
import lzma
import os
import re
import shutil
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline import durable
from pipeline.engines.local import scratch_folder
from pipeline.ledger import workbook
from pipeline.workspace import Workspace

UNFINISHED = (".part", ".tmp", ".filepart")
PACKINGS = (".gz", ".zst", ".zip")
CHUNK = 1 << 20
MAX_EXPANSION = 200
"""A compressed file that grows to more than this many times its size, and beyond 256 MB, is taken for a bomb."""
EXPANSION_FLOOR = 256 << 20
MOST_MEMBERS = 50_000
BROKEN = (OSError, EOFError, ValueError, RuntimeError, IndexError, struct.error, zlib.error, lzma.LZMAError, zipfile.BadZipFile)
"""What the libraries raise for an archive that is none."""
PATTERN = re.compile(r"[*?\[\]{}]")
NO_DIGEST = "0" * 64
"""Instead of the hash of a file that may not be read."""


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the text is the reason. It becomes a refused load."""


@dataclass(frozen=True)
class LandingFile:
    """A finished file below landing/<feed>/ as it was when it was first looked at."""

    path: Path
    name: str
    size: int
    changed: tuple[int, int, int]

    def is_unchanged(self) -> bool:
        """Whether it is still the file that was looked at (false: it is being written, and waits for the next run)."""
        try:
            return _stamp(self.path) == (self.size, self.changed)
        except FileNotFoundError:
            return False


def _stamp(path: Path) -> tuple[int, tuple[int, int, int]]:
    found = path.stat()
    return found.st_size, (found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def files_under(workspace: Workspace, feeds: Sequence[str], pattern: str) -> list[LandingFile]:
    """The files of one feed below every name of it, by name; `feeds` are its id and what it was called before: of two files of one name
    the one below the newer counts."""
    found = {file.name: file for feed in reversed(feeds) for file in files_of(workspace, feed, pattern)}
    return [found[name] for name in sorted(found)]


def files_hidden(workspace: Workspace, feeds: Sequence[str], pattern: str) -> list[tuple[str, LandingFile]]:
    """The files below a former name of the feed that `files_under` leaves, since one below a newer name is called so, with that name."""
    read = {file.path for file in files_under(workspace, feeds, pattern)}
    return [(feed, file) for feed in feeds for file in files_of(workspace, feed, pattern) if file.path not in read]


def files_of(workspace: Workspace, feed: str, pattern: str) -> list[LandingFile]:
    """The feed's files whose names fit the pattern, by name.

    Hidden and unfinished names are not files yet; a link out of landing/ is not followed.
    """
    folder = workspace.landing / feed
    if not folder.is_dir() or leads_out(workspace, folder):
        return []
    found: list[LandingFile] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if not is_file_name(name, pattern) or not path.is_file():
            continue
        # Folders that are links are not entered, so that only a file may lead out.
        if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
            continue
        try:
            size, changed = _stamp(path)
        except FileNotFoundError:
            continue
        found.append(LandingFile(path, _printable(name.as_posix()), size, changed))
    return found


def leads_out(workspace: Workspace, folder: Path) -> bool:
    """Whether a folder below landing/ is a link to a place outside of the workspace."""
    return not folder.resolve().is_relative_to(workspace.root.resolve())


def _printable(name: str) -> str:
    """A name as it can stand in a message and a file: bytes that are no UTF-8 and control characters are spelt out."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def plainly_named(path: Path, scratch: Path) -> Path:
    """A path to the file that DuckDB takes for one file: it would read `export[1].csv` as a pattern, and read `export1.csv`."""
    name = str(path)
    if not PATTERN.search(name) and name.isprintable():
        return path
    link = scratch / "landed"
    link.symlink_to(path.resolve())
    return link


def is_file_name(name: Path, pattern: str) -> bool:
    """Whether a path below landing/<feed>/ is that of a finished file of the feed: neither hidden nor unfinished, and its name, with or
    without the suffix of its compression, fits the feed's pattern."""
    return is_finished(name) and _fits(name, pattern)


def is_finished(name: Path) -> bool:
    """Whether a path below landing/<feed>/ is that of a file which is there: neither hidden nor unfinished."""
    return not any(part.startswith(".") for part in name.parts) and not name.name.lower().endswith(UNFINISHED)


def _fits(name: Path, pattern: str) -> bool:
    """Patterns know no case: a sender who writes OPTOUTS.CSV means what `*.csv` means."""
    lower = Path(name.as_posix().lower())
    names = [lower, lower.with_suffix("")] if packing_of(lower) else [lower]
    return any(candidate.match(pattern.lower()) for candidate in names)


def packing_of(path: Path) -> str:
    """The suffix of a file's compression, in lower case; empty where it has none."""
    suffix = path.suffix.lower()
    return suffix if suffix in PACKINGS else ""


class ContentHashes:
    """SHA-256 of landing files, remembered by size, times and inode so that an unchanged file is not read again.

    The memory lies in the scratch folder and may be deleted at any time.
    """

    def __init__(self, workspace: Workspace, feed: str) -> None:
        self._path = workspace.scratch / "hashes" / f"{feed}.json"
        self._known: dict[str, list[object]] = {}
        if self._path.is_file():
            try:
                self._known = json.loads(self._path.read_text(encoding="utf-8"))
            except ValueError:
                self._known = {}

    def of(self, file: LandingFile) -> str:
        """The file's SHA-256 in hex."""
        stamp = [file.size, *file.changed]
        known = self._known.get(file.name)
        if known is not None and known[:-1] == stamp:
            return str(known[-1])
        digest = sha256()
        try:
            with file.path.open("rb") as stream:
                while chunk := stream.read(CHUNK):
                    digest.update(chunk)
        except PermissionError:
            return NO_DIGEST
        self._known[file.name] = [*stamp, digest.hexdigest()]
        return digest.hexdigest()

    def save(self) -> None:
        durable.write(self._path, json.dumps(self._known), is_alone=False)


@contextmanager
def opened(file: LandingFile, scratch: Path) -> Iterator[list[tuple[str, Path]]]:
    """The file's contents as (name, path of plain bytes): one, or one for each member of a .zip.

    A member's name is only a name: nothing is written where it points to. Raises UnreadableFile for a file that may not be read,
    for a broken archive and for one that expands beyond reason.
    """
    if not os.access(file.path, os.R_OK):
        raise UnreadableFile("the file may not be read: permission denied")
    is_packed = bool(packing_of(file.path)) and not _is_workbook(file.path)
    if not is_packed and not _is_workbook(file.path):
        yield [(file.name, file.path)]
        return
    limit = max(EXPANSION_FLOOR, file.size * MAX_EXPANSION)
    with scratch_folder(scratch) as folder:
        if not is_packed:
            yield [(file.name, _as_csv(file.path, folder / "0", limit))]
            return
        try:
            contents = list(_unpacked(file, folder, limit))
        except BROKEN as error:
            if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
                raise  # no space left, or the file is gone; EINVAL is a member said to begin before the file
            raise UnreadableFile("the archive cannot be opened: it is truncated or damaged") from error
        if not contents:
            raise UnreadableFile("the archive holds no file")
        yield [(name, _as_csv(path, path.with_suffix(".csv"), limit) if _is_workbook(path) else path) for name, path in contents]


def _is_workbook(path: Path) -> bool:
    try:
        return workbook.is_workbook(path)
    except workbook.UnreadableWorkbook as problem:
        raise UnreadableFile(str(problem)) from problem


def _as_csv(path: Path, target: Path, limit: int) -> Path:
    try:
        workbook.write_csv(path, target, limit)
    except workbook.UnreadableWorkbook as problem:
        raise UnreadableFile(str(problem)) from problem
    return target


def _unpacked(file: LandingFile, folder: Path, limit: int) -> Iterator[tuple[str, Path]]:
    if packing_of(file.path) == ".zip":
        with zipfile.ZipFile(file.path) as archive:
            members = sorted(archive.infolist(), key=lambda member: member.filename)
            if len(members) > MOST_MEMBERS:
                raise UnreadableFile(f"the archive holds {len(members):,} files; unpack it by hand if it is to be trusted")
            named = [(member, _printable(re.split(r"[/\\]", member.filename)[-1])) for member in members]
            names = Counter(base for _, base in named)
            seen: set[str] = set()
            for number, (member, base) in enumerate(named):
                if member.is_dir() or base.startswith(".") or member.filename.startswith("__MACOSX/"):
                    continue
                if member.flag_bits & 1:
                    raise UnreadableFile("the archive is encrypted")
                target = folder / str(number)
                with archive.open(member) as source:
                    limit -= _copy(source, target, limit)
                # Two members of one name, in folders or not, are two files.
                name, count = base, 2
                while name in seen or (name != base and name in names):
                    name, count = f"{Path(base).stem} ({count}){Path(base).suffix}", count + 1
                seen.add(name)
                yield name, target
        return
    target = folder / "0"
    name = file.name.removesuffix(file.path.suffix)
    if packing_of(file.path) == ".gz":
        with gzip.open(file.path) as source:
            _copy(source, target, limit)
    else:
        import pyarrow as pa

        with pa.CompressedInputStream(pa.OSFile(str(file.path)), "zstd") as source:
            _copy(source, target, limit)
    yield name, target


def _copy(source: Any, target: Path, limit: int) -> int:
    written = 0
    with target.open("wb") as sink:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > limit:
                raise UnreadableFile("the archive expands beyond reason; unpack it by hand if it is to be trusted")
            sink.write(chunk)
    return written


def keep_beside(folder: Path, final: Path) -> None:
    """Make a finished folder appear under its final name, complete, by one rename that survives a power cut.

    What stands there already is exchanged for it: at no moment lies the ledger without the load.
    """
    if final.is_symlink():
        final.unlink()  # a trial stands beside the ledger's own load
    if final.exists():
        durable.put_in_place_of(folder, final)
    else:
        durable.put(folder, final)


def clear_unfinished(folder: Path) -> None:
    """Remove what a killed process left half done in a feed's ledger folder; the caller holds the feed's lock."""
    if folder.is_dir():
        for leftover in folder.glob(".unfinished-*"):
            shutil.rmtree(leftover, ignore_errors=True)
