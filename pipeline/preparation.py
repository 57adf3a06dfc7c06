"""Publishing one campaign in steps that somebody can watch: decide, judge, publish (decision 0012).

    run = prepare(workspace, configuration, campaign, as_of, progress)    # complete, but where no collector looks
    judge(run)                                                            # what the gate found; or ValidationFailed
    run = release(workspace, configuration, campaign, as_of, progress)    # published, or waiting for a person

Every step may be repeated, at any time: it first makes sure of the steps before it, and what still stands is not done again. So
`release` publishes only what is fresh, decided over the ledger as it is, and valid at that very moment.
"""

import os
from dataclasses import replace
from datetime import datetime

from pipeline import order, outbox, publication, validation
from pipeline.attention import require_ready
from pipeline.config import Campaign, Configuration
from pipeline.decision import Inputs, decided, inputs_of, planned_runs
from pipeline.errors import NotFound
from pipeline.keys import remember
from pipeline.ledger import read_loads
from pipeline.logs import Progress
from pipeline.manifest import software_versions
from pipeline.outbox import Run
from pipeline.publishing import ensure_built, parameters, suites, too_late
from pipeline.validation import Outcome
from pipeline.workspace import Workspace


def prepare(workspace: Workspace, configuration: Configuration, campaign: Campaign, as_of: datetime, progress: Progress) -> Run:
    """The campaign's run as things stand at `as_of`: staged now, or an earlier one – staged, waiting or published – that still stands.

    A staged run holds what the gate found, good or bad: `judge` it. After the delivery analysis it is the run that was published
    for it. Raises FeedRefused, FeedNotFresh, AnotherWriter, and ValidationFailed after a delivery analysis without a run.
    """
    with workspace.lock(f"outbox.{campaign.organisation}.{campaign.id}"):
        return _prepared(workspace, configuration, campaign, as_of, progress)


def judge(run: Run) -> None:
    """Raise ValidationFailed when the run's gate said no, with every critical expectation that failed, or a file of it was changed."""
    validation.require([Outcome(**found) for found in run.manifest["validation"]], run.campaign)
    publication.check_files(run)


def release(workspace: Workspace, configuration: Configuration, campaign: Campaign, as_of: datetime, progress: Progress) -> Run:
    """Publish the campaign's run, or let it wait for a person where the campaign asks for one; one that was released stays as it is.

    Raises what `prepare` and `judge` raise; after any of it nothing was published.
    """
    with workspace.lock(f"outbox.{campaign.organisation}.{campaign.id}"):
        while True:
            run = _prepared(workspace, configuration, campaign, as_of, progress)
            judge(run)
            if not run.is_staged:
                break
            with workspace.lock("outbox"):
                if _is_of_now(workspace, configuration, campaign, run, as_of):
                    return publication.move(workspace, run, is_pending=campaign.approval == "required")
        if not run.is_pending:  # who published it may have been killed before latest.json named it
            publication.already_published(workspace, run.organisation, run.campaign, run.run_id)
        return run


def refuse(workspace: Workspace, run_id: str) -> None:
    """Take a waiting run away, so that nobody releases it later. Raises NotFound for a run that does not wait (any more)."""
    run = outbox.find_run(workspace, run_id)
    if not run.is_pending:
        raise NotFound("the run does not wait", where=run_id, remedy="It is published: `presend recheck` names who dropped out since.")
    with workspace.lock(f"outbox.{run.organisation}.{run.campaign}"):
        publication.discard(run)


def runs_for(workspace: Workspace, campaign: Campaign, *, is_pending: bool = False) -> list[Run]:
    """The runs that were published for (or wait for) this very delivery analysis, oldest first."""
    runs = outbox.runs_of(workspace, campaign.organisation, campaign.id, is_pending=is_pending)
    return [run for run in runs if is_for(run, campaign)]


def _prepared(workspace: Workspace, configuration: Configuration, campaign: Campaign, as_of: datetime, progress: Progress) -> Run:
    published = runs_for(workspace, campaign)
    if as_of >= campaign.delivery_analysis_at:
        if published:
            return published[-1]
        raise too_late(campaign)
    require_ready(workspace, configuration, campaign, read_loads(workspace), as_of)  # before the build, which takes its time
    loads, version = ensure_built(workspace, configuration, as_of, progress)
    warnings = require_ready(workspace, configuration, campaign, loads, as_of)
    warnings += order.warnings(workspace, configuration, campaign, as_of)
    inputs = inputs_of(workspace, configuration, campaign, as_of, version)
    newest_arrival = max((load.received_at for load in loads), default=as_of)
    staged = [run for run in outbox.staged_runs(workspace, campaign.organisation, campaign.id) if is_for(run, campaign)]
    for run in (*reversed(published), *reversed(runs_for(workspace, campaign, is_pending=True)), *staged):
        seen = inputs
        if not (run.is_pending or run.is_staged):  # it is published: whoever came later gives way to it
            seen = replace(inputs, planned=tuple(planned_runs(workspace, configuration, campaign, run.as_of)))
        if run.run_id == inputs.run_id or _still_stands(run, seen, newest_arrival):
            return run
    for run in outbox.staged_runs(workspace, campaign.organisation, campaign.id):
        publication.discard(run)
    validation.prefetch()
    with decided(workspace, configuration, inputs, progress) as decision, publication.stage(workspace, decision) as files:
        with progress.step("validate"):
            outcomes = validation.evaluate(decision.con, suites(), parameters(configuration, decision))
        if campaign.needs_key:
            remember(workspace, as_of, os.environ)
        return publication.finish(files, outcomes, configuration=configuration, previous=inputs.previous, warnings=warnings, is_staged=True)


def _is_of_now(workspace: Workspace, configuration: Configuration, campaign: Campaign, run: Run, as_of: datetime) -> bool:
    """Whether nothing that the run would have read was published since it was staged."""
    inputs = inputs_of(workspace, configuration, campaign, as_of, str(run.manifest["ledger_version"]))
    return run.run_id == inputs.run_id or _still_stands(run, inputs, run.as_of)


def _still_stands(run: Run, inputs: Inputs, newest_arrival: datetime) -> bool:
    """Whether the run was made, at an earlier instant, of all that would be read now.

    Then deciding again could exclude nobody more: every event in the ledger had happened by then, and time alone only frees.
    """
    manifest = run.manifest
    own = manifest["previous_run"]  # what it was compared with; now that would be the run itself
    reads = {found.run_id for found in inputs.reads} | ({own["run_id"]} if own else set())
    return (
        newest_arrival <= run.as_of <= inputs.as_of
        and manifest["ledger_version"] == inputs.ledger_version
        and manifest["config_sha256"] == inputs.config_sha256
        and set(manifest["reads"]) == reads
        and manifest["software"] == software_versions()
    )


def is_for(run: Run, campaign: Campaign) -> bool:
    """Whether the run is one of the campaign for its delivery analysis."""
    is_its_own = (run.organisation, run.campaign) == (campaign.organisation, campaign.id)
    return is_its_own and datetime.fromisoformat(run.manifest["delivery_analysis_at"]) == campaign.delivery_analysis_at
