"""Watches a feed's folder below landing/ and wakes its ingest: a trigger of Airflow's triggerer, which holds no worker's slot.

It only looks. What is new is what the ledger has not taken, so nothing is lost while no triggerer runs, and a file that lands twice
wakes nobody.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import AssetWatcher
from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from pipeline.errors import PresendError
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.config import FeedConfig
    from pipeline.ledger.landing import LandingFile

INTERVAL = 3.0
"""Seconds between two looks."""
AGAIN, AT_LEAST_EVERY = 60.0, 3600.0
"""So many seconds after it woke the ingest, a file that is still not in the ledger does so again, then after twice as many, up to an hour:
the DAG may have been paused, or the ingest may have failed."""
REST = 9
"""So many times as long as a look took, at least, is the pause after it: a folder of 100,000 files does not fill the triggerer."""


def watcher_of(workspace: Workspace, feed: "FeedConfig") -> AssetWatcher:
    """What watches the feed's folder."""
    return AssetWatcher(f"landing_{feed.id}", LandingTrigger(str(workspace.root), feed.id, feed.files, feed.sha256))


class LandingTrigger(BaseEventTrigger):
    """Fires when files of the feed have landed that are not in the ledger; the payload tells how many.

    `settings` is the fingerprint of the feed's settings: with others it is another trigger, which looks at every file anew.
    """

    def __init__(self, workspace: str, feed: str, pattern: str, settings: str, interval: float = INTERVAL, again: float = AGAIN) -> None:
        super().__init__()
        self.workspace = workspace
        self.feed = feed
        self.pattern = pattern
        self.settings = settings
        self.interval = interval
        self.again = again

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """The class and its arguments, as Airflow keeps them in its database."""
        names = ("workspace", "feed", "pattern", "settings", "interval", "again")
        return f"{type(self).__module__}.{type(self).__qualname__}", {name: getattr(self, name) for name in names}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look for ever. A look that fails – storage that is away for a moment – is logged, and the next one sees the same."""
        watch = Watch(self)
        while True:
            started = time.monotonic()
            try:
                # A thread, because a slow disk would hold up every other trigger.
                arrived = await asyncio.to_thread(watch.arrived)
            except (OSError, PresendError) as error:
                # Without the path: a file's name may hold an address.
                self.log.warning("landing/%s cannot be looked at: %s", self.feed, getattr(error, "strerror", error))
                arrived = 0
            if arrived:
                yield TriggerEvent({"feed": self.feed, "files": arrived})
            await asyncio.sleep(max(self.interval, REST * (time.monotonic() - started)))


class Watch:
    """What the looks at one feed's folder have seen so far."""

    def __init__(self, trigger: LandingTrigger) -> None:
        self._trigger = trigger
        self._workspace = Workspace(Path(trigger.workspace))
        self._last: dict[str, object] = {}
        # File → as what it was compared with the ledger, when that has to be done again, and how long after the last time that is.
        self._compared: dict[str, tuple[object, float, float]] = {}

    def arrived(self) -> int:
        """How many files are there, finished, that the ledger has not taken and that nobody was told of yet.

        A file counts when it is the same in two looks: one that is still written to is left alone.
        """
        from pipeline.ledger.landing import files_of

        now = time.monotonic()
        files = files_of(self._workspace, self._trigger.feed, self._trigger.pattern)
        stamps: dict[str, object] = {file.name: (file.size, file.changed) for file in files}
        due = [file for file in files if self._last.get(file.name) == stamps[file.name] and self._is_due(file.name, stamps, now)]
        self._last = stamps
        if not due:
            return 0
        new = self._new_among(due)
        for file in due:
            before, _, last_pause = self._compared.get(file.name, (None, 0.0, 0.0))
            pause = min(2 * last_pause, AT_LEAST_EVERY) if before == stamps[file.name] else self._trigger.again
            pause = pause if file.name in new else inf
            self._compared[file.name] = (stamps[file.name], now + pause, pause)
        return len(new)

    def _is_due(self, name: str, stamps: dict[str, object], now: float) -> bool:
        stamp, again_at, _ = self._compared.get(name, (None, inf, inf))
        return stamp != stamps[name] or now >= again_at

    def _new_among(self, files: "list[LandingFile]") -> set[str]:
        """The files that the ledger has not taken. All of them where it cannot be read: the ingest says what is wrong with it."""
        from pipeline.ledger.arrivals import new_files
        from pipeline.ledger.loads import read_loads

        feed = self._trigger.feed
        try:
            loads = [load for load in read_loads(self._workspace) if load.feed == feed]
        except PresendError:
            return {file.name for file in files}
        return {file.name for file, _ in new_files(self._workspace, feed, self._trigger.settings, files, loads)}
