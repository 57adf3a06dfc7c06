"""`presend status`: how the workspace stands at an instant: its feeds, its campaigns, its runs, and who waits for whom.

It reads what lies on disk and changes nothing, and it starts in a moment: nothing of the gate is imported.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import duckdb

from pipeline import clock, outbox, warehouse
from pipeline.attention import Notice, View, notices
from pipeline.config import Campaign, Configuration
from pipeline.errors import PresendError, ValidationFailed
from pipeline.freshness import FeedState, feeds_of, state_of
from pipeline.ledger import Load, read_loads, version_of
from pipeline.ledger.chain import head_of
from pipeline.outbox import Run, instant_text
from pipeline.review import waiting
from pipeline.workspace import Workspace

COMING, OPEN, WAITING, DONE, MISSED = "coming", "open", "waiting", "published", "missed"
"""A campaign before its window, in it without a run, with a run that waits for approval, with a run of this window, and too late."""


def status_of(workspace: Workspace, configuration: Configuration, as_of: datetime) -> tuple[dict[str, Any], list[str]]:
    """The state of the workspace at `as_of`: the JSON document and the lines for people.

    Raises ValidationFailed when a manifest in the outbox is damaged.
    """
    loads = read_loads(workspace)
    known = [load for load in loads if load.received_at <= as_of or clock.is_ahead(load.received_at)]
    campaigns = [campaign.occurrence(as_of) for campaign in configuration.campaigns.values()]
    published, pending = outbox.all_runs(workspace), outbox.all_runs(workspace, is_pending=True)
    found = notices(View(workspace, configuration, loads, as_of))
    states = {name: state_of(configuration, feed, known, as_of) for name, feed in configuration.feeds.items()}
    document = {
        "as_of": instant_text(as_of),
        "clock": clock.kind(),
        "warehouse": _warehouse(workspace, configuration, loads),
        "feeds": [_feed(configuration, campaigns, state, known) for _, state in sorted(states.items())],
        "campaigns": [
            _stopped(
                campaign_status(configuration, campaign, states, _of(campaign, published), _of(campaign, pending), as_of), campaign, found
            )
            | {"withdrawn": _withdrawn(workspace, campaign)}
            for campaign in sorted(campaigns, key=lambda found: (found.delivery_analysis_at, found.id))
        ],
        "faults": [
            {"campaign": name, "file": fault.file, "line": fault.line, "message": fault.message, "remedy": fault.remedy}
            for name, faults in sorted(configuration.campaign_faults.items())
            for fault in faults
        ],
        "attention": [_notice(notice) for notice in found],
        "waiting": [_run(run) for run in pending],
        "to_review": waiting(workspace, configuration, known, as_of).count,
    }
    return document, _lines(document)


def _warehouse(workspace: Workspace, configuration: Configuration, loads: list[Load]) -> dict[str, Any]:
    """Whether the warehouse shows the ledger as it is; nobody has to wait for it, because the next run builds it."""
    built_at = None
    if workspace.warehouse.is_file():
        try:
            with duckdb.connect(str(workspace.warehouse), read_only=True) as con:
                ((built_at,),) = con.execute("SELECT strftime(as_of AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ') FROM build").fetchall()
        except duckdb.Error:  # a file that is no warehouse is none: the next build replaces it
            built_at = None
    return {
        "is_current": warehouse.is_current(workspace, configuration, loads),
        "built_at": built_at,
        "ledger_version": version_of(loads),
        "ledger_head": _head(workspace),
        "files": len(loads),
    }


def _head(workspace: Workspace) -> str | None:
    """The newest hash of the chain of loads; None for a changed chain, which `attention` tells of."""
    try:
        return head_of(workspace)
    except ValidationFailed:
        return None


def _feed(configuration: Configuration, campaigns: list[Campaign], state: FeedState, loads: list[Load]) -> dict[str, Any]:
    newest = state.newest
    return {
        "feed": state.feed.id,
        "source": state.feed.source,
        "organisation": state.feed.organisation,
        "is_required": state.feed.required,
        "files": sum(1 for load in loads if load.feed in state.feed.names and not load.is_refused),
        "newest_at": None if newest is None else instant_text(newest.received_at),
        "age": None if state.age is None else _seconds(state.age),
        "max_age": None if state.limit is None else _seconds(state.limit),
        "is_missing": state.is_missing,
        "is_stale": state.is_stale,
        "is_refused": state.is_refused,
        "problem": state.problem or None,
        "remedy": state.remedy or None,
        "stops": [
            campaign.id
            for campaign in sorted(campaigns, key=lambda found: found.id)
            if state.problem and state.feed in feeds_of(configuration, campaign)[0]
        ],
    }


def campaign_status(
    configuration: Configuration,
    campaign: Campaign,
    states: Mapping[str, FeedState],
    published: list[Run],
    pending: list[Run],
    as_of: datetime,
) -> dict[str, Any]:
    """How the campaign stands, by the states of the workspace's feeds and by its own runs, published ones oldest first."""
    resting = [states[feed.id] for feed in feeds_of(configuration, campaign)[0]]
    runs = [run for run in published if run.as_of <= as_of]
    state = _state(campaign, runs, pending, as_of)
    return {
        "campaign": campaign.id,
        "organisation": campaign.organisation,
        "channel": str(campaign.channel),
        "state": state,
        "starts_at": instant_text(campaign.window_opens_at),
        "delivery_analysis_at": instant_text(campaign.delivery_analysis_at),
        "recurrence": None if campaign.recurrence is None else campaign.recurrence.model_dump(),
        "blocked_by": [] if state in (DONE, MISSED) else [f"feed {found.feed.id}: {found.problem}" for found in resting if found.problem],
        "last_run": _run(runs[-1]) if runs else None,
    }


def _stopped(document: dict[str, Any], campaign: Campaign, found: list[Notice]) -> dict[str, Any]:
    """The campaign's status, with what else stops it."""
    stops = [notice.message for notice in found if notice.stop is not None and notice.concerns(campaign)]
    return document if document["state"] in (DONE, MISSED) else {**document, "blocked_by": [*stops, *document["blocked_by"]]}


def _withdrawn(workspace: Workspace, campaign: Campaign) -> str | None:
    """The newest list of those who became excluded after the newest run was published; None before anybody asked."""
    pointer = outbox.read_latest(outbox.campaign_folder(workspace, campaign.organisation, campaign.id))
    return None if pointer is None else pointer.get("withdrawn")


def _state(campaign: Campaign, runs: Iterable[Run], pending: Iterable[Run], as_of: datetime) -> str:
    """A run belongs to the window when it was made for the very delivery analysis that the campaign has now, before it or in it."""

    def is_for_it(run: Run) -> bool:
        return datetime.fromisoformat(run.manifest["delivery_analysis_at"]) == campaign.delivery_analysis_at

    is_waiting = any(is_for_it(run) for run in pending)
    if any(is_for_it(run) and run.as_of >= campaign.window_opens_at for run in runs):
        return DONE
    if as_of >= campaign.delivery_analysis_at:
        return DONE if any(is_for_it(run) for run in runs) else MISSED
    if is_waiting:
        return WAITING
    return OPEN if as_of >= campaign.window_opens_at else COMING


def _of(campaign: Campaign, runs: Iterable[Run]) -> list[Run]:
    return [run for run in runs if (run.organisation, run.campaign) == (campaign.organisation, campaign.id)]


def _run(run: Run) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "campaign": run.campaign,
        "organisation": run.organisation,
        "as_of": instant_text(run.as_of),
        "delivery_analysis_at": run.manifest["delivery_analysis_at"],
        "counts": dict(run.counts),
        "path": str(run.path),
    }


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "kind": notice.kind,
        "message": notice.message,
        "where": notice.where,
        "remedy": notice.remedy,
        "stops": None if notice.stop is None else notice.stop.exit_code,
        "organisation": notice.organisation,
        "campaign": notice.campaign,
    }


def _seconds(span: timedelta) -> int:
    return span // timedelta(seconds=1)


def _lines(document: dict[str, Any]) -> list[str]:
    built = document["warehouse"]
    current = (
        "shows the ledger as it is" if built["is_current"] else "is older than the ledger or the configuration: the next run builds it"
    )
    lines = [
        f"At {document['as_of']}{', by a simulated clock' if document['clock'] == clock.SIMULATED else ''}",
        f"warehouse: {'none yet' if built['built_at'] is None else current} ({built['files']:,} files in the ledger)",
    ]
    lines += ["", "feeds"]
    for feed in document["feeds"]:
        newest = "" if feed["newest_at"] is None else f"newest file {feed['newest_at']}"
        what = f"PROBLEM: {feed['problem']}" if feed["problem"] else "fresh"
        stops = f"; stops {', '.join(feed['stops'])}" if feed["stops"] else ""
        lines.append(f"  {feed['feed']:<20} {feed['files']:>5,} files  {newest:<33} {what}{stops}".rstrip())
        if feed["remedy"]:
            lines.append(f"  {'':<20} {feed['remedy']}")
    lines += ["", "campaigns"]
    for campaign in document["campaigns"]:
        times = f"starts {campaign['starts_at']}, needed {campaign['delivery_analysis_at']}"
        lines.append(f"  {campaign['campaign']:<20} {campaign['state']:<10} {times}")
        lines += [f"    blocked by {what}" for what in campaign["blocked_by"]]
        if campaign["last_run"]:
            counts = campaign["last_run"]["counts"]
            lines.append(f"    last run {campaign['last_run']['run_id']}: {counts['audience']:,} of {counts['candidates']:,} candidates")
        if campaign["withdrawn"]:
            lines.append(f"    withdrawn since: {campaign['withdrawn']}")
    lines += [f"  {fault['file']}:{fault['line']}: {fault['message']} {fault['remedy']}" for fault in document["faults"]]
    if document["attention"]:
        lines += ["", "attention"]
        for notice in document["attention"]:
            word = "STOPS" if notice["stops"] else "note"
            lines.append(f"  {word:<5} {PresendError(notice['message'], where=notice['where'], remedy=notice['remedy'])}")
    if document["to_review"]:
        lines += ["", f"{document['to_review']:,} messages for people to read: `presend review` lists them"]
    if document["waiting"]:
        lines += ["", "waiting for approval"]
        for run in document["waiting"]:
            lines.append(f"  presend approve {run['run_id']} --by NAME    # {run['campaign']}, needed {run['delivery_analysis_at']}")
    return lines
