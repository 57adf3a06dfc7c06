"""The daily tasks that look after a workspace. Each fails with the names of what is wrong, and its note says the same."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from orchestration.deadlines import BEHIND, passed_lately
from orchestration.notes import failing_once, say
from orchestration.places import LANDING, Place
from orchestration.progress import progress
from orchestration.wiring import clock, workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.config import Configuration
    from pipeline.outbox import Run

AHEAD = timedelta(days=1)
"""A campaign that starts within a day and is blocked fails the check; what is blocked later has another check tomorrow."""
SHOWN = 5
"""So many landed files are named."""


def check_configuration() -> None:
    """Fail for any fault in the workspace's files, by file and line, as `presend check` does."""
    from pipeline.config import find_faults
    from pipeline.errors import ConfigurationError
    from pipeline.feeds import sources

    with failing_once():
        faults = find_faults(workspace(), sources=sources())
        if faults:
            raise ConfigurationError(" ".join(str(fault) for fault in faults))


def check_ledger() -> None:
    """Fail when a file of the ledger is not what was written, by its SHA-256."""
    from pipeline.ledger import intact, read_loads

    place = workspace()
    with failing_once():
        loads = read_loads(place)
        intact.check(place, loads, is_thorough=True)
    say(f"Loads whose files are what was written: {len(loads):,}.")


def verify_runs() -> None:
    """Fail when a run that was published lately, or whose delivery analysis is still ahead, is not what its manifest says or breaks a
    promise, as `presend verify` finds it. Campaigns' newest runs only."""
    from pipeline.errors import ValidationFailed
    from pipeline.promises import Witness
    from pipeline.verification import find_faults

    place, now = workspace(), clock()
    with failing_once():
        runs = _newest_runs(now)
        faults = {run.run_id: list(find_faults(run, [Witness(place, progress())])) for run in runs}
        broken = {run_id: found for run_id, found in faults.items() if found}
        if broken:
            told = "; ".join(f"{run_id}: {', '.join(found)}" for run_id, found in broken.items())
            raise ValidationFailed(f"runs do not hold: {told}", where="outbox/", remedy="Do not send these audiences; publish again.")
    say(f"Runs that hold what they promise: {len(runs):,}.")


def check_readiness() -> None:
    """Fail when a feed blocks a campaign that starts within a day, or a landed file has waited for its ingest for an hour.

    The note tells, as `presend status` does, how feeds and campaigns stand.
    """
    from pipeline.config import load_configuration
    from pipeline.errors import FeedNotFresh
    from pipeline.feeds import sources
    from pipeline.status import status_of

    place, now = workspace(), clock()
    with failing_once():
        configuration = load_configuration(place, sources=sources())
        document, lines = status_of(place, configuration, now)
        blocked = [
            f"{campaign['campaign']} starts at {campaign['starts_at']} and is blocked by {', '.join(campaign['blocked_by'])}"
            for campaign in document["campaigns"]
            if campaign["blocked_by"] and datetime.fromisoformat(campaign["starts_at"]) <= now + AHEAD
        ]
        forgotten = [f"landing/{name}" for name in _forgotten(configuration, now)]
        waiting = [f"landed files that are not in the ledger after an hour: {len(forgotten):,}"] if forgotten else []
        if blocked or waiting:
            # The message goes into the notice, the names do not: they may hold anything.
            where = ", ".join(forgotten[:SHOWN])
            raise FeedNotFresh("; ".join([*blocked, *waiting]), where=where, remedy="Land what is missing, and run the feed's ingest.")
    say("\n".join(lines))


def check_missed() -> None:
    """Fail when the delivery analysis of a campaign passed lately and nothing was published for it, or nothing is where it is collected.

    A DAG that is paused, or a scheduler that is down, has nobody else who tells.
    """
    from pipeline.config import load_configuration
    from pipeline.errors import ValidationFailed

    now = clock()
    with failing_once():
        missed = list(_missed(load_configuration(workspace()), now))
        if missed:
            raise ValidationFailed(
                f"nothing was published for {'; '.join(missed)}",
                where="outbox/",
                remedy="Tell the campaign team, look whether the campaign's DAG is switched on, or set a later delivery_analysis_at.",
            )
    say("No campaign of the last two days was missed.")


def deliver_runs() -> None:
    """Deliver what is not, or not completely, where it is collected, of the runs whose delivery analysis is ahead or passed lately.

    So what was published at a terminal, withdrawn lists, and what a delivery left half done. Fails, after all the others, for what
    cannot be delivered.
    """
    from itertools import groupby

    from orchestration.delivering import routes
    from pipeline.config import load_configuration
    from pipeline.delivering import deliver
    from pipeline.errors import ConfigurationError, PresendError

    place, now = workspace(), clock()
    with failing_once():
        said: list[str] = []
        fault: PresendError | None = None
        try:
            campaigns = load_configuration(place, feeds=()).campaigns
        except ConfigurationError as error:  # where PRESEND_OUTBOX says so, runs are delivered all the same
            campaigns, fault = {}, error
        for (organisation, campaign), found in groupby(_runs_since(now - BEHIND), lambda run: (run.organisation, run.campaign)):
            runs = list(found)
            for route in routes(campaigns.get(campaign), place):
                # The newest run is delivered in any case. A former one from which somebody is withdrawn must not keep it from a form that
                # could not tell so.
                chosen = runs if route.target.tells_withdrawn else []
                try:
                    done = deliver(place, route, organisation, campaign, chosen, now)
                except PresendError as error:
                    fault = error
                    continue
                if done.is_anything:
                    said.append(f"{campaign}: {done}")
        say("\n".join(said) or "Everything published lately is where it is collected.")
        if fault is not None:
            raise fault


def clear_leftovers() -> None:
    """Remove what killed processes left half done; whoever is at work keeps what is his. The ledger, landing/ and outbox/ are not touched.

    The next command in the same place does it too; this is for those that never come.
    """
    from pipeline import warehouse
    from pipeline.engines.local import scratch_folder

    place = workspace()
    warehouse.clear_leftovers(place)
    with scratch_folder(place.scratch):  # entering it removes those of dead processes
        pass


def _newest_runs(now: datetime) -> "list[Run]":
    """Each campaign's newest run, where it still matters."""
    from pipeline import outbox

    return [
        run
        for run in outbox.newest_runs(workspace())
        if run.as_of >= now - BEHIND or datetime.fromisoformat(run.manifest["delivery_analysis_at"]) >= now
    ]


def _runs_since(moment: datetime) -> "list[Run]":
    """The runs whose delivery analysis is not before the moment, by organisation and campaign."""
    from pipeline import outbox

    return [run for run in outbox.all_runs(workspace()) if datetime.fromisoformat(run.manifest["delivery_analysis_at"]) >= moment]


def _missed(configuration: "Configuration", now: datetime) -> "Iterator[str]":
    """The campaigns whose delivery analysis has passed lately without a run for it, each time of one that recurs."""
    from orchestration.delivering import routes
    from pipeline.delivering import delivered_at
    from pipeline.outbox import instant_text
    from pipeline.preparation import runs_for

    for campaign in configuration.campaigns.values():
        written_at = datetime.fromtimestamp((workspace().campaigns / f"{campaign.id}.yaml").stat().st_mtime, UTC)
        for due in passed_lately(campaign, written_at, now):
            runs = runs_for(workspace(), due)
            told = f"{due.id}, whose delivery analysis was at {instant_text(due.delivery_analysis_at)}"
            if not runs:
                yield told
                continue
            for route in routes(campaign, workspace()):
                if delivered_at(workspace(), route, runs[-1]) is None:
                    yield f"{told}: run {runs[-1].run_id} is not delivered to {route}"


def _forgotten(configuration: "Configuration", now: datetime) -> list[str]:
    """Landed files, an hour old, that the ledger has not taken; where landing is another machine, those that are not fetched, and refused
    names, too. Raises PlaceNotReached."""
    from orchestration.fetching import RemoteFolder, printable
    from pipeline.ledger import read_loads
    from pipeline.ledger.arrivals import untaken
    from pipeline.ledger.landing import files_under

    place = workspace()
    loads = read_loads(place)
    hour_ago = now - timedelta(hours=1)
    found = [
        f"{name}/{file.name}"
        for name, feed in sorted(configuration.feeds.items())
        for file in untaken(
            place, name, feed.sha256, files_under(place, feed.names, feed.files), [load for load in loads if load.feed in feed.names]
        )
        if file.path.stat().st_mtime < hour_ago.timestamp()
    ]
    landing = Place.of(LANDING, place)
    if landing is None:
        return found
    for name, feed in sorted(configuration.feeds.items()):
        folder = RemoteFolder(place, landing, name, feed.files)
        files, refused = folder.files()
        late = [file.name for file in folder.missing(files) if file.changed_at is None or file.changed_at < hour_ago]
        found += [f"{name}/{told}" for told in (*late, *map(printable, refused))]
    return found
