"""The commands (contract §4). Each is a thin door to one function of the pipeline.

`--workspace`, `--json` and `--quiet` stand before or after the command. Every error says what, where and what to do in one or
two lines and has its exit code; a traceback is a bug (exit 1).
"""

import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.errors import ConfigurationError, PresendError, UsageError, refusal_of_the_system
from pipeline.logs import Progress
from pipeline.workspace import Workspace

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Validated, suppressed audiences.",
)

AsOf = Annotated[str | None, typer.Option("--as-of", metavar="T", help="The run's clock, e.g. 2026-11-25T07:00:00Z. Default: now.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would happen; keep nothing.")]


@dataclass
class Session:
    """The options that every command has."""

    workspace: Path
    is_json: bool
    is_quiet: bool

    @property
    def progress(self) -> Progress:
        return Progress(is_quiet=self.is_quiet or self.is_json or not sys.stderr.isatty())


_session = Session(Path(), False, False)


def _workspace() -> Workspace:
    return Workspace(_session.workspace)


def _clock(as_of: str | None) -> datetime:
    from pipeline.decision import as_utc

    return datetime.now(UTC).replace(microsecond=0) if as_of is None else as_utc(as_of)


def _configuration(campaigns: Sequence[str] | None = None) -> Any:
    from pipeline.config import load_configuration
    from pipeline.feeds import adapters

    return load_configuration(_workspace(), sources=frozenset(adapters()), campaigns=campaigns)


def _answer(document: dict[str, Any], lines: Sequence[str]) -> None:
    """The command's result: one JSON document, or lines for people."""
    if _session.is_json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
    elif not _session.is_quiet:
        for line in lines:
            typer.echo(line)


def _answer_or_fail(document: dict[str, Any], lines: Sequence[str], error: PresendError | None) -> None:
    """The result of a command that did what it could: with an error, one JSON document still, and the error's exit code."""
    if error is None or not _session.is_json:
        _answer(document, lines)
        if error is not None:
            raise error
        return
    _answer({**document, **_error_document(error)}, [])
    raise SystemExit(error.exit_code)


@app.command()
def init(
    folder: Path,
    with_sources: Annotated[list[str] | None, typer.Option("--with", metavar="SOURCE", help="Also a feed of this source.")] = None,
) -> None:
    """Make an empty workspace with commented starting files."""
    from pipeline.demo import write_empty_workspace
    from pipeline.feeds import adapters

    unknown = [name for name in with_sources or [] if name not in adapters()]
    if unknown:
        raise UsageError(f"there is no source {unknown[0]!r}", where="--with", remedy=f"Known: {', '.join(adapters())}.")
    write_empty_workspace(folder, tuple(with_sources or ()))
    _answer(
        {"workspace": str(folder)},
        [
            f"{folder} is a workspace now. Next: edit presend.yaml, then `presend --workspace {folder} check`.",
            f"What each feed's files look like is in {folder}/samples/; a copy in landing/ is loaded (in a workspace to throw away).",
        ],
    )


@app.command()
def demo(
    folder: Annotated[Path | None, typer.Argument(help="An empty or new folder; default: presend-demo")] = None,
    profiles: Annotated[int, typer.Option(min=1, max=1_000_000)] = 10_000,
    seed: int = 7,
) -> None:
    """Make a workspace of invented people and run everything on it, end to end."""
    from pipeline.demo import free_folder, results_page, write_workspace
    from pipeline.publishing import run as run_all

    now = datetime.now(UTC).replace(microsecond=0)
    target = folder if folder is not None else free_folder(Path("presend-demo"))
    write_workspace(target, profiles, seed, now)
    _session.workspace = target
    report = run_all(_workspace(), _configuration(), now, _session.progress)
    if not _session.is_json and not _session.is_quiet:
        results_page(_workspace())
    _answer_or_fail(_run_document(report), [], report.error)


@app.command()
def check() -> None:
    """Report every fault of the configuration at once, with file, line and remedy."""
    from pipeline.config import find_faults
    from pipeline.feeds import adapters

    faults = find_faults(_workspace(), sources=frozenset(adapters()))
    document = {"faults": [{"file": fault.file, "line": fault.line, "message": fault.message, "remedy": fault.remedy} for fault in faults]}
    if faults and _session.is_json:
        first = faults[0]
        _answer_or_fail(document, [], ConfigurationError(first.message, where=f"{first.file}:{first.line}", remedy=first.remedy))
    _answer(document, [str(fault) for fault in faults] or ["The configuration is valid."])
    if faults:
        raise SystemExit(ConfigurationError.exit_code)


@app.command()
def ingest(
    feeds: Annotated[list[str] | None, typer.Argument(metavar="[FEED]…")] = None, as_of: AsOf = None, dry_run: DryRun = False
) -> None:
    """Load what is new in landing/."""
    from pipeline.ledger import ingest as load
    from pipeline.publishing import refusal

    document: dict[str, Any] = {}
    would: list[str] = []
    if dry_run:
        from pipeline.rehearsal import rehearse

        rehearsal = rehearse(_workspace(), _configuration(), _clock(as_of), feeds or [], _session.progress)
        report = rehearsal.report
        document["changes"] = _changes_document(rehearsal)
        would = _changes_lines(rehearsal)
    else:
        report = load(_workspace(), _configuration(()), _clock(as_of), feeds or [], _session.progress)
    lines = [_load_line(found) for found in report.loads] + [
        f"{name}: still being written, left for the next run" for name in report.waiting
    ]
    error = refusal(report.refused) if report.refused else None
    _answer_or_fail(_ingest_document(report) | document, [*(lines or ["Nothing new."]), *would], error)


@app.command()
def build(as_of: AsOf = None) -> None:
    """Make identity and state, and swap the warehouse."""
    from pipeline import warehouse

    report = warehouse.build(_workspace(), _configuration(), _clock(as_of), _session.progress)
    _answer({"ledger_version": report.ledger_version, "as_of": report.as_of.isoformat(), "rows": report.rows},
            [f"{name:<20} {rows:>12,}" for name, rows in report.rows.items()])  # fmt: skip


@app.command()
def publish(campaign: str, as_of: AsOf = None, dry_run: DryRun = False) -> None:
    """Decide, validate and publish one campaign."""
    from pipeline.publishing import publish as publish_campaign

    done = publish_campaign(_workspace(), _configuration(), campaign, _clock(as_of), _session.progress, is_dry_run=dry_run)
    _answer(_published_document(done), _published_lines(done))


@app.command()
def run(as_of: AsOf = None) -> None:
    """Ingest, build, and publish every campaign whose window is open."""
    from pipeline.publishing import run as run_all

    report = run_all(_workspace(), _configuration(), _clock(as_of), _session.progress, is_debugging=bool(os.environ.get("PRESEND_DEBUG")))
    if not _session.is_json:
        for error in report.errors:
            if error is not report.error:
                typer.echo(f"presend: {error}", err=True)
    lines = [line for done in report.published for line in _published_lines(done)]
    _answer_or_fail(_run_document(report), lines or ["No campaign was published."], report.error)


@app.command()
def status(as_of: AsOf = None) -> None:
    """Feeds with freshness, campaigns with next start, last runs, waiting approvals."""
    from pipeline.status import status_of

    document, lines = status_of(_workspace(), _configuration(), _clock(as_of))
    _answer(document, lines)


@app.command()
def explain(
    campaign: str,
    subject: Annotated[str, typer.Argument(metavar="ADDRESS|PROFILE_ID")],
    as_of: AsOf = None,
    run_id: Annotated[str | None, typer.Option("--run", metavar="RUN_ID", help="Ask about a published run.")] = None,
) -> None:
    """Why in, why out, and what would lift it."""
    from pipeline.explain import explain as explain_subject

    if as_of is not None and run_id is not None:
        raise UsageError("--as-of and --run exclude each other", remedy="Give one of them.")
    document, lines = explain_subject(
        _workspace(), _configuration(), campaign, subject, None if as_of is None else _clock(as_of), run_id, _session.progress
    )
    _answer(document, lines)


@app.command()
def approve(run_id: str, by: Annotated[str, typer.Option("--by", metavar="NAME")], as_of: AsOf = None) -> None:
    """Release a run that waits in pending/."""
    from pipeline.publishing import approve as approve_run

    done = approve_run(_workspace(), _configuration(), run_id, by, _clock(as_of), _session.progress)
    _answer({"run_id": done.run_id, "path": str(done.path), "approved_by": by}, [f"{done.run_id} is published: {done.path}"])


@app.command()
def recheck(run_id: str, as_of: AsOf = None) -> None:
    """Who in a published audience has become excluded since: a list beside the run."""
    from pipeline.publishing import recheck as recheck_run

    done = recheck_run(_workspace(), _configuration(), run_id, _clock(as_of), _session.progress)
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
    _answer(document, [f"{done.run.run_id}: {done.count:,} withdrawn: {done.path}", *reasons, *warnings])


@app.command()
def verify(run_dir: Path) -> None:
    """Check a run's manifest against its files, and the promises against the ledger."""
    from pipeline.promises import Witness, home_of
    from pipeline.verification import verify as verify_run

    witness = Witness(home_of(run_dir, _workspace()), _session.progress)
    done = verify_run(run_dir, [witness])
    _answer(
        {"run_id": done.run_id, "verified": True, "checked": witness.checked, "unchecked": witness.unchecked},
        [
            f"{done.run_id} is as it was published.",
            *(f"checked: {what}" for what in witness.checked),
            *(f"could not be checked: {what}" for what in witness.unchecked),
        ],
    )


@app.command()
def feeds() -> None:
    """The adapters with their columns."""
    from pipeline.feeds import adapters, columns_of

    document: dict[str, Any] = {}
    lines: list[str] = []
    for name, feed in adapters().items():
        columns = columns_of(feed)
        document[name] = {"summary": feed.summary, "kinds": [str(kind) for kind in feed.kinds], "columns": columns}
        lines.append(f"{name:<22} {feed.summary}")
        lines += [f"    {column:<24} {meaning}" for column, meaning in columns.items()]
        if not columns:
            lines.append(f"    messages, read for {', '.join(feed.kinds)} rows")
    _answer({"feeds": document}, lines)


@app.command()
def rules() -> None:
    """The reasons with their meaning, and the message classes that they apply to."""
    from pipeline.vocabulary import MATRIX, MEANING, RANK

    document: list[dict[str, Any]] = [
        {
            "rank": RANK[reason],
            "reason": str(reason),
            "meaning": MEANING[reason],
            "applies_to": [str(name) for name, reasons in MATRIX.items() if reason in reasons],
        }
        for reason in RANK
    ]
    _answer(
        {"rules": document}, [f"{row['rank']:>3} {row['reason']:<24} {row['meaning']} ({', '.join(row['applies_to'])})" for row in document]
    )


def _load_line(load: Any) -> str:
    state = (
        f"REFUSED: {load.refusal}"
        if load.is_refused
        else f"{load.loaded:,} loaded, {load.duplicate:,} duplicate, {load.ignored:,} ignored, {load.rejected:,} rejected"
    )
    says = "".join(f"\n    says {count:,} × {name}" for name, count in load.says.items())
    faults = "".join(f"\n    {count:,} × {fault}" for fault, count in load.faults.items())
    unknown = "".join(f"\n    {count:,} × unknown {name}" for name, count in load.unknown.items())
    return f"{load.feed}/{load.file}: {load.rows:,} rows: {state}{says}{faults}{unknown}"


def _ingest_document(report: Any) -> dict[str, Any]:
    counts = ("rows", "loaded", "duplicate", "ignored", "rejected")
    names = ("feed", "file", "sha256", *counts, "is_refused", "refusal", "faults", "unknown", "says")
    return {
        "received_at": report.received_at.isoformat(),
        "files": [{name: getattr(load, name) for name in names} for load in report.loads],
        "waiting": report.waiting,
    }


def _published_document(done: Any) -> dict[str, Any]:
    return {
        "campaign": done.campaign,
        "run_id": done.run_id,
        "counts": dict(done.counts),
        "path": None if done.run is None else str(done.run.path),
    }


def _published_lines(done: Any) -> list[str]:
    counts = done.counts
    place = "dry run, nothing was published" if done.run is None else str(done.run.path)
    in_words = f"{counts['audience']:,} of {counts['candidates']:,} candidates in the audience, {counts['excluded']:,} excluded"
    return [f"{done.campaign}: {in_words}. {place}"]


def _run_document(report: Any) -> dict[str, Any]:
    return {
        "ingested": None if report.ingested is None else _ingest_document(report.ingested),
        "published": [_published_document(done) for done in report.published],
        "errors": [_error_document(error)["error"] for error in report.errors],
    }


def _changes_document(rehearsal: Any) -> dict[str, Any]:
    return {
        "new": [asdict(change) for change in rehearsal.new],
        "lifted": [asdict(change) for change in rehearsal.lifted],
        "reversal_candidates": [asdict(found) for found in rehearsal.reversals],
    }


def _changes_lines(rehearsal: Any) -> list[str]:
    lines: list[str] = []
    for word, changes in (("restrict", rehearsal.new), ("lift", rehearsal.lifted)):
        for change in changes:
            place = " ".join(filter(None, (change.scope, change.scope_id, f"channel {change.channel}")))
            lines.append(f"would {word} {change.count:,} × {change.kind} ({place})")
    lines += [
        f"{found.feed} no longer says {found.count:,} × {found.reason}: nothing is lifted by that, look at reversal_candidate"
        for found in rehearsal.reversals
    ]
    return lines or ["No restriction would change."]


def _error_document(error: PresendError) -> dict[str, Any]:
    return {"error": {"code": error.exit_code, "message": error.message, "where": error.where, "remedy": error.remedy}}


def _take_common_options(arguments: Sequence[str], environ: dict[str, str]) -> tuple[Session, list[str]]:
    """The options of every command, wherever they stand, and the rest of the arguments."""
    session = Session(Path(environ.get("PRESEND_WORKSPACE") or "."), False, False)
    rest: list[str] = []
    given = iter(arguments)
    for argument in given:
        if argument == "--":
            rest += ["--", *given]
        elif argument == "--json":
            session.is_json = True
        elif argument == "--quiet":
            session.is_quiet = True
        elif argument == "--workspace":
            folder = next(given, None)
            if folder is None:
                raise UsageError("--workspace needs a folder", remedy="E.g. --workspace ./kultur.")
            session.workspace = Path(folder)
        elif argument.startswith("--workspace="):
            session.workspace = Path(argument.partition("=")[2])
        else:
            rest.append(argument)
    return session, rest


def _fail(error: PresendError) -> int:
    if _session.is_json:
        typer.echo(json.dumps(_error_document(error), ensure_ascii=False))
    else:
        typer.echo(f"presend: {error}", err=True)
    return error.exit_code


def _guarded(call: Callable[[], Any]) -> int:
    try:
        call()
    except PresendError as error:
        return _fail(error)
    except typer.Exit as done:
        return int(done.exit_code)
    except (typer.TyperException, typer.Abort) as error:
        message = error.format_message() if isinstance(error, typer.TyperException) else "stopped"
        return _fail(UsageError(message, remedy="`presend --help` shows the commands, `presend COMMAND --help` their options."))
    except SystemExit as done:
        return int(done.code or 0)
    except KeyboardInterrupt:
        typer.echo("presend: stopped; nothing was left half done", err=True)
        return 130
    except Exception as error:  # noqa: BLE001 - the last line of defence: no traceback reaches a user
        return _bug(error)
    return 0


def _bug(error: Exception) -> int:
    """What the system refused, or a bug: named without its text, which may quote a row, and kept in full where a developer asks for it."""
    if os.environ.get("PRESEND_DEBUG"):
        raise error
    problem = refusal_of_the_system(error, where=str(_session.workspace)) or PresendError(
        f"this is a bug in presend ({type(error).__name__})",
        where=_place_of(error),
        remedy="Nothing was published. Set PRESEND_DEBUG=1 to see the whole error, and report it without the addresses in it.",
    )
    return _fail(problem)


def _place_of(error: Exception) -> str:
    trace = error.__traceback__
    place = ""
    while trace is not None:
        name = Path(trace.tb_frame.f_code.co_filename)
        if "pipeline" in name.parts:
            place = f"{name.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def execute(arguments: Sequence[str]) -> int:
    """Run one command; gives its exit code."""
    global _session
    try:
        _session, rest = _take_common_options(arguments, dict(os.environ))
    except UsageError as error:
        return _fail(error)
    return _guarded(lambda: app(rest, standalone_mode=False))


def invoke(arguments: Sequence[str]) -> tuple[int, str]:
    """Run one command in this process; gives its exit code and what it wrote to stdout."""
    captured = io.StringIO()
    with redirect_stdout(captured):
        code = execute(arguments)
    return code, captured.getvalue()


def main() -> None:
    """The `presend` command."""
    code = execute(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    raise SystemExit(code)
