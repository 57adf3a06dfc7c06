"""The task that asks published audiences again: who of them has become excluded before the sending system fixes its recipients."""

from datetime import datetime
from typing import TYPE_CHECKING

from airflow.sdk import get_current_context

from orchestration import assets, lineage
from orchestration.notes import failing_once, say
from orchestration.progress import progress
from orchestration.wiring import clock, workspace
from pipeline.errors import AnotherWriter, PlaceNotReached, PresendError, ValidationFailed

if TYPE_CHECKING:
    from pipeline.config import Configuration
    from pipeline.outbox import Run
    from pipeline.withdrawal import Withdrawal


def recheck_runs() -> None:
    """List who has become excluded in each campaign's newest run whose delivery analysis is still ahead, as `presend recheck` does.

    Skipped where nothing has arrived since a run was published. A run that cannot be asked about stops no other; the task fails for it
    at the end. Where none failed, the event of the asset tells how many are withdrawn from which run, and where the list stands;
    latest.json names it in any case.
    """
    from airflow.sdk.exceptions import AirflowSkipException

    from pipeline.config import load_configuration
    from pipeline.feeds import sources

    place, now = workspace(), clock()
    done: list[Withdrawal] = []
    failed: list[tuple[str, PresendError]] = []
    with failing_once():
        configuration = load_configuration(place, sources=sources())
        for run in _overtaken(now):
            try:
                done.append(_rechecked(configuration, run, now))
            except PresendError as error:
                failed.append((run.run_id, error))
        if done:
            runs = {one.run.run_id: {"campaign": one.run.campaign, "withdrawn": one.count, "path": _below(one)} for one in done}
            get_current_context()["outlet_events"][assets.WITHDRAWN].extra.update({"as_of": now.isoformat(), "runs": runs})
            lineage.tell(read=[place.warehouse], written=place.outbox)
        if failed:
            raise _first(failed)
    say("\n".join(map(_words, done)) or "Nothing has arrived since a run was published.")
    if not done:
        raise AirflowSkipException("nothing has arrived since a run was published")


def _overtaken(now: datetime) -> "list[Run]":
    """Each campaign's newest run that somebody will still collect, and that rests on an older version of the ledger."""
    from pipeline import outbox
    from pipeline.ledger import read_loads, version_of

    version = version_of(read_loads(workspace()))
    return [
        run
        for run in outbox.newest_runs(workspace())
        if datetime.fromisoformat(run.manifest["delivery_analysis_at"]) > now and run.manifest["ledger_version"] != version
    ]


def _rechecked(configuration: "Configuration", run: "Run", now: datetime) -> "Withdrawal":
    """The run's list, written, and delivered wherever somebody can do something with it."""
    from orchestration.delivering import routes
    from pipeline.delivering import deliver
    from pipeline.rechecking import recheck

    done = recheck(workspace(), configuration, run.run_id, now, progress())
    for route in routes(configuration.campaigns.get(run.campaign), workspace()):
        if route.target.tells_withdrawn or not done.count:
            deliver(workspace(), route, run.organisation, run.campaign, [run], now)
    return done


def _first(failed: list[tuple[str, PresendError]]) -> PresendError:
    """What the task fails with: what a retry mends, if there is any such; else all that is wrong."""
    for _, error in failed:
        if isinstance(error, (AnotherWriter, PlaceNotReached)):
            return error
    told = "; ".join(f"{run_id} ({error.message})" for run_id, error in failed)
    return ValidationFailed(
        f"runs that could not be asked again: {told}",
        # Apart from the message, which goes into notices: a place may be a file that has landed.
        where=", ".join(error.where for _, error in failed if error.where),
        remedy=f"Nobody is withdrawn from them until this is mended: {failed[0][1].remedy}",
    )


def _words(done: "Withdrawal") -> str:
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in done.by_reason.items())
    warned = f" Not known yet: {'; '.join(done.warnings)}." if done.warnings else ""
    return f"Run {done.run.run_id} of {done.run.campaign}: {done.count:,} withdrawn{f' ({reasons})' if reasons else ''}.{warned}"


def _below(done: "Withdrawal") -> str:
    return done.path.relative_to(workspace().root).as_posix()
