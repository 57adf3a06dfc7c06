"""Landing on another machine: what has changed there since the last time is copied into landing/<feed>/, where the ingest finds it.

Nothing is changed there. What was fetched is known by size and stamp, from a record that may be lost: then it is fetched once more, and the
ledger, which knows the same content again, takes nothing twice.
"""

import hashlib
import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from orchestration.places import Place
from pipeline import durable
from pipeline.errors import FeedRefused, PresendError, UsageError
from pipeline.places import Record, RemoteFile
from pipeline.workspace import Workspace

UNFINISHED = ".fetching-"
LONGEST = 255
"""Bytes of a name that a file system takes."""
SHOWN = 5
"""So many refused names are told."""


@dataclass(frozen=True)
class Fetched:
    """What came of one look at the remote folder, and what kept a file from being copied."""

    files: int = 0
    waiting: int = 0
    """Files that changed while they were copied."""
    fault: PresendError | None = None


class RemoteFolder:
    """A feed's folder at the remote landing place, beside its local copy."""

    def __init__(self, workspace: Workspace, place: Place, feed: str, pattern: str) -> None:
        self._workspace = workspace
        self._place = place
        self._feed = feed
        self._pattern = pattern

    def files(self) -> tuple[list[RemoteFile], list[str]]:
        """The feed's finished files, by the same rules as the local folder's, and the names that are refused.

        Raises PlaceNotReached, ConfigurationError.
        """
        from pipeline.ledger.landing import is_file_name

        found: list[RemoteFile] = []
        refused: list[str] = []
        for file in self._place.files(self._feed):
            if not self._is_inside(file.name):
                refused.append(file.name)
            elif is_file_name(Path(file.name), self._pattern):
                found.append(file)
        return found, refused

    def missing(self, files: Iterable[RemoteFile]) -> list[RemoteFile]:
        """Those without a local copy of this very version."""
        known = self._record().known
        return [file for file in files if known.get(file.name) != file.version or not self._has_copy(file)]

    def fetch(self) -> Fetched:
        """Copy what is missing. What cannot be copied stops no other file; the last such fault is told.

        Raises AnotherWriter.
        """
        with self._workspace.lock(f"landing.{self._feed}"):
            try:
                files, refused = self.files()
            except PresendError as error:
                return Fetched(fault=error)
            self._clear_unfinished()
            record, copied, waiting, fault = self._record(), 0, 0, self._refusal(refused)
            try:
                for file in self.missing(files):
                    try:
                        is_whole = self._copy(file)
                    except PresendError as error:
                        fault = error
                        continue
                    except (FileExistsError, IsADirectoryError, NotADirectoryError):  # a store's key may be a folder's name as well
                        fault = self._refusal([file.name])
                        continue
                    if is_whole:
                        record.known[file.name] = file.version
                        copied += 1
                    else:
                        waiting += 1
            finally:
                record.save()
            return Fetched(copied, waiting, fault)

    def _copy(self, file: RemoteFile) -> bool:
        """Whether the file was copied: complete, in one rename, or not at all because it is not what was listed any more."""
        target = self._workspace.inside("landing", self._feed, file.name)
        part = self._folder / f"{UNFINISHED}{hashlib.sha256(os.fsencode(file.name)).hexdigest()[:16]}"
        part.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._place.get(f"{self._feed}/{file.name}", part)
            if part.is_symlink() or part.stat().st_size != file.size or not self._is_still(file):
                return False
            durable.put(part, target)
        finally:
            part.unlink(missing_ok=True)
        return True

    def _is_still(self, file: RemoteFile) -> bool:
        now = self._place.find(f"{self._feed}/{file.name}")
        return now is not None and now.version == file.version

    def _is_inside(self, name: str) -> bool:
        """Whether the name can be one below the feed's folder: a store's keys are any text."""
        try:
            parts = name.split("/")
            is_plain = all(part not in ("", ".", "..") and len(os.fsencode(part)) <= LONGEST for part in parts)
            self._workspace.inside("landing", self._feed, *parts)
        except (UsageError, UnicodeEncodeError, ValueError, OSError):
            return False
        return is_plain and not any(unicodedata.category(letter) == "Cc" for letter in name)

    def _has_copy(self, file: RemoteFile) -> bool:
        try:
            return (self._folder / file.name).stat().st_size == file.size
        except OSError:
            return False

    def _refusal(self, names: list[str]) -> PresendError | None:
        """A fault that names the files; the message itself does not, because it goes into notices."""
        if not names:
            return None
        where = ", ".join(map(printable, names[:SHOWN]))
        return FeedRefused(
            f"files of {self._feed} at {self._place} have names that cannot stand in landing/{self._feed}/: {len(names):,}",
            where=where,
            remedy="They are not loaded: let their sender name them otherwise.",
        )

    @property
    def _folder(self) -> Path:
        return self._workspace.landing / self._feed

    def _record(self) -> Record:
        return Record(self._workspace, self._place, f"landing.{self._feed}")

    def _clear_unfinished(self) -> None:
        for leftover in self._folder.glob(f"{UNFINISHED}*"):  # of a process that was killed
            leftover.unlink()


def printable(name: str) -> str:
    """A name as it can stand in a message, whatever is in it."""
    return name.encode("unicode_escape").decode()
