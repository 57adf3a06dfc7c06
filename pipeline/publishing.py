"""From a campaign's name to a published run: freshness → decide → validate → publish, in this order, or not at all."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pipeline import built, clock, order, outbox, publication, steps, validation, warehouse
from pipeline.attention import require_ready, require_whole
from pipeline.config import Campaign, Configuration, ConfiguredCampaign
from pipeline.decision import Decision, Inputs, decided, inputs_of, is_for_few, planned_runs, reasons_for
from pipeline.errors import (
    AnotherWriter,
    ConfigurationError,
    NotFound,
    PresendError,
    UsageError,
    ValidationFailed,
    WaitingForApproval,
    refusal_of_the_system,
)
from pipeline.freshness import feeds_of, problems, remedy_of
from pipeline.keys import remember
from pipeline.ledger import IngestReport, ingest, intact, read_loads, redating
from pipeline.ledger.continuity import adopt
from pipeline.ledger.loads import Load, version_of
from pipeline.logs import Progress
from pipeline.manifest import OWN_COLUMNS
from pipeline.outbox import Run
from pipeline.reasons import Reason
from pipeline.withdrawal import Withdrawal, asked_again, write_list
from pipeline.workspace import Workspace

ORDER_OF_CODES = (1, 10, 15, 11, 12, 13, 14)
"""`run` does all it can and exits with the first of these that occurred (contract §4)."""

BUG_REMEDY = "Nothing was published. Set PRESEND_DEBUG=1 to see the whole error, and report it without the addresses in it."


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
            )
    if run.is_pending:
        raise WaitingForApproval(
            f"run {run.run_id} of {campaign.id} is complete and waits for approval",
            where=str(run.path.relative_to(workspace.root)),
            remedy=f"Look at its report.html, then `presend approve {run.run_id} --by NAME`.",
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


def approve(workspace: Workspace, configuration: Configuration, run_id: str, by: str, as_of: datetime, progress: Progress) -> Run:
    """Release a waiting run, after deciding again at `as_of` over the whole present ledger. Raises NotFound; UsageError for a moment
    before the run or the newest arrival; ValidationFailed when somebody in its audience is excluded by now (a new run waits then)."""
    waiting = outbox.find_run(workspace, run_id)
    if not waiting.is_pending:
        return waiting
    _require_present(waiting, read_loads(workspace), as_of)
    campaign = campaign_named(configuration, waiting.campaign).occurrence(waiting.as_of)  # not the next one after that
    if as_of >= campaign.delivery_analysis_at:
        raise ValidationFailed(
            f"the delivery analysis of {campaign.id} was at {campaign.delivery_analysis_at.isoformat()}; the run comes too late",
            where=run_id,
            remedy="Set a later delivery_analysis_at and publish again.",
        )
    loads = read_loads(workspace)
    warnings = require_ready(workspace, configuration, campaign, loads, as_of)
    loads, version = ensure_built(workspace, configuration, as_of, progress)
    _require_present(waiting, loads, as_of)  # what arrived meanwhile counts
    with workspace.lock(f"outbox.{campaign.organisation}.{campaign.id}"):
        inputs = inputs_of(workspace, configuration, campaign, as_of, version)
        with asked_again(workspace, configuration, inputs, waiting, progress) as (_, by_reason):
            withdrawn = sum(by_reason.values())
        if withdrawn:
            with decided(workspace, configuration, inputs, progress) as decision:
                _let_wait(workspace, configuration, decision, inputs, warnings)
            raise ValidationFailed(
                f"{withdrawn:,} in the audience of run {run_id} are excluded by now; a new run {inputs.run_id} waits in its place",
                where=str(waiting.path.relative_to(workspace.root)),
                remedy=f"`presend approve {inputs.run_id} --by NAME` releases the new one.",
            )
        return publication.approve(workspace, run_id, by=by, at=as_of)


def recheck(workspace: Workspace, configuration: Configuration, run_id: str, as_of: datetime, progress: Progress) -> Withdrawal:
    """List who in a published run's audience is excluded at `as_of`, by the ledger as it is; the run stays as it is.

    Feeds that are not fresh are warnings: what is known already withdraws. Raises NotFound; WaitingForApproval for a run that nobody
    has yet; UsageError for an instant before the run or the newest arrival; ConfigurationError, AnotherWriter; ValidationFailed for a
    changed run.
    """
    run = outbox.find_run(workspace, run_id)
    if run.is_pending:
        raise WaitingForApproval(
            f"run {run_id} waits for approval: nobody has its audience yet",
            where=str(run.path.relative_to(workspace.root)),
            remedy=f"`presend approve {run_id} --by NAME` decides again before it releases.",
        )
    _require_present(run, read_loads(workspace), as_of)
    campaign = campaign_named(configuration, run.campaign).occurrence(run.as_of)
    publication.check_files(run)
    require_whole(workspace, configuration, read_loads(workspace), as_of)
    loads, version = ensure_built(workspace, configuration, as_of, progress)
    resting, others = feeds_of(configuration, campaign)
    warnings = problems(configuration, (*resting, *others), loads, as_of)
    with workspace.lock(f"outbox.{campaign.organisation}.{campaign.id}"):
        # Who was published after the run gave way to it.
        planned = tuple(planned_runs(workspace, configuration, campaign, run.as_of))
        inputs = replace(inputs_of(workspace, configuration, campaign, as_of, version), planned=planned)
        return write_list(workspace, configuration, inputs, run, warnings, progress)


def _require_present(run: Run, loads: list[Load], as_of: datetime) -> None:
    """Raise UsageError for a moment at which the run, or something that the ledger knows by now, had not come: a person's yes and the
    list of who is withdrawn are about the present (domain §8 "Clocks")."""
    newest = max((load.received_at for load in loads), default=run.as_of)
    for moment, what in ((run.as_of, "the run's own moment"), (newest, "the newest arrival")):
        if as_of < moment:
            raise UsageError(
                f"{outbox.instant_text(as_of)} is before {what} ({outbox.instant_text(moment)})",
                where=run.run_id,
                remedy=redating.REMEDY if clock.is_ahead(moment) else "Leave --as-of out, or name a later moment.",
            )


def _let_wait(workspace: Workspace, configuration: Configuration, decision: Decision, inputs: Inputs, warnings: list[str]) -> None:
    with publication.stage(workspace, decision) as staged:
        outcomes = validation.validate(decision.con, suites(), parameters(configuration, decision), inputs.campaign.id)
        publication.finish(staged, outcomes, configuration=configuration, previous=inputs.previous, warnings=warnings, is_pending=True)


@dataclass
class RunReport:
    """What `run` did: the ingest, the campaigns that were published, and every error on the way."""

    ingested: IngestReport | None
    published: list[Published]
    errors: list[PresendError]

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
    """Ingest, build, and publish every campaign whose window is open at `as_of`, doing all that can be done.

    Raises UsageError for an `as_of` before the newest arrival.
    """
    report = RunReport(None, [], [])
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
        return report
    for campaign in due:
        try:
            report.published.append(publish(workspace, configuration, campaign.id, as_of, progress))
        except AnotherWriter as error:
            # Campaigns due together see those before them (domain §6): those behind this one wait with it.
            report.errors.append(error)
            break
        except PresendError as error:
            report.errors.append(error)
        except Exception as error:
            # A bug in one campaign must not keep the others from going out; it is reported as one, and the code is 1.
            if is_debugging:
                raise
            place = f"campaign {campaign.id}"
            report.errors.append(
                refusal_of_the_system(error, where=place)
                or PresendError(f"this is a bug in presend ({type(error).__name__})", where=place, remedy=BUG_REMEDY)
            )
    return report


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
