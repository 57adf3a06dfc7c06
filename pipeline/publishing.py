"""From a campaign's name to a published run: freshness → decide → validate → publish, in this order, or not at all."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipeline import built, order, publication, steps, validation, warehouse
from pipeline.attention import require_ready
from pipeline.config import Campaign, Configuration, ConfiguredCampaign
from pipeline.decision import Decision, decided, inputs_of, is_for_few, not_overtaken, reasons_for
from pipeline.delivering import Delivered, deliver_due
from pipeline.errors import (
    AnotherWriter,
    ConfigurationError,
    NotFound,
    Overtaken,
    PresendError,
    ValidationFailed,
    WaitingForApproval,
    refusal_of_the_system,
)
from pipeline.freshness import feeds_of, remedy_of
from pipeline.keys import remember
from pipeline.ledger import IngestReport, ingest, intact, read_loads
from pipeline.ledger.continuity import adopt
from pipeline.ledger.loads import Load, version_of
from pipeline.logs import Progress
from pipeline.outbox import OWN_COLUMNS, Run
from pipeline.reasons import Reason
from pipeline.workspace import Workspace

ORDER_OF_CODES = (1, 10, 15, 11, 12, 13, 17, 14)
"""`run` does all it can and exits with the first of these that occurred (contract §4)."""

BUG_REMEDY = "The campaign got no further. Set PRESEND_DEBUG=1 to see the whole error, and report it without the addresses in it."


@dataclass(frozen=True)
class Published:
    """What became of a campaign: its run, or for a dry run the counts alone."""

    campaign: str
    run_id: str
    counts: Mapping[str, int]
    run: Run | None


def campaign_named(configuration: Configuration, name: str) -> ConfiguredCampaign:
    """The campaign; `occurrence` makes of it what can be decided. Raises ConfigurationError with its faults, or NotFound."""
    faults = configuration.campaign_faults.get(name)
    if faults:
        first = faults[0]
        more = f" (and {len(faults) - 1} more: `presend check`)" if len(faults) > 1 else ""
        raise ConfigurationError(first.message + more, where=f"{first.file}:{first.line}", remedy=first.remedy)
    if name not in configuration.campaigns:
        known = ", ".join(sorted(configuration.campaigns)) or "none"
        raise NotFound(f"there is no campaign {name!r}", where="campaigns/", remedy=f"Known: {known}.")
    return configuration.campaigns[name]


def ensure_built(workspace: Workspace, configuration: Configuration, as_of: datetime, progress: Progress) -> tuple[list[Load], str]:
    """Build the warehouse unless it is that of the ledger and configuration as they are; gives the loads and their version.

    Raises ValidationFailed when a file of the ledger is not what was written, AnotherWriter.
    """
    while True:
        loads = read_loads(workspace)
        adopt(workspace, loads)
        if warehouse.is_current(workspace, configuration, loads):
            intact.check(workspace, loads)
            warehouse.clear_leftovers(workspace)
            return loads, version_of(loads)
        if built.was_changed(workspace):
            progress.say("The warehouse was changed after it was built: nothing of it is used, and it is built again from the ledger.")
        warehouse.build(workspace, configuration, as_of, progress)


def publish(
    workspace: Workspace, configuration: Configuration, name: str, as_of: datetime, progress: Progress, *, is_dry_run: bool = False
) -> Published:
    """Decide, validate and publish one campaign.

    Raises ConfigurationError, NotFound, FeedRefused, FeedNotFresh, ValidationFailed, WaitingForApproval, AnotherWriter; after
    any of them nothing was published.
    """
    campaign = campaign_named(configuration, name).occurrence(as_of)
    if as_of >= campaign.delivery_analysis_at:
        raise too_late(campaign)
    with workspace.lock(f"outbox.{campaign.organisation}.{campaign.id}"):
        while True:
            try:
                done = _published(workspace, configuration, campaign, as_of, progress, is_dry_run=is_dry_run)
                break
            except Overtaken as error:
                progress.say(f"{error.message}: {campaign.id} is decided again")
    if done.run is not None and done.run.is_pending:
        raise WaitingForApproval(
            f"run {done.run_id} of {campaign.id} is complete and waits for approval",
            where=str(done.run.path.relative_to(workspace.root)),
            remedy=f"Look at its report.html, then `presend approve {done.run_id} --by NAME`.",
        )
    return done


def _published(
    workspace: Workspace, configuration: Configuration, campaign: Campaign, as_of: datetime, progress: Progress, *, is_dry_run: bool
) -> Published:
    """The campaign's run of now. Raises Overtaken when another one was published while it was decided, and what `publish` raises."""
    loads = read_loads(workspace)
    require_ready(workspace, configuration, campaign, loads, as_of)
    loads, version = ensure_built(workspace, configuration, as_of, progress)
    warnings = require_ready(workspace, configuration, campaign, loads, as_of)
    warnings += order.warnings(workspace, configuration, campaign, as_of)
    inputs = inputs_of(workspace, configuration, campaign, as_of, version)
    if not is_dry_run:
        existing = publication.already_published(workspace, campaign.organisation, campaign.id, inputs.run_id)
        if existing is not None:
            return Published(campaign.id, existing.run_id, existing.counts, existing)
    validation.prefetch()
    with decided(workspace, configuration, inputs, progress) as decision, publication.stage(workspace, decision) as staged:
        with progress.step("validate"):
            outcomes = validation.validate(decision.con, suites(), parameters(configuration, decision), inputs.campaign.id)
        if is_dry_run:
            seeds = staged.audience_rows - decision.counts["audience"]
            return Published(campaign.id, inputs.run_id, {**decision.counts, "seeds": seeds}, None)
        if campaign.needs_key:
            remember(workspace, as_of, os.environ)
        run = publication.finish(
            staged,
            outcomes,
            configuration=configuration,
            previous=inputs.previous,
            warnings=warnings,
            is_pending=campaign.approval == "required",
            going_out=not_overtaken(workspace, configuration, inputs),
        )
    return Published(campaign.id, run.run_id, run.counts, run)


def too_late(campaign: Campaign) -> ValidationFailed:
    """The error of whoever would publish after the delivery analysis."""
    return ValidationFailed(
        f"the delivery analysis of {campaign.id} was at {campaign.delivery_analysis_at.isoformat()};"
        " a file that comes after it reaches nobody",
        where=f"campaigns/{campaign.id}.yaml",
        remedy="Set a later delivery_analysis_at, or publish with an earlier --as-of.",
    )


def suites() -> tuple[Any, ...]:
    """All gates: the feeds' figures, the state, the promises of sql/checks, and the very files that are to be published."""
    from expectations import audience, feeds, state

    promises = (state.checks(steps.SQL_FOLDER / "checks"), state.checks(steps.SQL_FOLDER / "checks" / "decision", table="decision"))
    return (*feeds.SUITES, *state.SUITES, *promises, *audience.SUITES)


def parameters(configuration: Configuration, decision: Decision) -> dict[str, object]:
    """What the expectations of one run are told."""
    campaign, previous = decision.campaign, decision.inputs.previous
    return {
        "columns": [name for name in campaign.columns if name not in OWN_COLUMNS],
        "minimum_audience": campaign.minimum_audience,
        "maximum_change": campaign.maximum_change,
        "previous_audience": None if previous is None else previous.counts["audience"],
        "opt_out_reach": decision.organisation.policy.opt_out_reach,
        "may_repeat": Reason.DUPLICATE_ADDRESS not in reasons_for(configuration, campaign),
        "most_candidates": campaign.one_to_one_maximum if is_for_few(campaign) else None,
        "rests_on": [feed.id for feed in feeds_of(configuration, campaign)[0]],
    }


@dataclass
class RunReport:
    """What `run` did: the ingest, the campaigns that were published, the runs that were delivered, and every error on the way."""

    ingested: IngestReport | None = None
    published: list[Published] = field(default_factory=list)
    delivered: list[Delivered] = field(default_factory=list)
    errors: list[PresendError] = field(default_factory=list)

    @property
    def error(self) -> PresendError | None:
        """The error whose code the command exits with."""
        return min(self.errors, key=lambda error: _place(error), default=None)


def _place(error: PresendError) -> int:
    """Where the error stands in the order of codes; one that has no place there comes first."""
    return ORDER_OF_CODES.index(error.exit_code) if error.exit_code in ORDER_OF_CODES else -1


def run(
    workspace: Workspace, configuration: Configuration, as_of: datetime, progress: Progress, *, is_debugging: bool = False
) -> RunReport:
    """Ingest, build, publish every campaign whose window is open at `as_of`, and deliver, doing all that can be done.

    What was published before is delivered also where nothing could be published now. Raises UsageError for an `as_of` before the newest
    arrival.
    """
    report = RunReport()
    _publish_due(workspace, configuration, as_of, progress, report, is_debugging=is_debugging)
    for _, campaign in sorted(configuration.campaigns.items()):
        with _alone(report, campaign.id, is_debugging=is_debugging):
            delivered = deliver_due(workspace, campaign, as_of)
            if delivered is not None:
                report.delivered.append(delivered)
                report.errors += delivered.errors
    return report


@contextmanager
def _alone(report: RunReport, campaign: str, *, is_debugging: bool) -> Iterator[None]:
    """Keep what goes wrong with one campaign from the others. A bug is reported as one, and the code is 1."""
    try:
        yield
    except AnotherWriter:
        raise
    except PresendError as error:
        report.errors.append(error)
    except Exception as error:
        if is_debugging:
            raise
        place = f"campaign {campaign}"
        report.errors.append(
            refusal_of_the_system(error, where=place)
            or PresendError(f"this is a bug in presend ({type(error).__name__})", where=place, remedy=BUG_REMEDY)
        )


def _publish_due(
    workspace: Workspace, configuration: Configuration, as_of: datetime, progress: Progress, report: RunReport, *, is_debugging: bool
) -> None:
    for name in configuration.campaign_faults:
        try:
            campaign_named(configuration, name)
        except ConfigurationError as error:
            report.errors.append(error)
    due = sorted(
        (found for campaign in configuration.campaigns.values() if (found := campaign.occurrence(as_of)).is_due(as_of)),
        key=lambda found: (found.delivery_analysis_at, found.id),
    )
    if due:
        validation.prefetch()
    ingested = IngestReport(as_of)
    try:
        report.ingested = ingest(workspace, configuration, as_of, [], progress, into=ingested)
        if ingested.refused:
            report.errors.append(refusal(ingested.refused))
        ensure_built(workspace, configuration, as_of, progress)
    except PresendError as error:
        has_failed = report.ingested is None
        if has_failed and not ingested.loads and not isinstance(error, AnotherWriter | ValidationFailed):
            raise
        if has_failed and ingested.loads:
            report.ingested = ingested
            report.errors += [refusal(ingested.refused)] if ingested.refused else []
        report.errors.append(error)
        return
    for campaign in due:
        try:
            with _alone(report, campaign.id, is_debugging=is_debugging):
                report.published.append(publish(workspace, configuration, campaign.id, as_of, progress))
        except AnotherWriter as error:
            # Campaigns due together see those before them (domain §6): those behind this one wait with it.
            report.errors.append(error)
            break


def refusal(refused: list[Load]) -> PresendError:
    """The error that names the files that were refused."""
    from pipeline.errors import FeedRefused

    first = refused[0]
    more = f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
    return FeedRefused(
        f"the file was refused as a whole: {first.refusal}{more}",
        where=f"landing/{first.feed}/{first.shown_file}",
        remedy=remedy_of(first, first.feed),
    )
