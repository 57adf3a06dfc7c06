"""The folders and files of a workspace (contract §1), and the locks that keep two writers apart."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.durable import LOCK_MODE, make_folder
from pipeline.errors import AnotherWriter, UsageError

LOCK_WAIT_SECONDS = 10.0


@dataclass(frozen=True)
class Workspace:
    """One folder with a company's configuration, landing files, ledger, warehouse and outbox."""

    root: Path

    @property
    def settings_file(self) -> Path:
        return self.root / "presend.yaml"

    @property
    def feeds(self) -> Path:
        return self.root / "feeds"

    @property
    def campaigns(self) -> Path:
        return self.root / "campaigns"

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def ledger(self) -> Path:
        return self.root / "ledger"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse" / "presend.duckdb"

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    @property
    def rejected(self) -> Path:
        return self.root / "rejected"

    @property
    def scratch(self) -> Path:
        """Spill files and unfinished work; everything in it may be deleted when nothing runs."""
        return self.root / ".presend"

    def inside(self, *parts: str) -> Path:
        """A path below the workspace, from names that came from a file or a configuration.

        Raises UsageError when the result would leave the workspace.
        """
        path = self.root.joinpath(*parts)
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise UsageError("the path leaves the workspace", where="/".join(parts), remedy="Name a place below the workspace.")
        return path

    @contextmanager
    def lock(self, name: str, *, wait_seconds: float = LOCK_WAIT_SECONDS) -> Iterator[None]:
        """Hold the writer's lock `name` ("ledger.<feed>", "warehouse", "outbox.<campaign>") while the block runs.

        The operating system releases it when the process ends, however it ends.
        Raises AnotherWriter when somebody else still holds it after `wait_seconds`.
        """
        folder = self.scratch / "locks"
        make_folder(folder)
        handle = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, LOCK_MODE)
        _close_to_others(handle)
        deadline = time.monotonic() + wait_seconds
        try:
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= deadline:
                        raise AnotherWriter(
                            "another process is writing", where=name, remedy="Wait until it has finished, then run the command again."
                        ) from None
                    time.sleep(0.05)
            yield
        finally:
            os.close(handle)


def _close_to_others(handle: int) -> None:
    """Whoever may open a lock may hold it for ever: one that an earlier version left open to everybody is closed to others."""
    found = os.fstat(handle)
    if found.st_mode & 0o007 and found.st_uid == os.geteuid():
        os.fchmod(handle, LOCK_MODE)
