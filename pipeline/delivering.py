"""A published run is copied to where it is collected, in the form of a target: the data first, what names it last.

    <organisation>/<campaign>/<run_id>/…               the run as it was published, its manifest behind its data
    <organisation>/<campaign>/withdrawn/…              who is withdrawn from the newest run
    <organisation>/<campaign>/latest.json              at the very end
    <organisation>/<campaign>/<target>/…               likewise in another form, with a latest.json of its own

So whoever follows latest.json, or a manifest, never sees half a run. A delivery may be broken off and repeated: a file that is still
there as it was put is not copied again. A record says what was put there. Where the record is lost, files of the right size are read and
compared.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pipeline import outbox, verification
from pipeline.config import Configuration, ConfiguredCampaign
from pipeline.engines.local import scratch_folder
from pipeline.errors import AnotherWriter, ConfigurationError, PresendError, ValidationFailed, WaitingForApproval
from pipeline.outbox import LATEST, MANIFEST, WITHDRAWN, Run, instant_text
from pipeline.places import Place, Record
from pipeline.targets import DEFAULT, File, Target, file_of, target
from pipeline.workspace import Workspace

DELIVERED = "delivered"
"""In the record: run → when all of it was first there."""


@dataclass(frozen=True)
class Route:
    """One way out of the house: a form and a place."""

    target: Target
    place: Place

    def __str__(self) -> str:
        return str(self.place) if self.target.name == DEFAULT else f"{self.place} as {self.target.name}"

    def folder(self, organisation: str, campaign: str) -> str:
        """Where the campaign's files of this form lie at the place."""
        return f"{organisation}/{campaign}" + ("" if self.target.name == DEFAULT else f"/{self.target.name}")


@dataclass
class Delivery:
    """What a delivery did: the names of the files that it put there, and of those that stood there with another content."""

    route: Route
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


@dataclass
class Delivered:
    """A run by all of its routes: what was done, and what could not be."""

    run: Run
    done: list[Delivery] = field(default_factory=list)
    errors: list[PresendError] = field(default_factory=list)


def routes_of(workspace: Workspace, campaign: ConfiguredCampaign, connect: type[Place] = Place) -> list[Route]:
    """The ways that `deliver_to` names for the campaign; `connect` opens the places. Raises ConfigurationError."""
    routes = [Route(target(found.target), connect(found.place, f"deliver_to of {campaign.id}")) for found in campaign.destinations]
    for route in routes:
        route.place.require_outside(workspace, f"deliver_to of {campaign.id}")
    return routes


def deliver_run(workspace: Workspace, configuration: Configuration, run_id: str, now: datetime) -> Delivered:
    """Deliver a published run by all of its campaign's routes.

    Raises NotFound; WaitingForApproval for a run that nobody has released; ConfigurationError where nothing says where it goes.
    """
    run = outbox.find_run(workspace, run_id)
    if run.is_pending:
        raise WaitingForApproval(
            f"run {run_id} waits for approval: it is delivered when somebody has released it",
            where=str(run.path.relative_to(workspace.root)),
            remedy=f"`presend approve {run_id} --by NAME`, then deliver it.",
        )
    campaign = configuration.campaigns.get(run.campaign)
    if campaign is None or not campaign.destinations:
        raise ConfigurationError(
            f"nothing says where runs of {run.campaign} are delivered to" if campaign else "the campaign has no file, or one with a fault",
            where=f"campaigns/{run.campaign}.yaml",
            remedy="Write `deliver_to: s3://bucket/prefix` there or in presend.yaml; `presend check` names every fault.",
        )
    return _by_all_routes(workspace, campaign, run, now)


def deliver_due(workspace: Workspace, campaign: ConfiguredCampaign, as_of: datetime) -> Delivered | None:
    """Deliver the campaign's newest run, or complete what was broken off, while its delivery analysis is ahead; None where there is none.

    A run that would come later reaches nobody: only a person's word delivers it. Raises ConfigurationError, and ValidationFailed for a
    damaged latest.json.
    """
    run = outbox.latest_run(workspace, campaign.organisation, campaign.id) if campaign.destinations else None
    if run is None or not run.as_of <= as_of < datetime.fromisoformat(run.manifest["delivery_analysis_at"]):
        return None
    return _by_all_routes(workspace, campaign, run, as_of)


def _by_all_routes(workspace: Workspace, campaign: ConfiguredCampaign, run: Run, now: datetime) -> Delivered:
    """A place that is away keeps the run from no other one."""
    found = Delivered(run)
    for route in routes_of(workspace, campaign):
        try:
            with _named_by(run, route):
                found.done.append(deliver(workspace, route, run.organisation, run.campaign, [run], now))
        except PresendError as error:
            found.errors.append(error)
    return found


@contextmanager
def _named_by(run: Run, route: Route) -> Iterator[None]:
    """Let an error say which run is not where, and what completes it."""
    try:
        yield
    except AnotherWriter:
        raise
    except PresendError as error:
        completes = f"`presend deliver {run.run_id}` completes it."
        raise type(error)(
            f"run {run.run_id} is published, and not delivered to the target {route.target.name} at {route.place}: {error.message}",
            where=error.where,
            remedy=f"{error.remedy} {completes}".strip(),
        ) from error


def deliver(workspace: Workspace, route: Route, organisation: str, campaign: str, runs: Iterable[Run], now: datetime) -> Delivery:
    """Copy the runs, and what the campaign's latest.json names; gives what had to be done.

    Raises PlaceNotReached, AnotherWriter, ValidationFailed for a run that does not verify or, where the target cannot tell it, from which
    somebody is withdrawn; and what the target raises.
    """
    with workspace.lock(f"delivery.{_record_name(route, organisation, campaign)}"), scratch_folder(workspace.scratch) as scratch:
        return _Delivering(workspace, route, organisation, campaign, scratch).all_of(runs, now)


def delivered_at(workspace: Workspace, route: Route, run: Run) -> datetime | None:
    """When all of the run was first where it is collected; None when it is not, or the record of it is lost."""
    known = _record(workspace, route, run.organisation, run.campaign).known.get(DELIVERED, {})
    return datetime.fromisoformat(known[run.run_id]) if run.run_id in known else None


class _Delivering:
    """One delivery of one campaign by one route."""

    def __init__(self, workspace: Workspace, route: Route, organisation: str, campaign: str, scratch: Path) -> None:
        self._target, self._place, self._scratch = route.target, route.place, scratch
        self._local = outbox.campaign_folder(workspace, organisation, campaign)
        self._folder = route.folder(organisation, campaign)
        self._record = _record(workspace, route, organisation, campaign)
        self._done = Delivery(route)

    def all_of(self, runs: Iterable[Run], now: datetime) -> Delivery:
        # Read first, and delivered at the end as it was read: what is published meanwhile is the next delivery's.
        pointer = outbox.read_latest(self._local)
        chosen = {run.run_id: run for run in runs}
        if pointer is not None:
            chosen.setdefault(pointer["run_id"], outbox.read_run(self._local / str(pointer["run_id"])))
        for run in sorted(chosen.values(), key=lambda found: found.rank):
            self._deliver(run)
        if pointer is not None:
            path, withdrawn = f"outbox/{self._folder}/{pointer['run_id']}", None
            if pointer.get("withdrawn"):
                found = file_of(self._local / WITHDRAWN / Path(str(pointer["withdrawn"])).name)
                self._put(WITHDRAWN, [found])
                withdrawn = f"outbox/{self._folder}/{WITHDRAWN}/{found.path.name}"
            self._point({**pointer, "path": path, "withdrawn": withdrawn})
        known = self._record.known.setdefault(DELIVERED, {})
        for run_id in chosen:
            known.setdefault(run_id, instant_text(now))
        self._record.save()
        return self._done

    def _deliver(self, run: Run) -> None:
        if not self._target.tells_withdrawn:
            _require_nobody_withdrawn(run, self._target)
        scratch = self._scratch / run.run_id
        scratch.mkdir()
        self._put(run.run_id, self._target.files(run, scratch), run)

    def _put(self, folder: str, files: Sequence[File], run: Run | None = None) -> None:
        """Copy the files of a folder, in the order in which they are given, but for those that stand there."""
        there = {file.name: file for file in self._place.files(f"{self._folder}/{folder}")}
        known = self._record.known
        missing = [
            file
            for file in files
            if (found := there.get(file.path.name)) is None or known.get(f"{folder}/{found.name}") != [file.sha256, found.version]
        ]
        if missing and run is not None:
            verification.verify(run.path)  # what was changed here is not handed on
        for file in missing:
            name = f"{folder}/{file.path.name}"
            at, found = f"{self._folder}/{name}", there.get(file.path.name)
            if found is None or found.size != file.path.stat().st_size or self._place.sha256(at) != file.sha256:
                (self._done.copied if found is None else self._done.replaced).append(name)
                found = self._place.put(file.path, at)
            known[name] = [file.sha256, found.version]
            self._record.save()

    def _point(self, pointer: dict[str, object]) -> None:
        """Make latest.json there say what it says here, unless it names a run that is not known here and comes later."""
        at = f"{self._folder}/{LATEST}"
        here = (json.dumps(pointer, indent=2, ensure_ascii=False) + "\n").encode()
        there = self._place.read(at)
        if there == here:
            return
        named = _pointer(there)
        is_known = named is not None and Path(named[1]).name == named[1] and (self._local / named[1] / MANIFEST).is_file()
        if named is not None and not is_known and named[0] > datetime.fromisoformat(str(pointer["as_of"])):
            self._done.newer = named[1]
            return
        self._place.put(here, at)
        self._done.copied.append(LATEST)


def _require_nobody_withdrawn(run: Run, form: Target) -> None:
    """Raise ValidationFailed when the newest list names somebody: whoever takes this form would write to them."""
    listed = outbox.newest_withdrawn(run)
    if listed is None:
        return
    with listed.open(encoding="utf-8", newline="") as file:
        count = sum(1 for _ in csv.DictReader(file))
    if count:
        raise ValidationFailed(
            f"{count:,} in its audience have become excluded since, and the form {form.name} has no place that tells it",
            where=f"{WITHDRAWN}/{listed.name}",
            remedy="Publish the campaign again and deliver that run. Where this one was imported before, take out whom the list names.",
        )


def _pointer(content: bytes | None) -> tuple[datetime, str] | None:
    """As of when, and which run a latest.json names; None where it cannot be read."""
    try:
        document = json.loads(content or b"")
        return datetime.fromisoformat(document["as_of"]).astimezone(UTC), str(document["run_id"])
    except (ValueError, KeyError, TypeError):
        return None


def _record_name(route: Route, organisation: str, campaign: str) -> str:
    return f"{organisation}.{campaign}" + ("" if route.target.name == DEFAULT else f"@{route.target.name}")


def _record(workspace: Workspace, route: Route, organisation: str, campaign: str) -> Record:
    return Record(workspace, route.place, f"outbox.{_record_name(route, organisation, campaign)}")
