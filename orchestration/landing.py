"""Watches a feed's folder below landing/ and wakes its ingest: a trigger of Airflow's triggerer, which holds no worker's slot.

It only looks. What is new is what the ledger has not taken, so nothing is lost while no triggerer runs, and a file that lands twice
wakes nobody. Where landing is another machine (`places`), a file there without a local copy is new too.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import AssetWatcher
from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from orchestration.fetching import RemoteFolder
from orchestration.places import LANDING, Place
from pipeline.errors import PresendError
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.config import FeedConfig
    from pipeline.ledger.landing import LandingFile
    from pipeline.places import RemoteFile

INTERVAL = 3.0
"""Seconds between two looks."""
AGAIN, AT_LEAST_EVERY = 60.0, 3600.0
"""So many seconds after it woke the ingest, a file that is still not in the ledger does so again, then after twice as many, up to an hour:
the DAG may have been paused, or the ingest may have failed."""
REST = 9
"""So many times as long as a look took, at least, is the pause after it: a folder of 100,000 files does not fill the triggerer."""


def watcher_of(workspace: Workspace, feed: "FeedConfig") -> AssetWatcher:
    """What watches the feed's folder, and that on another machine, if there is one. Raises ConfigurationError."""
    place = Place.of(LANDING, workspace)
    trigger = LandingTrigger(str(workspace.root), feed.id, feed.files, feed.sha256, str(place or ""), formerly=feed.formerly)
    return AssetWatcher(f"landing_{feed.id}", trigger)


class LandingTrigger(BaseEventTrigger):
    """Fires when files of the feed have landed that are not in the ledger; the payload tells how many.

    `settings` is the fingerprint of the feed's settings: with others it is another trigger, which looks at every file anew. `place` is
    the landing on another machine, if there is one, `formerly` what the feed was called before.
    """

    def __init__(
        self,
        workspace: str,
        feed: str,
        pattern: str,
        settings: str,
        place: str = "",
        interval: float = INTERVAL,
        again: float = AGAIN,
        formerly: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self.workspace = workspace
        self.feed = feed
        self.pattern = pattern
        self.settings = settings
        self.place = place
        self.interval = interval
        self.again = again
        self.formerly = list(formerly)

    @property
    def names(self) -> tuple[str, ...]:
        """The feed's id, then what it was called before."""
        return (self.feed, *self.formerly)

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """The class and its arguments, as Airflow keeps them in its database."""
        names = ("workspace", "feed", "pattern", "settings", "place", "interval", "again", "formerly")
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
                self._warn(error)
                arrived = 0
            if watch.fault is not None:
                self._warn(watch.fault)
            if arrived:
                yield TriggerEvent({"feed": self.feed, "files": arrived})
            await asyncio.sleep(max(self.interval, REST * (time.monotonic() - started)))

    def _warn(self, error: OSError | PresendError) -> None:
        # Without the path: a file's name may hold an address.
        self.log.warning("landing/%s cannot be looked at: %s", self.feed, getattr(error, "strerror", error))


class Watch:
    """What the looks at one feed's folder have seen so far; `fault` is why the last one did not see the folder on another machine."""

    def __init__(self, trigger: LandingTrigger) -> None:
        self._trigger = trigger
        self._workspace = Workspace(Path(trigger.workspace))
        self._remote = RemoteFolder(self._workspace, Place(trigger.place), trigger.feed, trigger.pattern) if trigger.place else None
        self.fault: PresendError | None = None
        self._last: dict[str, object] = {}
        # File → as what it was compared with the ledger, when that has to be done again, and how long after the last time that is.
        self._compared: dict[str, tuple[object, float, float]] = {}

    def arrived(self) -> int:
        """How many files are there, finished, that the ledger has not taken and that nobody was told of yet.

        A file counts when it is the same in two looks: one that is still written to is left alone.
        """
        from pipeline.ledger.landing import files_under

        now = time.monotonic()
        files = {file.name: file for file in files_under(self._workspace, self._trigger.names, self._trigger.pattern)}
        remote = self._remote_files()
        # A file and its copy are one: that the copy came is nothing new.
        stamps: dict[str, object] = {name: (file.size, file.changed) for name, file in files.items()}
        stamps |= {name: tuple(file.version) for name, file in remote.items()}
        due = [name for name, stamp in stamps.items() if self._last.get(name) == stamp and self._is_due(name, stamps, now)]
        self._last = stamps
        if not due:
            return 0
        new = self._missing_among([remote[name] for name in due if name in remote])
        new |= self._new_among([files[name] for name in due if name in files and name not in new])
        for name in due:
            before, _, last_pause = self._compared.get(name, (None, 0.0, 0.0))
            pause = min(2 * last_pause, AT_LEAST_EVERY) if before == stamps[name] else self._trigger.again
            pause = pause if name in new else inf
            self._compared[name] = (stamps[name], now + pause, pause)
        return len(new)

    def _remote_files(self) -> "dict[str, RemoteFile]":
        """The files on another machine, by name; none while it is away, which must not keep the local ones waiting."""
        self.fault = None
        if self._remote is None:
            return {}
        try:
            return {file.name: file for file in self._remote.files()[0]}
        except PresendError as error:
            self.fault = error
            return {}

    def _missing_among(self, files: "list[RemoteFile]") -> set[str]:
        """Those that have to be fetched."""
        return {file.name for file in self._remote.missing(files)} if self._remote is not None and files else set()

    def _is_due(self, name: str, stamps: dict[str, object], now: float) -> bool:
        stamp, again_at, _ = self._compared.get(name, (None, inf, inf))
        return stamp != stamps[name] or now >= again_at

    def _new_among(self, files: "list[LandingFile]") -> set[str]:
        """The files that the ledger has not taken. All of them where it cannot be read: the ingest says what is wrong with it."""
        from pipeline.ledger.arrivals import untaken
        from pipeline.ledger.loads import read_loads

        feed = self._trigger.feed
        if not files:
            return set()
        try:
            loads = [load for load in read_loads(self._workspace) if load.feed in self._trigger.names]
        except PresendError:
            return {file.name for file in files}
        return {file.name for file in untaken(self._workspace, feed, self._trigger.settings, files, loads)}
