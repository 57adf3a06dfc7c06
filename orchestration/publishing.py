"""What the tasks of a campaign's DAG do, as the commands do it: wait for its feeds, decide, judge, publish; and deliver.

Every task is asked about the moment at which it runs, and goes on only with what still stands at that moment (`pipeline.preparation`,
decision 0012). Tasks pass ids; what they found stands in their notes, in the audience's asset event and in the metrics.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from orchestration import lineage
from orchestration.deadlines import latest_useful, told_at
from orchestration.notes import say, without_rows
from orchestration.places import OUTBOX
from orchestration.progress import progress
from orchestration.windows import plain
from orchestration.wiring import clock, workspace
from pipeline.errors import (
    AnotherWriter,
    ConfigurationError,
    FeedNotFresh,
    FeedRefused,
    NotFound,
    PresendError,
    UsageError,
    ValidationFailed,
)

if TYPE_CHECKING:
    from orchestration.notices import Notice
    from pipeline.config import Campaign, Configuration
    from pipeline.delivering import Route
    from pipeline.ledger import Load
    from pipeline.outbox import Run

FINAL = (ConfigurationError, NotFound, UsageError)
"""Errors that no waiting mends."""
SHOWN_REASONS = 8


def configured() -> "Configuration":
    """The workspace's configuration as it is now. Raises ConfigurationError."""
    from pipeline.config import load_configuration
    from pipeline.feeds import sources

    return load_configuration(workspace(), sources=sources())


def asked_campaign(name: str, context: Mapping[str, Any]) -> "Campaign":
    """The campaign with the delivery analysis that the DAG run is for: a scheduled run's own one, also when it starts too late;
    for a run by hand the next one. Raises ConfigurationError, NotFound."""
    from pipeline.publishing import campaign_named

    found = campaign_named(configured(), name)
    run = context["dag_run"]
    if run.logical_date is not None and str(run.run_type) in ("scheduled", "backfill"):
        return found.occurrence(plain(run.logical_date) + found.publish_before)
    return found.occurrence(clock(context))


def is_fresh(name: str) -> bool:
    """Whether everything that the campaign rests on is there, taken and fresh.

    Fails closed at the latest useful moment, and at once when the delivery analysis was missed.
    """
    from orchestration import metrics
    from pipeline.attention import require_ready
    from pipeline.freshness import feeds_of, state_of
    from pipeline.ledger import read_loads
    from pipeline.order import undecided_before
    from pipeline.preparation import runs_for

    with _telling(name) as (context, configuration, campaign, moment):
        metrics.tell_time_left(campaign, moment)
        if moment >= campaign.delivery_analysis_at:
            published = runs_for(workspace(), campaign)
            if not published:
                raise _missed(campaign, context)
            say(f"Run {published[-1].run_id} was published for this delivery analysis: nothing is waited for.")
            return True
        if str(context["dag_run"].run_type) == "scheduled" and moment < campaign.window_opens_at:
            say(f"The campaign was moved: its window opens at {campaign.window_opens_at.isoformat()}, and that has a run of its own.")
            raise AirflowSkipException("the campaign was moved")
        loads = read_loads(workspace())
        states = [state_of(configuration, feed, loads, moment) for feed in feeds_of(configuration, campaign)[0]]
        metrics.tell_feeds(states)
        try:
            warnings = require_ready(workspace(), configuration, campaign, loads, moment)
        except (FeedNotFresh, FeedRefused) as error:
            latest = latest_useful(campaign)
            if moment >= latest or context["params"].get("as_of"):
                raise
            say(f"Waits until {latest.isoformat()}: {error}")
            return False
        if moment < told_at(campaign) and not context["params"].get("as_of"):
            # One that cannot go on by itself is not waited for: whoever publishes second gives way.
            earlier = undecided_before(workspace(), configuration, campaign, moment)
            awaited = [other.id for other in earlier if _is_ready(configuration, other, loads, moment)]
            if awaited:
                say(f"Waits until {told_at(campaign).isoformat()} at most for {', '.join(awaited)}: due together, they are decided first.")
                return False
        ages = (f"{state.feed.id} {_hours(state.age.total_seconds())}" for state in states if state.age is not None)
        say("\n".join((f"Fresh: {', '.join(ages)} old.", *warnings)))
        return True


def _is_ready(configuration: "Configuration", campaign: "Campaign", loads: "list[Load]", moment: datetime) -> bool:
    """Whether nothing is known that stops the campaign: its feeds, its time, or a gate that said no to its run."""
    from pipeline.attention import require_ready
    from pipeline.outbox import staged_runs
    from pipeline.preparation import is_for, judge

    if moment >= latest_useful(campaign):
        return False
    try:
        require_ready(workspace(), configuration, campaign, loads, moment)
        for run in staged_runs(workspace(), campaign.organisation, campaign.id):
            if is_for(run, campaign):
                judge(run)
    except PresendError:
        return False
    return True


def decide(name: str) -> str:
    """Decide the campaign and stage its run; gives the run's id."""
    from pipeline.preparation import prepare

    with _telling(name) as (_, configuration, campaign, moment):
        run = prepare(workspace(), configuration, campaign, moment, progress())
        say(figures(run))
        return run.run_id


def validate(name: str) -> str:
    """Judge the run by what the gate found; one that a person has to release waits from here on. Gives the run's id."""
    from pipeline.preparation import judge, prepare, release

    with _telling(name) as (_, configuration, campaign, moment):
        run = prepare(workspace(), configuration, campaign, moment, progress())
        judge(run)
        if campaign.approval == "required":
            run = release(workspace(), configuration, campaign, moment, progress())
        outcomes = run.manifest["validation"]
        unmet = [f"{found['name']} ({found['detail']})" for found in outcomes if not found["is_met"]]
        warned = f" Warnings: {'; '.join(unmet)}." if unmet else ""
        say(f"Run {run.run_id}: {len(outcomes) - len(unmet)} of {len(outcomes)} expectations hold, no critical one failed.{warned}")
        return run.run_id


def publish(name: str, *, approved: str | None = None) -> str:
    """Publish the campaign's run, or the waiting one that was `approved`, if it is right at this moment; gives the run's id.

    That a person has approved it is believed by the record beside it alone: an XCom is anybody's who may write to Airflow.
    """
    from orchestration import metrics
    from orchestration.delivering import routes
    from pipeline.preparation import prepare, release
    from pipeline.rechecking import approve

    # What was approved and is no longer right is never approved by trying again: somebody has to look at the run that waits now.
    with _telling(name, *([ValidationFailed] if approved else [])) as (context, configuration, campaign, moment):
        if approved is None:
            prepare(workspace(), configuration, campaign, moment, progress())
            # Deciding may have taken a while: whether it is still right, and in time, is asked at the very end.
            run = release(workspace(), configuration, campaign, clock(context), progress())
            if run.is_pending:
                raise unapproved(run)
        else:
            by = _approver(campaign, approved)
            run = approve(workspace(), configuration, approved, by, moment, progress())
        say(f"Published. {figures(run)}")
        lineage.tell(read=[workspace().warehouse], written=run.path.parent)
        metrics.tell_run(run)
        metrics.tell_time_left(campaign, moment)
        if not routes(campaign, workspace()):
            _tell_audience(context, run)
        return run.run_id


def unapproved(run: "Run") -> ValidationFailed:
    """The error of whoever would hand on a run to which nobody has said yes."""
    return ValidationFailed(
        f"run {run.run_id} of {run.campaign} waits for approval, and no record says that a person approved it",
        where=run.path.relative_to(workspace().root).as_posix(),
        remedy=f"Answer the task `approve`, or `presend approve {run.run_id} --by NAME`.",
    )


def _approver(campaign: "Campaign", run_id: str) -> str:
    """Who approved the campaign's run. Raises NotFound for a run that is not for this delivery analysis, ValidationFailed without a yes."""
    from pipeline.approvals import approval_of
    from pipeline.outbox import find_run
    from pipeline.preparation import is_for

    run = find_run(workspace(), run_id)
    if not is_for(run, campaign):
        raise NotFound(f"the run is not of {campaign.id} and its delivery analysis", where=run_id, remedy="Clear the task `approve`.")
    if not run.is_pending:
        return str((run.manifest["approval"] or {}).get("by", ""))
    known = approval_of(run)
    if known is None:
        raise unapproved(run)
    return known.by


def deliver(name: str, run_id: str) -> str:
    """Copy the published run to where it is collected, and what latest.json names; gives the run's id.

    What keeps it from it is tried again until the delivery analysis. A run that arrives after it is late, and the task says so.
    """
    from orchestration.delivering import routes
    from pipeline.delivering import deliver, delivered_at
    from pipeline.outbox import find_run

    with _telling(name, ValidationFailed, until=lambda campaign: campaign.delivery_analysis_at) as (context, _, campaign, _):
        run = find_run(workspace(), run_id)
        if run.is_pending or run.campaign != campaign.id:
            raise unapproved(run)
        ways = routes(campaign, workspace())
        if not ways:
            raise ConfigurationError(
                f"{OUTBOX} is not set here, and the campaign has no `deliver_to`", remedy="Set it for every part of Airflow, workers too."
            )
        said = []
        for route in ways:
            done = deliver(workspace(), route, run.organisation, run.campaign, [run], clock(context))
            arrived_at = delivered_at(workspace(), route, run)
            if arrived_at is None or arrived_at >= campaign.delivery_analysis_at:
                raise ValidationFailed(
                    f"run {run_id} arrived at {route} after the delivery analysis",
                    remedy="If the sending system still waits, tell it that the file is there; else tell the campaign team.",
                )
            said.append(f"Run {run_id} can be collected at {route}. {done}")
        say("\n".join(said))
        _tell_audience(context, run, ways)
        return run_id


def _tell_audience(context: Mapping[str, Any], run: "Run", ways: "Sequence[Route]" = ()) -> None:
    """Let the event of the campaign's audience, which can be collected now, tell what it holds and where it lies."""
    from orchestration import assets

    told = ("run_id", "as_of", "delivery_analysis_at", "counts", "excluded_by_reason", "ledger_version")
    path = run.path.relative_to(workspace().root).as_posix()
    places = [f"{route.place}/{route.folder(run.organisation, run.campaign)}/{run.run_id}" for route in ways]
    where = {"place": places[0], "places": places} if places else {}
    event = {**{key: run.manifest[key] for key in told}, "path": path, **where}
    context["outlet_events"][assets.audience(run.campaign)].extra = event


def figures(run: "Run") -> str:
    """A run in a few words: how many, and why not more."""
    counts = run.counts
    by_reason = sorted(run.manifest["excluded_by_reason"].items(), key=lambda found: (-found[1], found[0]))
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in by_reason[:SHOWN_REASONS])
    more = f", and {len(by_reason) - SHOWN_REASONS} more reasons" if len(by_reason) > SHOWN_REASONS else ""
    excluded = f"{counts['excluded']:,} excluded ({reasons}{more})" if by_reason else "nobody excluded"
    return f"Run {run.run_id}: {counts['candidates']:,} candidates, {counts['audience']:,} in the audience, {excluded}."


def still_missing(name: str, analysis_at: datetime) -> "Notice | None":
    """What keeps the campaign from being published for the delivery analysis; None when it is. A run that is not where it is collected
    is not published."""
    from orchestration.notices import LOOK, notice_of
    from pipeline.attention import require_ready
    from pipeline.ledger import read_loads
    from pipeline.preparation import runs_for
    from pipeline.publishing import campaign_named

    configuration = configured()
    campaign = campaign_named(configuration, name).occurrence(analysis_at)
    if published := runs_for(workspace(), campaign):
        return _undelivered(campaign, published[-1])
    waiting = runs_for(workspace(), campaign, is_pending=True)
    if waiting:
        run_id = waiting[-1].run_id
        remedy = f"Answer the task `approve`, or `presend approve {run_id} --by NAME`."
        return notice_of(campaign, f"run {run_id} waits for approval", remedy)
    try:
        require_ready(workspace(), configuration, campaign, read_loads(workspace()), datetime.now(UTC))
    except PresendError as error:
        return notice_of(campaign, str(error.message), error.remedy)
    return notice_of(campaign, "its tasks have not come to an end", LOOK)


def _undelivered(campaign: "Campaign", run: "Run") -> "Notice | None":
    """That the published run is not where it is collected; None when it is, or is collected here."""
    from orchestration.delivering import routes
    from orchestration.notices import LOOK, notice_of
    from pipeline.delivering import delivered_at

    for route in routes(campaign, workspace()):
        if delivered_at(workspace(), route, run) is None:
            return notice_of(campaign, f"run {run.run_id} is published here, and not delivered to {route}, where it is collected", LOOK)
    return None


@contextmanager
def _telling(
    name: str, *final: type[PresendError], until: "Callable[[Campaign], datetime]" = latest_useful
) -> Iterator[tuple[Any, "Configuration", "Campaign", datetime]]:
    """The task's context, the configuration, the campaign and the moment; an error's words become the task's note.

    Errors that no waiting mends, `final` ones too, fail the task at once; all others do once nothing is waited for any more (`until`), or
    where the clock stands.
    """
    from pipeline.publishing import campaign_named

    context = get_current_context()
    latest = None
    with without_rows():
        try:
            moment = clock(context)
            campaign = asked_campaign(name, context)
            latest = until(campaign)
            configuration = configured()
            campaign_named(configuration, name)
            yield context, configuration, campaign, moment
        except PresendError as error:
            say(str(error))
            is_final = isinstance(error, (*FINAL, *final)) or latest is None or clock(context) >= latest or context["params"].get("as_of")
            if is_final and not isinstance(error, AnotherWriter):
                raise AirflowFailException(str(error)) from error
            raise


def _missed(campaign: "Campaign", context: Mapping[str, Any]) -> PresendError:
    due = campaign.window_opens_at.isoformat()
    return PresendError(
        f"the delivery analysis of {campaign.id} at {campaign.delivery_analysis_at.isoformat()} was missed, nothing is published:"
        f" this run was due at {due} and could not start before, because the DAG was paused or the scheduler was down",
        where=f"campaigns/{campaign.id}.yaml",
        remedy="If the sending system still waits, set a later delivery_analysis_at; else tell the campaign team.",
    )


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.1f} hours"
