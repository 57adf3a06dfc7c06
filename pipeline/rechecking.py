"""A run that is there is decided again: before a person releases it, and after it was published.

Both ask the campaign as the run was decided, and as its file is by now: whoever is out by either is out. A file that is used again for
another list must not free those whom the run would mail against their will, and a correction of it counts.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline import clock, outbox, publication, validation
from pipeline.attention import View, notices, require_ready, require_whole
from pipeline.config import Campaign, Configuration
from pipeline.decision import Decision, Inputs, decided, inputs_of, not_overtaken, planned_runs
from pipeline.errors import ConfigurationError, NotFound, Overtaken, UsageError, ValidationFailed, WaitingForApproval
from pipeline.feeds import sources
from pipeline.freshness import feeds_of, problems
from pipeline.kept_configuration import campaign_as_decided
from pipeline.ledger import read_loads, redating
from pipeline.ledger.loads import Load
from pipeline.logs import Progress
from pipeline.outbox import Run
from pipeline.publishing import campaign_named, ensure_built, parameters, suites
from pipeline.withdrawal import Withdrawal, asked_again, write_list
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Question:
    """A campaign to ask about, with the configuration that it stands in."""

    configuration: Configuration
    campaign: Campaign


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
        while True:
            inputs = inputs_of(workspace, configuration, campaign, as_of, version)
            withdrawn = _excluded_by_now(workspace, Question(configuration, campaign), waiting, as_of, version, progress)
            if withdrawn:
                with decided(workspace, configuration, inputs, progress) as decision:
                    _let_wait(workspace, configuration, decision, inputs, warnings)
                raise ValidationFailed(
                    f"{withdrawn:,} in the audience of run {run_id} are excluded by now; a new run {inputs.run_id} waits in its place",
                    where=str(waiting.path.relative_to(workspace.root)),
                    remedy=f"`presend approve {inputs.run_id} --by NAME` releases the new one.",
                )
            with suppress(Overtaken), not_overtaken(workspace, configuration, inputs):
                return publication.approve(workspace, run_id, by=by, at=as_of)


def _excluded_by_now(workspace: Workspace, today: Question, waiting: Run, as_of: datetime, version: str, progress: Progress) -> int:
    """How many in the audience of the waiting run are excluded, by its campaign as it was decided or as it is."""
    most = 0
    for question in (*_as_decided(workspace, today.configuration, waiting), today):
        inputs = inputs_of(workspace, question.configuration, question.campaign, as_of, version)
        with asked_again(workspace, question.configuration, inputs, waiting, progress) as (_, by_reason):
            most = max(most, sum(by_reason.values()))
    return most


def recheck(workspace: Workspace, configuration: Configuration, run_id: str, as_of: datetime, progress: Progress) -> Withdrawal:
    """List who in a published run's audience is excluded at `as_of`, by the ledger as it is; the run stays as it is.

    What would stop a publication is a warning: what is known already withdraws. Raises NotFound; WaitingForApproval for a run that nobody
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
    questions, warnings = _questions(workspace, configuration, run)
    publication.check_files(run)
    require_whole(workspace, configuration, read_loads(workspace), as_of)
    loads, version = ensure_built(workspace, configuration, as_of, progress)
    campaign = questions[-1].campaign
    resting, others = feeds_of(questions[-1].configuration, campaign)
    warnings += problems(configuration, (*resting, *others), loads, as_of)
    noticed = notices(View(workspace, configuration, loads, as_of))
    warnings += [str(notice) for notice in noticed if notice.stop is not None and notice.concerns(campaign)]
    with workspace.lock(f"outbox.{run.organisation}.{run.campaign}"):
        asked = [(question.configuration, _inputs(workspace, question, run, as_of, version)) for question in questions]
        return write_list(workspace, asked, run, warnings, progress)


def _inputs(workspace: Workspace, question: Question, run: Run, as_of: datetime, version: str) -> Inputs:
    """Who was published after the run gave way to it."""
    planned = tuple(planned_runs(workspace, question.configuration, question.campaign, run.as_of))
    return replace(inputs_of(workspace, question.configuration, question.campaign, as_of, version), planned=planned)


def _as_decided(workspace: Workspace, configuration: Configuration, run: Run) -> list[Question]:
    """The campaign as the run was decided, where its file says otherwise by now."""
    found = campaign_as_decided(workspace, configuration, run, sources())
    return [] if found is None else [Question(found[0], found[1].occurrence(run.as_of))]


def _questions(workspace: Workspace, configuration: Configuration, run: Run) -> tuple[list[Question], list[str]]:
    """What to ask of a published run, and the warning where only one of the two campaigns can be asked. Raises where neither can."""
    questions: list[Question] = []
    errors: list[ConfigurationError | NotFound] = []
    try:
        questions += _as_decided(workspace, configuration, run)
    except ConfigurationError as error:
        errors.append(error)
    try:
        questions.append(Question(configuration, campaign_named(configuration, run.campaign).occurrence(run.as_of)))
    except (ConfigurationError, NotFound) as error:
        errors.append(error)
    if not questions:
        raise errors[-1]
    return questions, [str(error) for error in errors]


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
