"""How campaigns and feeds stand, for somebody who wants to see it at a glance: what `presend status` and the outbox say.

It only reads, opens no warehouse, and of each campaign opens the manifests of the present window and the newest one before. A campaign's
broken file or damaged manifest is told with that campaign and hides no other. There are no addresses in it (promise 7).
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from orchestration.deadlines import BEHIND, passed_lately
from orchestration.wiring import INGEST, PUBLISH
from pipeline import outbox
from pipeline.config import Configuration, ConfiguredCampaign, Fault, load_configuration
from pipeline.errors import NotFound, PresendError, ValidationFailed
from pipeline.feeds import sources
from pipeline.freshness import FeedState, state_of
from pipeline.ledger import read_loads
from pipeline.outbox import Run, instant_text
from pipeline.reasons import Reason
from pipeline.status import COMING, DONE, MISSED, OPEN, WAITING, campaign_status
from pipeline.workspace import Workspace

BLOCKED, REFUSED, FAULTY, DAMAGED = "blocked", "refused", "faulty", "damaged"
"""An open campaign that waits for feeds, or whose run the checks refused; one with a wrong file, or with a damaged run."""
STATES = (FAULTY, DAMAGED, REFUSED, BLOCKED, WAITING, OPEN, COMING, MISSED, DONE)
"""Every state, those first that somebody has to do something about."""

_MEANING = {str(reason): reason.spec.meaning for reason in Reason}


def audiences(workspace: Workspace, as_of: datetime, readable: Collection[str]) -> dict[str, Any]:
    """The campaigns and feeds whose DAGs are `readable`, as they stand at `as_of`: one JSON document.

    Campaigns with a fault come first, then those ahead by their delivery analysis, then the past ones, newest first. `error` says why
    there is nothing to show, where configuration or ledger cannot be read.
    """
    document: dict[str, Any] = {"as_of": instant_text(as_of), "error": None, "campaigns": [], "feeds": []}
    if not any(name.startswith("presend_") for name in readable):
        return document
    try:
        configuration = _configuration(workspace, _stamps(workspace), int(as_of.timestamp()) // 60)
        loads = [load for load in read_loads(workspace) if load.received_at <= as_of]
    except PresendError as error:
        return document | {"error": _said(workspace, error)}
    states = {name: state_of(configuration, feed, loads, as_of) for name, feed in configuration.feeds.items()}
    campaigns = [
        _campaign(workspace, configuration, campaign, states, as_of)
        for name, campaign in configuration.campaigns.items()
        if f"{PUBLISH}{name}" in readable
    ]
    campaigns.sort(key=lambda found: (found["state"] != DAMAGED, found["time_left"] is None, _distance(found, as_of), found["campaign"]))
    faulty = [_faulty(name, faults) for name, faults in sorted(configuration.campaign_faults.items()) if f"{PUBLISH}{name}" in readable]
    feeds = [_feed(state, campaigns) for name, state in sorted(states.items()) if f"{INGEST}{name}" in readable]
    return document | {"campaigns": [*faulty, *campaigns], "feeds": feeds}


def report_of(workspace: Workspace, campaign: str, run_id: str) -> Path:
    """The report page of a campaign's published or waiting run. Raises NotFound, ConfigurationError."""
    configured = load_configuration(workspace, campaigns=[campaign]).campaigns.get(campaign)
    if configured is not None and Path(run_id).name == run_id:
        folder = outbox.campaign_folder(workspace, configured.organisation, campaign)
        for path in (folder / run_id / "report.html", folder / outbox.PENDING / run_id / "report.html"):
            # A link in the outbox leads nowhere else.
            if path.is_file() and path.resolve().is_relative_to(workspace.outbox.resolve()):
                return path
    raise NotFound("there is no such report", where=f"{campaign}/{run_id}", remedy="`presend status` lists the last runs.")


def _stamps(workspace: Workspace) -> tuple[tuple[Path, int, int], ...]:
    """The files of the configuration, each with its time and size."""
    paths = sorted((workspace.settings_file, *workspace.feeds.glob("*"), *workspace.campaigns.glob("*")))
    stats = [(path, path.stat()) for path in paths if path.is_file()]
    return tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats)


@lru_cache(maxsize=2)
def _configuration(workspace: Workspace, _files: object, _minute: int) -> Configuration:
    """The configuration, read again when a file of it has changed; and every minute, since a campaign may name other files too."""
    return load_configuration(workspace, sources=sources())


def _campaign(
    workspace: Workspace, configuration: Configuration, configured: ConfiguredCampaign, states: Mapping[str, FeedState], as_of: datetime
) -> dict[str, Any]:
    campaign = configured.occurrence(as_of)
    organisation = configuration.organisations[campaign.organisation]
    left = campaign.delivery_analysis_at - as_of
    told: dict[str, Any] = {
        "campaign": campaign.id,
        "dag_id": f"{PUBLISH}{campaign.id}",
        "organisation": campaign.organisation,
        "organisation_name": organisation.name,
        "timezone": organisation.timezone,
        "channel": str(campaign.channel),
        "starts_at": instant_text(campaign.window_opens_at),
        "delivery_analysis_at": instant_text(campaign.delivery_analysis_at),
        "time_left": left // timedelta(seconds=1) if left > timedelta() else None,
        "is_recurring": campaign.recurrence is not None,
    }
    since = min(as_of, campaign.window_opens_at)
    folder = outbox.campaign_folder(workspace, campaign.organisation, campaign.id)
    try:
        published = _read(outbox.recent_runs(folder, since), as_of)
        pending = _read(outbox.recent_runs(folder / outbox.PENDING, since), as_of)
        status = campaign_status(configuration, campaign, states, published, pending, as_of)
        pointer = outbox.read_latest(folder)
        refusals = _refusals(folder, told["delivery_analysis_at"], as_of) if status["state"] == OPEN else []
        told["missed"] = _missed(workspace, configured, as_of) if told["is_recurring"] else []
    except PresendError as error:
        return told | {"state": DAMAGED, "problems": [_said(workspace, error)], "run": None, "withdrawn": None, "missed": []}
    state, problems = status["state"], status["blocked_by"]
    if state == OPEN and (problems or refusals):
        state, problems = (BLOCKED, problems) if problems else (REFUSED, refusals)
    shown = (pending if state == WAITING else published)[-1:]
    return told | {
        "state": state,
        "problems": problems,
        "run": _run(shown[0], told["delivery_analysis_at"]) if shown else None,
        "withdrawn": pointer and pointer.get("withdrawn"),
    }


def _missed(workspace: Workspace, configured: ConfiguredCampaign, as_of: datetime) -> list[str]:
    """The delivery analyses of a campaign that recurs which passed lately without an audience."""
    folder = outbox.campaign_folder(workspace, configured.organisation, configured.id)
    try:
        written_at = datetime.fromtimestamp((workspace.campaigns / f"{configured.id}.yaml").stat().st_mtime, UTC)
    except FileNotFoundError:  # it was deleted at this moment
        return []

    def analyses(since: datetime) -> set[str]:
        """The delivery analyses for which there is an audience, by the runs since then."""
        return {run.manifest["delivery_analysis_at"] for run in _read(outbox.recent_runs(folder, since), as_of)}

    published = analyses(as_of - BEHIND - configured.publish_before)
    passed = [instant_text(due.delivery_analysis_at) for due in passed_lately(configured, written_at, as_of)]
    if not published.issuperset(passed):  # it may have been published long before its window
        published = analyses(datetime.fromtimestamp(0, UTC))
    return [moment for moment in passed if moment not in published]


def _faulty(name: str, faults: Iterable[Fault]) -> dict[str, Any]:
    """A campaign whose file is wrong: nothing else is known of it."""
    unknown = ("organisation", "organisation_name", "timezone", "channel", "starts_at", "delivery_analysis_at", "time_left", "run")
    return {
        "campaign": name,
        "dag_id": f"{PUBLISH}{name}",
        **dict.fromkeys(unknown),
        "is_recurring": False,
        "state": FAULTY,
        "problems": [str(fault) for fault in faults],
        "withdrawn": None,
        "missed": [],
    }


def _distance(campaign: Mapping[str, Any], as_of: datetime) -> timedelta:
    return abs(datetime.fromisoformat(campaign["delivery_analysis_at"]) - as_of)


def _run(run: Run, analysis_at: str) -> dict[str, Any]:
    by_reason = sorted(run.manifest["excluded_by_reason"].items(), key=lambda found: (-found[1], found[0]))
    return {
        "run_id": run.run_id,
        "as_of": instant_text(run.as_of),
        "delivery_analysis_at": run.manifest["delivery_analysis_at"],
        "is_earlier": run.manifest["delivery_analysis_at"] != analysis_at,
        "counts": run.counts,
        "reasons": [{"reason": reason, "meaning": _MEANING.get(reason, reason), "count": count} for reason, count in by_reason],
        "report": f"reports/{run.campaign}/{run.run_id}",
    }


def _feed(state: FeedState, campaigns: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    feed, newest = state.feed, state.newest
    # `campaign_status` says it in these words, and no campaign of a past window is stopped by anything.
    problem = f"feed {feed.id}: {state.problem}"
    return {
        "feed": feed.id,
        "dag_id": f"{INGEST}{feed.id}",
        "organisation": feed.organisation,
        "source": feed.source,
        "is_required": feed.required,
        "newest_at": None if newest is None else instant_text(newest.received_at),
        "age": None if state.age is None else state.age // timedelta(seconds=1),
        "max_age": None if state.limit is None else state.limit // timedelta(seconds=1),
        "problem": state.problem or None,
        "stops": [campaign["campaign"] for campaign in campaigns if problem in campaign["problems"]] if state.problem else [],
    }


def _refusals(folder: Path, analysis_at: str, as_of: datetime) -> list[str]:
    """The critical expectations that failed in the run for this delivery analysis, if one was made and not let through."""
    staged = _read(outbox.recent_runs(folder / outbox.STAGED, as_of), as_of)
    runs = [run for run in staged if run.manifest["delivery_analysis_at"] == analysis_at]
    return [refusal for run in runs[-1:] for refusal in run.manifest["refusals"]]


def _read(folders: Iterable[Path], as_of: datetime) -> list[Run]:
    """The runs in the folders, the newest last, but for those that come after `as_of`."""
    runs = []
    for folder in folders:
        with suppress(FileNotFoundError, NotFound):  # it waited, and was released at this moment
            stat = (folder / outbox.MANIFEST).stat()
            runs.append(_read_once(folder, stat.st_mtime_ns, stat.st_size))
    return sorted((run for run in runs if run.as_of <= as_of), key=lambda run: run.rank)


@lru_cache(maxsize=8192)
def _read_once(folder: Path, _modified: int, _size: int) -> Run:
    """The run with what the page needs of its manifest, which holds every file of the ledger. Raises NotFound, ValidationFailed."""
    run = outbox.read_run(folder)
    try:
        kept = {
            "run_id": run.run_id,
            "campaign": run.campaign,
            "organisation": run.organisation,
            "as_of": run.manifest["as_of"],
            "feeds": [{"arrived_at": instant_text(run.newest_arrival)}],
            "delivery_analysis_at": instant_text(datetime.fromisoformat(run.manifest["delivery_analysis_at"])),
            "counts": {name: int(run.counts[name]) for name in ("candidates", "audience", "excluded", "seeds")},
            "excluded_by_reason": {str(reason): int(count) for reason, count in run.manifest["excluded_by_reason"].items()},
            "refusals": [
                f"check {found['name']}: {found['detail'] or found['observed']}"
                for found in run.manifest["validation"]
                if not found["is_met"] and found["severity"] == "critical"
            ],
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValidationFailed(
            "the manifest cannot be read",
            where=str(folder / outbox.MANIFEST),
            remedy="The folder was changed after publication: restore it, or delete it and publish again.",
        ) from error
    return replace(run, manifest=kept)


def _said(workspace: Workspace, error: PresendError) -> str:
    """The error in words, with places as the workspace knows them, not the machine."""
    return str(error).replace(f"{workspace.root}/", "")
