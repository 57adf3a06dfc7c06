"""The commands that decide and publish."""

import os

import typer

from pipeline.cli.answers import (
    delivered_document,
    delivered_lines,
    published_document,
    published_lines,
    run_document,
)
from pipeline.cli.session import SESSION, AsOf, By, DryRun, answer, answer_or_fail, app, clock, configuration, error_document, workspace


@app.command()
def publish(campaign: str, as_of: AsOf = None, dry_run: DryRun = False) -> None:
    """Decide, validate and publish one campaign."""
    from pipeline.publishing import publish as publish_campaign

    done = publish_campaign(workspace(), configuration(), campaign, clock(as_of), SESSION.progress, is_dry_run=dry_run)
    answer(published_document(done), published_lines(done))


@app.command()
def run(as_of: AsOf = None) -> None:
    """Ingest, build, publish every campaign whose window is open, and deliver what `deliver_to` says."""
    from pipeline.publishing import run as run_all

    report = run_all(workspace(), configuration(), clock(as_of), SESSION.progress, is_debugging=bool(os.environ.get("PRESEND_DEBUG")))
    if not SESSION.is_json:
        for error in report.errors:
            if error is not report.error:
                typer.echo(f"presend: {error}", err=True)
    lines = [line for done in report.published for line in published_lines(done)] or ["No campaign was published."]
    lines += [line for delivered in report.delivered for line in delivered_lines(delivered)]
    answer_or_fail(run_document(report), lines, report.error)


@app.command()
def deliver(run_id: str, as_of: AsOf = None) -> None:
    """Copy a published run to where `deliver_to` says, or what is missing of it there."""
    from pipeline.delivering import deliver_run

    delivered = deliver_run(workspace(), configuration(), run_id, clock(as_of))
    for error in delivered.errors[1:] if not SESSION.is_json else ():
        typer.echo(f"presend: {error}", err=True)
    document = {**delivered_document(delivered), "errors": [error_document(error)["error"] for error in delivered.errors]}
    answer_or_fail(document, delivered_lines(delivered), next(iter(delivered.errors), None))


@app.command()
def approve(run_id: str, by: By, as_of: AsOf = None) -> None:
    """Release a run that waits in pending/."""
    from pipeline.rechecking import approve as approve_run

    done = approve_run(workspace(), configuration(), run_id, by, clock(as_of), SESSION.progress)
    approval = done.manifest["approval"] or {"by": None}  # somebody else's, or none, where the run did not wait any more
    answer({"run_id": done.run_id, "path": str(done.path), "approved_by": approval["by"]}, [f"{done.run_id} is published: {done.path}"])


@app.command()
def recheck(run_id: str, as_of: AsOf = None) -> None:
    """Who in a published audience has become excluded since: a list beside the run."""
    from pipeline.rechecking import recheck as recheck_run

    done = recheck_run(workspace(), configuration(), run_id, clock(as_of), SESSION.progress)
    document = {
        "run_id": done.run.run_id,
        "campaign": done.run.campaign,
        "as_of": done.as_of.isoformat(),
        "withdrawn": done.count,
        "by_reason": dict(done.by_reason),
        "path": str(done.path),
        "warnings": list(done.warnings),
    }
    reasons = [f"{count:>12,}  {reason}" for reason, count in done.by_reason.items()]
    warnings = [f"warning: {what}" for what in done.warnings]
    answer(document, [f"{done.run.run_id}: {done.count:,} withdrawn: {done.path}", *reasons, *warnings])
