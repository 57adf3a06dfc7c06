"""The outbox on another machine: a campaign's published runs are copied to where they are collected.

    <organisation>/<campaign>/<run_id>/…             the data first
    <organisation>/<campaign>/<run_id>/manifest.json   then what names them
    <organisation>/<campaign>/withdrawn/…            who is withdrawn from the newest run
    <organisation>/<campaign>/latest.json            at the very end

So whoever follows latest.json, or a manifest, never sees half a run. A delivery may be broken off and repeated: what stands there as it was
put is not copied again. What was put there is known from a record, which may be lost: then files of the right size are read and compared.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from orchestration.places import Place, Record
from pipeline import outbox, publication
from pipeline.outbox import LATEST, MANIFEST, Run, instant_text
from pipeline.workspace import Workspace

DELIVERED = "delivered"
"""In the record: run → when all of it was first there."""


@dataclass
class Delivery:
    """What a delivery did: the names of the files that it put there, and of those that stood there with another content."""

    copied: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    newer: str = ""
    """The run that latest.json names there, where that is newer than any of ours: it is left so."""

    @property
    def is_anything(self) -> bool:
        """Whether there was something to do or to say."""
        return bool(self.copied or self.replaced or self.newer)

    def __str__(self) -> str:
        said = [f"Files copied: {len(self.copied):,}."]
        if self.replaced:
            said.append(f"Replaced, because another content stood there: {', '.join(self.replaced)}.")
        if self.newer:
            said.append(f"{LATEST} names a newer run there, {self.newer}, and is left so.")
        return " ".join(said)


def deliver(workspace: Workspace, place: Place, organisation: str, campaign: str, runs: Iterable[Run], now: datetime) -> Delivery:
    """Copy the runs, and what the campaign's latest.json names; gives what had to be done.

    Raises PlaceNotReached, AnotherWriter, and ValidationFailed for a run that was changed after it was published.
    """
    with workspace.lock(f"delivery.{organisation}.{campaign}"):
        return _Delivering(workspace, place, organisation, campaign).all_of(runs, now)


def delivered_at(workspace: Workspace, place: Place, run: Run) -> datetime | None:
    """When all of the run was first where it is collected; None when it is not, or the record of it is lost."""
    known = _record(workspace, place, run.organisation, run.campaign).known.get(DELIVERED, {})
    return datetime.fromisoformat(known[run.run_id]) if run.run_id in known else None


class _Delivering:
    """One delivery of one campaign."""

    def __init__(self, workspace: Workspace, place: Place, organisation: str, campaign: str) -> None:
        self._place = place
        self._local = outbox.campaign_folder(workspace, organisation, campaign)
        self._folder = f"{organisation}/{campaign}"
        self._record = _record(workspace, place, organisation, campaign)
        self._done = Delivery()

    def all_of(self, runs: Iterable[Run], now: datetime) -> Delivery:
        # Read first, and delivered at the end as it was read: what is published meanwhile is the next delivery's.
        pointer = outbox.read_latest(self._local)
        chosen = {run.run_id: run for run in runs}
        if pointer is not None:
            chosen.setdefault(pointer["run_id"], outbox.read_run(self._local / str(pointer["run_id"])))
        for run in sorted(chosen.values(), key=lambda found: found.rank):
            self._deliver(run)
        if pointer is not None:
            if pointer.get("withdrawn"):
                name = Path(str(pointer["withdrawn"])).name
                self._put(self._local / outbox.WITHDRAWN, outbox.WITHDRAWN, {name: _sha256(self._local / outbox.WITHDRAWN / name)})
            self._point(pointer)
        known = self._record.known.setdefault(DELIVERED, {})
        for run_id in chosen:
            known.setdefault(run_id, instant_text(now))
        self._record.save()
        return self._done

    def _deliver(self, run: Run) -> None:
        digests = {str(entry["name"]): str(entry["sha256"]) for entry in run.manifest["files"]}
        self._put(run.path, run.run_id, {**digests, MANIFEST: _sha256(run.path / MANIFEST)}, run)

    def _put(self, source: Path, folder: str, digests: Mapping[str, str], run: Run | None = None) -> None:
        """Copy the files of a folder, in the order in which they are given, but for those that stand there."""
        there = {file.name: file for file in self._place.files(f"{self._folder}/{folder}")}
        known = self._record.known
        missing = {
            name: digest
            for name, digest in digests.items()
            if name not in there or known.get(f"{folder}/{name}") != [digest, there[name].version]
        }
        if missing and run is not None:
            publication.check_files(run)  # what was changed here is not handed on
        for name, digest in missing.items():
            path, target, found = source / name, f"{self._folder}/{folder}/{name}", there.get(name)
            if found is None or found.size != path.stat().st_size or self._place.sha256(target) != digest:
                (self._done.copied if found is None else self._done.replaced).append(f"{folder}/{name}")
                found = self._place.put(path, target)
            known[f"{folder}/{name}"] = [digest, found.version]
            self._record.save()

    def _point(self, pointer: dict[str, object]) -> None:
        """Make latest.json there say what it says here, unless it names a run that is not known here and comes later."""
        target = f"{self._folder}/{LATEST}"
        here = (json.dumps(pointer, indent=2, ensure_ascii=False) + "\n").encode()
        there = self._place.read(target)
        if there == here:
            return
        named = _pointer(there)
        is_known = named is not None and Path(named[1]).name == named[1] and (self._local / named[1] / MANIFEST).is_file()
        if named is not None and not is_known and named[0] > datetime.fromisoformat(str(pointer["as_of"])):
            self._done.newer = named[1]
            return
        self._place.put(here, target)
        self._done.copied.append(LATEST)


def _pointer(content: bytes | None) -> tuple[datetime, str] | None:
    """As of when, and which run a latest.json names; None where it cannot be read."""
    try:
        document = json.loads(content or b"")
        return datetime.fromisoformat(document["as_of"]).astimezone(UTC), str(document["run_id"])
    except (ValueError, KeyError, TypeError):
        return None


def _record(workspace: Workspace, place: Place, organisation: str, campaign: str) -> Record:
    return Record(workspace, place, f"outbox.{organisation}.{campaign}")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
