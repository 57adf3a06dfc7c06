"""Files that survive a power cut and belong to their owner: what is renamed into its place is on disk before, and so is its name after.

A rename alone is not enough: the name may reach the disk before the content, and an empty file would then stand where the old one was.
"""

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UMASK = 0o027
"""What the product writes is readable for its owner and group, never for others (domain §8)."""
LOCK_MODE = 0o640
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_HERE = -100  # AT_FDCWD
_CANNOT_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTSUP)


@contextmanager
def for_owner_and_group() -> Iterator[None]:
    """Whatever the process writes in the block is closed to others."""
    before = os.umask(UMASK)
    try:
        yield
    finally:
        os.umask(before)


def sync(path: Path) -> None:
    """Let a file's content, or the names in a folder, survive a power cut from here on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make the folder and those above it, where they are missing, so that their names survive a power cut."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)


def put(source: Path, target: Path) -> None:
    """Make a complete file or folder appear under its name by one rename, everything in it already on disk."""
    make_folder(target.parent)
    _sync_all(source)
    source.replace(target)
    for folder in {target.parent, source.parent}:
        sync(folder)


def write(target: Path, text: str, *, is_alone: bool = True) -> None:
    """Make a file with the text appear, or replace the one that is there, by one rename.

    Whoever holds no lock is not alone: what it leaves when it is killed lies under a name of its own.
    """
    make_folder(target.parent)
    beside = unfinished(target) if is_alone else target.with_name(f".{target.name}.{os.getpid()}.tmp")
    beside.write_text(text, encoding="utf-8")
    put(beside, target)


def unfinished(target: Path) -> Path:
    """Where a file that is written alone lies until it is complete."""
    return target.with_name(f".{target.name}.tmp")


def put_in_place_of(source: Path, target: Path) -> None:
    """Make a complete folder appear where another one is, and remove that one. At no moment lies neither of them there.

    Where the file system cannot exchange two folders at once, the files are replaced one by one, and load.json last: until then the
    old one, which says what each file has to be, tells of those that are not its own any more.
    """
    _sync_all(source)
    try:
        exchange(source, target)
    except OSError as error:
        if error.errno not in _CANNOT_EXCHANGE:
            raise
        _replace_one_by_one(source, target)
    for folder in {target.parent, source.parent}:
        sync(folder)
    shutil.rmtree(source)


def exchange(one: Path, other: Path) -> None:
    """Exchange the names of two files or folders at once. Raises OSError, also where the system or the file system cannot."""
    sys.audit("pipeline.exchange", str(one), str(other))  # what goes through ctypes would be told to nobody who listens
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(one), None, str(other))


def _replace_one_by_one(source: Path, target: Path) -> None:
    new = sorted(source.iterdir(), key=_place)
    for path in new:
        path.replace(target / path.name)
    for path in set(target.iterdir()) - {target / each.name for each in new}:
        path.unlink()
    sync(target)


def _place(path: Path) -> tuple[bool, str]:
    """Data before the page that describes it."""
    return path.suffix == ".json", path.name


def _sync_all(path: Path) -> None:
    if path.is_dir():
        for inside in path.iterdir():
            _sync_all(inside)
    sync(path)
