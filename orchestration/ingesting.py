"""The tasks of a feed's ingest: fetch and load what has landed, then say what was refused."""

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from airflow.sdk import get_current_context

from orchestration import assets, lineage
from orchestration.notes import failing_once, say
from orchestration.places import LANDING, Place
from orchestration.progress import progress
from orchestration.wiring import clock, workspace
from pipeline.errors import ConfigurationError, PlaceNotReached, PresendError

if TYPE_CHECKING:
    from orchestration.fetching import Fetched
    from pipeline.config import FeedConfig
    from pipeline.ledger import IngestReport, Load
    from pipeline.workspace import Workspace

DRIFT = timedelta(seconds=30)
"""So far the clocks of two workers may lie apart, and is waited for; an arrival further ahead is refused, as `presend ingest` does."""
COUNTS = ("rows", "loaded", "duplicate", "ignored", "rejected")
FAULT = "fault"
"""The XCom in which `ingest` leaves what it could not fetch, for `accept`."""


def feeds_of(place: "Workspace") -> "dict[str, FeedConfig | ConfigurationError]":
    """The workspace's feeds by id; for one whose file is wrong, what is wrong with it.

    Raises ConfigurationError for a fault that is not one feed's.
    """
    from pipeline.config import load_configuration

    try:
        return dict(load_configuration(place, campaigns=()).feeds)
    except ConfigurationError:
        load_configuration(place, campaigns=(), feeds=())
    found: dict[str, FeedConfig | ConfigurationError] = {}
    for name in sorted({path.stem for path in place.feeds.iterdir() if path.suffix in (".yaml", ".yml", ".json")}):
        try:
            found |= load_configuration(place, campaigns=(), feeds=(name,)).feeds
        except ConfigurationError as error:
            found[name] = error
    return found


def load_feed(feed: str) -> None:
    """Load the feed's new files into the ledger, as `presend ingest FEED` does: a file that is in the ledger is not loaded again.

    Where landing is another machine, they are fetched first; what cannot be fetched in the last try either stops nothing else. The event
    of the feed's asset tells what became of the rows. Skipped when nothing is new.
    """
    from airflow.sdk.exceptions import AirflowSkipException

    from pipeline.config import load_configuration
    from pipeline.feeds import sources
    from pipeline.ledger import ingest

    place = workspace()
    with failing_once():
        # Its own file alone: what is wrong with another feed's is no reason to leave this one's opt-outs lying.
        configuration = load_configuration(place, sources=sources(), campaigns=(), feeds=(feed,))
        fetched = _fetch(place, configuration.feeds[feed])
        report = ingest(place, configuration, _received_at(place), [feed], progress())
    say(_summary(report, fetched))
    if not report.loads and not report.anew.loads:
        raise AirflowSkipException("nothing new")
    lineage.tell(read=[place.landing / feed], written=place.ledger / feed)
    get_current_context()["outlet_events"][assets.feed(feed)].extra.update(_metadata(feed, report))


def require_accepted(feed: str) -> None:
    """Fail when the feed's newest ingest refused a file, and say which and why. Nobody but its sender can mend it, so there is no retry.
    Fail, too, for what could not be fetched.

    Until a better file comes, nothing is published that rests on the feed.
    """
    from pipeline.config import load_configuration
    from pipeline.ledger import read_loads
    from pipeline.publishing import refusal

    with failing_once():
        names = load_configuration(workspace(), campaigns=(), feeds=(feed,)).feeds[feed].names
        loads = [load for load in read_loads(workspace()) if load.feed in names]
        newest = max((load.received_at for load in loads), default=None)
        refused = [load for load in loads if load.is_refused and load.received_at == newest]
        if refused:
            raise refusal(refused)
        fault = get_current_context()["ti"].xcom_pull(task_ids="ingest", key=FAULT)
        if fault:
            raise PresendError(**fault)


def _fetch(place: "Workspace", feed: "FeedConfig") -> "Fetched | None":
    """Copy what is new in the feed's folder on another machine; None where landing is the workspace's own. Raises PlaceNotReached, unless
    it is the last try, and AnotherWriter."""
    from orchestration.fetching import RemoteFolder

    landing = Place.of(LANDING, place)
    if landing is None:
        return None
    fetched = RemoteFolder(place, landing, feed.id, feed.files).fetch()
    fault, instance = fetched.fault, get_current_context()["ti"]
    if isinstance(fault, PlaceNotReached) and instance.try_number <= instance.max_tries:
        raise fault
    if fault is not None:
        instance.xcom_push(FAULT, {"message": fault.message, "where": fault.where, "remedy": fault.remedy})
    return fetched


def _received_at(place: "Workspace") -> datetime:
    """The run's clock; where a worker whose clock is a little ahead has loaded a feed beside this one, as soon as it is as late here."""
    from pipeline.ledger import read_every_load

    moment = clock()
    newest = max((load.known_at for load in read_every_load(place)), default=moment)
    if get_current_context()["params"].get("as_of") is None and moment < newest <= moment + DRIFT:
        time.sleep((newest - moment).total_seconds() + 1)
        moment = clock()
    return moment


def _metadata(feed: str, report: "IngestReport") -> dict[str, object]:
    return {
        "feed": feed,
        "files": len(report.loads),
        "refused": len(report.refused),
        **_counts(report.loads),
        "watermark": max((load.received_at for load in report.loads), default=report.received_at).isoformat(),
    }


def _counts(loads: "list[Load]") -> dict[str, int]:
    return {name: sum(getattr(load, name) for load in loads) for name in COUNTS}


def _summary(report: "IngestReport", fetched: "Fetched | None") -> str:
    counted = _counts(report.loads)
    said = ["Nothing new."]
    if report.loads:
        fates = " + ".join(f"{rows:,} {fate}" for fate, rows in counted.items() if fate != "rows")
        said = [f"New files: {len(report.loads):,}, refused: {len(report.refused):,}.", f"Rows: {counted['rows']:,} = {fates}."]
    if fetched is not None:
        said.insert(0, f"Fetched: {fetched.files:,}.")
    waiting = len(report.waiting) + (fetched.waiting if fetched is not None else 0)
    if waiting:
        said.append(f"Still being written, for the next run: {waiting:,}.")
    if fetched is not None and fetched.fault is not None:
        said.append(f"Not all of it could be fetched: {fetched.fault}")
    return " ".join(said)
