"""The commands that load and build, and that say how things stand."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.answers import anew_lines, changes_document, changes_lines, ingest_document, load_line
from pipeline.cli.session import SESSION, AsOf, By, DryRun, answer, answer_or_fail, app, clock, configuration, workspace
from pipeline.errors import PresendError, UsageError
from pipeline.logs import masked_name

if TYPE_CHECKING:
    from pipeline.ledger import Load


@app.command()
def ingest(
    feeds: Annotated[list[str] | None, typer.Argument(metavar="[FEED]…")] = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    accept: Annotated[str | None, typer.Option(metavar="FILE", help="Say that this file is right though it shrank or is older.")] = None,
    accept_loss: Annotated[
        list[str] | None,
        typer.Option("--accept-loss", metavar="LOAD", help="A load, or a feed with all its loads, that is lost and may be missing."),
    ] = None,
    keep_former: Annotated[
        str, typer.Option("--keep-former", metavar="FEED", help="Let what cannot be read anew of the feed stay as it was read.")
    ] = "",
    redate: Annotated[bool, typer.Option("--redate", help="Receive now what arrived while the machine's clock ran ahead.")] = False,
    by: By = "",
) -> None:
    """Load what is new in landing/."""
    from pipeline.ledger import ingest as load
    from pipeline.ledger.report import IngestReport
    from pipeline.publishing import refusal

    told = _accept_losses(accept_loss, by, clock(as_of), is_dry_run=dry_run) if accept_loss else []
    if keep_former and (dry_run or not by):
        raise UsageError(
            "what stays as it was read has to be said by a person, and not for trial",
            where="--keep-former",
            remedy=f"Say who: `presend ingest --keep-former {keep_former} --by NAME`.",
        )
    if accept is not None:
        feeds = [*(feeds or []), _accepted(accept, by, as_of, dry_run=dry_run)]
    document: dict[str, Any] = {}
    would: list[str] = []
    failure: PresendError | None = None
    at = clock(as_of)
    redated = _redated(by, is_trial=dry_run) if redate else []
    if dry_run:
        from pipeline.rehearsal import rehearse

        rehearsal = rehearse(workspace(), configuration(), at, feeds or [], SESSION.progress)
        report = rehearsal.report
        document["changes"] = changes_document(rehearsal)
        would = changes_lines(rehearsal)
    else:
        report = IngestReport(at)
        try:
            load(workspace(), configuration(()), at, feeds or [], SESSION.progress, keep_former=keep_former, by=by, into=report)
        except PresendError as error:
            if not report.loads:
                raise
            failure = error
    report.loads[:0] = redated
    lines = (
        anew_lines(report)
        + [load_line(found) for found in report.loads]
        + _unheard(report.loads, at)
        + [f"{masked_name(name)}: still being written, left for the next run" for name in report.waiting]
    )
    refused = refusal(report.refused) if report.refused else None
    answer_or_fail(ingest_document(report) | document, [*told, *(lines or ["Nothing new."]), *would], failure or refused)


def _unheard(loads: "list[Load]", at: datetime) -> list[str]:
    """The columns that say a "no" by a feed's settings and that the tables loaded just now do not have any more."""
    from pipeline.attention import View, flags
    from pipeline.ledger import read_loads

    feeds = configuration(()).feeds
    concerned = [load for load in loads if load.feed in feeds and flags.missing(load, feeds[load.feed])]
    if not concerned:
        return []
    names = {load.feed for load in concerned}
    known = {load.load_id: load for load in [*read_loads(workspace()), *loads] if load.feed in names}
    view = View(workspace(), configuration(()), list(known.values()), max(at, *(load.received_at for load in concerned)))
    return [str(notice) for notice in flags.look(view) if notice.stop is not None]


def _accept_losses(names: list[str], by: str, at: datetime, *, is_dry_run: bool) -> list[str]:
    """Write down that the loads may be missing; gives a line for each."""
    from pipeline.ledger.continuity import accept_losses

    if not by:
        raise UsageError("--accept-loss needs the name of the person who says so", remedy="Add --by NAME.")
    if is_dry_run:
        raise UsageError("--accept-loss is kept, and --dry-run keeps nothing", remedy="Leave one of them out.")
    accepted = accept_losses(workspace(), configuration(()).names, names, by, at)
    return [f"may be missing, as was said: {loss.feed}/{masked_name(loss.file)}" for loss in accepted]


def _redated(by: str, *, is_trial: bool) -> "list[Load]":
    """The loads that were ahead of the clock, received now: before anything else is, since time in the ledger only goes forward."""
    from pipeline.ledger.redating import redate

    if not by or is_trial:
        told = "--redate and --dry-run exclude each other" if is_trial else "--redate needs the person who says so"
        raise UsageError(told, where="--redate", remedy="`presend ingest --redate --by NAME`.")
    return redate(workspace(), configuration(()), by, clock(None), SESSION.progress).loads


def _accepted(file: str, by: str, as_of: str | None, *, dry_run: bool) -> str:
    """Write down a person's word about a file; gives the file's feed."""
    from pipeline.ledger.acceptance import accept

    if not by:
        raise UsageError("nobody says that the file is right", remedy="Add `--by NAME`: it is written down who let it pass.")
    if dry_run:
        raise UsageError("--accept and --dry-run exclude each other", remedy="Give one of them.")
    return accept(workspace(), configuration(()), file, by, clock(as_of))


@app.command()
def build(as_of: AsOf = None) -> None:
    """Make identity and state, and swap the warehouse."""
    from pipeline import warehouse

    report = warehouse.build(workspace(), configuration(), clock(as_of), SESSION.progress)
    answer({"ledger_version": report.ledger_version, "as_of": report.as_of.isoformat(), "rows": report.rows},
            [f"{name:<20} {rows:>12,}" for name, rows in report.rows.items()])  # fmt: skip


@app.command()
def status(as_of: AsOf = None) -> None:
    """Feeds with freshness, campaigns with next start, last runs, waiting approvals."""
    from pipeline.status import status_of

    document, lines = status_of(workspace(), configuration(), clock(as_of, may_be_ahead=True))
    answer(document, lines)
