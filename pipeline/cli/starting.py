"""The commands before the first run: make a workspace, look at its configuration, list feeds and rules."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.answers import load_line, run_document
from pipeline.cli.session import SESSION, answer, answer_or_fail, app, clock, configuration, workspace
from pipeline.errors import ConfigurationError, UsageError

if TYPE_CHECKING:
    from pipeline.attention import Notice


@app.command()
def init(
    folder: Annotated[Path | None, typer.Argument(help="An empty or new folder; with --from also a workspace, or none.")] = None,
    with_sources: Annotated[list[str] | None, typer.Option("--with", metavar="SOURCE", help="Also a feed of this source.")] = None,
    from_file: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Propose the feed of this file: every column placed, or named as unplaced."),
    ] = None,
) -> None:
    """Make an empty workspace with commented starting files, or propose the feed of a file."""
    from pipeline.demo import write_empty_workspace
    from pipeline.feeds import adapters

    unknown = [name for name in with_sources or [] if name not in adapters()]
    if unknown:
        raise UsageError(f"there is no source {unknown[0]!r}", where="--with", remedy=f"Known: {', '.join(adapters())}.")
    if from_file is not None:
        _propose(folder, from_file, with_sources or [])
        return
    if folder is None:
        raise UsageError("the folder is missing", where="init", remedy="Name the folder that becomes a workspace: `presend init DIR`.")
    write_empty_workspace(folder, tuple(with_sources or ()))
    answer(
        {"workspace": str(folder)},
        [
            f"{folder} is a workspace now. Next: edit presend.yaml, then `presend --workspace {folder} check`.",
            f"What each feed's files look like is in {folder}/samples/; a copy in landing/ is loaded (in a workspace to throw away).",
        ],
    )


def _propose(folder: Path | None, file: Path, sources: list[str]) -> None:
    """Show the YAML of a feed for the file, and write it into the workspace that was named."""
    from tempfile import TemporaryDirectory

    from pipeline.config import load_configuration
    from pipeline.demo import write_empty_workspace
    from pipeline.demo.starting import feed_id
    from pipeline.proposal import propose
    from pipeline.workspace import Workspace

    if len(sources) > 1:
        raise UsageError("a file is read by one source", where="--with", remedy="Name one, or none.")
    home = Workspace(folder) if folder is not None else workspace()
    is_workspace = home.settings_file.is_file()
    organisations = list(load_configuration(home, campaigns=(), feeds=()).organisations) if is_workspace else ["organisation"]
    with TemporaryDirectory(prefix="presend-") as scratch:
        found = propose(file, Workspace(Path(scratch)), organisations[0], sources[0] if sources else None)
    written = None
    if folder is not None:
        if not is_workspace:
            write_empty_workspace(folder, (found.source,))
        name = found.feed if is_workspace else feed_id(found.source)
        target = home.inside("feeds", f"{name}.yaml")
        if is_workspace and target.exists():
            raise UsageError("there is a feed of that name already", where=f"feeds/{target.name}", remedy="Leave the folder out to see it.")
        target.write_text(found.yaml, encoding="utf-8")
        (home.landing / name).mkdir(parents=True, exist_ok=True)
        written = f"feeds/{target.name}"
    document = {name: value for name, value in asdict(found).items() if name != "columns"}
    answer(document | {"columns": {each.column: each.place for each in found.columns}, "written": written}, found.yaml.splitlines())


@app.command()
def demo(
    folder: Annotated[Path | None, typer.Argument(help="An empty or new folder; default: presend-demo")] = None,
    profiles: Annotated[int, typer.Option(min=1, max=1_000_000)] = 10_000,
    seed: int = 7,
) -> None:
    """Make a workspace of invented people and run everything on it, end to end."""
    from pipeline.demo import free_folder, results_page, write_workspace
    from pipeline.publishing import run as run_all

    now = clock(None)
    target = folder if folder is not None else free_folder(Path("presend-demo"))
    write_workspace(target, profiles, seed, now)
    SESSION.workspace = target
    report = run_all(workspace(), configuration(), now, SESSION.progress)
    if not SESSION.is_json and not SESSION.is_quiet:
        results_page(workspace())
    answer_or_fail(run_document(report), [], report.error)


@app.command()
def check(
    feed: Annotated[str | None, typer.Argument(help="With FILE: show what its first rows would become under this feed's settings.")] = None,
    file: Annotated[Path | None, typer.Argument(help="Any file; nothing of it is kept.")] = None,
) -> None:
    """Report every fault of the configuration at once, with file, line and remedy; or show what a file would become."""
    from pipeline.config import find_faults
    from pipeline.decision import list_faults
    from pipeline.feeds import sources

    if feed is not None:
        _show_sample(feed, file)
        return
    faults = find_faults(workspace(), sources=sources())
    if not faults:
        read = configuration()
        faults = list_faults(workspace(), read, read.campaigns.values())
    document = {"faults": [{"file": fault.file, "line": fault.line, "message": fault.message, "remedy": fault.remedy} for fault in faults]}
    if faults and SESSION.is_json:
        first = faults[0]
        answer_or_fail(document, [], ConfigurationError(first.message, where=f"{first.file}:{first.line}", remedy=first.remedy))
    lines = [str(fault) for fault in faults] or ["The configuration is valid."]
    if not faults:
        found = _notices()
        document["notices"] = [asdict(notice) | {"stop": notice.stop and notice.stop.exit_code} for notice in found]
        lines += [str(notice) for notice in found]
    answer(document, lines)
    if faults:
        raise SystemExit(ConfigurationError.exit_code)


def _show_sample(feed: str, file: Path | None) -> None:
    """What the first rows of a file would become, masked, and what would become of all of it."""
    from pipeline.sampling import sample

    if file is None:
        raise UsageError("the file is missing", where="check", remedy=f"Name the file to look at: `presend check {feed} FILE`.")
    found = sample(workspace(), configuration(()), feed, file, clock(None), SESSION.progress)
    counts = ("rows", "loaded", "duplicate", "ignored", "rejected", "is_refused", "refusal", "faults", "unknown", "says")
    lines = [
        line for row in found.rows for line in (f"row {row['row']}:", *(f"    {name:<16} {row[name]}" for name in row if name != "row"))
    ]
    document = {
        "feed": feed,
        **{name: getattr(found.load, name) for name in counts},
        "flags": [asdict(each) for each in found.load.flags or ()],
    }
    answer(document | {"sample": list(found.rows)}, [*lines, load_line(found.load)])


def _notices() -> "list[Notice]":
    """What the ledger and the configuration, each valid, do not have in common."""
    from pipeline.attention import View, notices
    from pipeline.ledger import read_loads

    return notices(View(workspace(), configuration(), read_loads(workspace()), clock(None)))


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
    answer({"feeds": document}, lines)


@app.command()
def rules() -> None:
    """The reasons with their meaning, and the message classes that they apply to."""
    from pipeline.reasons import MATRIX, Reason

    document: list[dict[str, Any]] = [
        {
            "rank": reason.spec.rank,
            "reason": str(reason),
            "meaning": reason.spec.meaning,
            "applies_to": [str(name) for name, reasons in MATRIX.items() if reason in reasons],
        }
        for reason in Reason
    ]
    answer(
        {"rules": document}, [f"{row['rank']:>3} {row['reason']:<24} {row['meaning']} ({', '.join(row['applies_to'])})" for row in document]
    )
