"""The page with which `presend demo` ends: who got in, who did not and why, where the files lie, what to try next.

It reads what was published – `latest.json`, `manifest.json`, `exclusions.parquet` – and nothing else.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pipeline.logs import masked
from pipeline.vocabulary import MEANING, Reason
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Example:
    """One profile worth explaining."""

    campaign: str
    profile_id: str
    address: str
    what: str


def results_page(workspace: Workspace, console: Console | None = None) -> None:
    """Print the newest run of every campaign in the outbox; addresses are masked. Prints a hint when there is none."""
    console = console or Console()
    newest = sorted(workspace.outbox.glob("*/*/latest.json"))
    if not newest:
        console.print("No campaign has published yet: run [bold]presend run[/bold], or see [bold]presend status[/bold].")
        return
    runs = [workspace.root / json.loads(path.read_text(encoding="utf-8"))["path"] for path in newest]
    examples: list[Example] = []
    for run in runs:
        manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
        console.print(_campaign(manifest))
        examples += _examples(run, manifest["campaign"])
    console.print(_places(workspace, runs))
    console.print(_next_steps(workspace, examples))


def _campaign(manifest: dict[str, Any]) -> Panel:
    counts = manifest["counts"]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("excluded because", no_wrap=True)
    table.add_column("first reason", justify="right")
    table.add_column("any reason", justify="right")
    table.add_column("meaning", style="dim")
    reasons, primary = manifest["reasons"], manifest["excluded_by_reason"]
    for name in sorted(reasons, key=lambda name: (-primary.get(name, 0), name)):
        table.add_row(name, f"{primary.get(name, 0):,}", f"{reasons[name]:,}", MEANING[Reason(name)])
    summary = Text.assemble(
        (f"{counts['audience']:,}", "bold green"),
        " get it, ",
        (f"{counts['excluded']:,}", "bold red"),
        f" do not, of {counts['candidates']:,} candidates",
        f" (and {counts['seeds']:,} control addresses)\n" if counts["seeds"] else "\n",
    )
    page = Table.grid()
    page.add_row(summary)
    page.add_row(table)
    return Panel(page, title=f"[bold]{manifest['campaign']}[/bold]  {manifest['run_id']}", title_align="left", padding=(1, 2))


_MOST_TELLING = """
    SELECT profile_id, address, reason, reached_via
    FROM read_parquet($file)
    WHERE is_primary AND coalesce(address, '') <> ''
    ORDER BY CASE reached_via WHEN 'person' THEN 0 WHEN 'mailbox' THEN 1 ELSE 2 END, rank DESC, address, profile_id
    LIMIT 1
"""


def _examples(run: Path, campaign: str) -> list[Example]:
    """The exclusion that is hardest to guess: one that came by the person or the mailbox, if there is one."""
    with duckdb.connect() as con:
        rows = con.execute(_MOST_TELLING, {"file": str(run / "exclusions.parquet")}).fetchall()
    return [
        Example(campaign, profile_id, masked(address), f"{reason}" + (f", reached via {via}" if via else ""))
        for profile_id, address, reason, via in rows
    ]


def _places(workspace: Workspace, runs: list[Path]) -> Panel:
    table = Table.grid(padding=(0, 2))
    for run in runs:
        table.add_row("audience, reasons, report", str(run.relative_to(workspace.root)) + "/")
    table.add_row("what arrived, untouched", "landing/")
    table.add_row("rows that could not be read", "rejected/")
    table.add_row("everything, for analysts", str(workspace.warehouse.relative_to(workspace.root)))
    table.add_row("settings", "presend.yaml, feeds/, campaigns/")
    return Panel(table, title=f"[bold]Where the files lie[/bold]  {workspace.root}", title_align="left", padding=(1, 2))


def _next_steps(workspace: Workspace, examples: list[Example]) -> Panel:
    lines = Table.grid(padding=(0, 2))
    lines.add_row(f"export PRESEND_WORKSPACE={workspace.root.resolve()}", "")
    for example in examples[:2]:
        lines.add_row(
            f"uv run presend explain {example.campaign} {example.profile_id}", f"[dim]# {example.address} is out: {example.what}[/dim]"
        )
    lines.add_row("uv run presend status", "[dim]# feeds and how old they are, campaigns and their windows[/dim]")
    lines.add_row("duckdb -readonly $PRESEND_WORKSPACE/warehouse/presend.duckdb", "[dim]# then: SHOW TABLES;[/dim]")
    lines.add_row("edit $PRESEND_WORKSPACE/campaigns/galerie-winter.yaml", "[dim]# another segment, say[/dim]")
    lines.add_row("uv run presend publish galerie-winter", "[dim]# and see how its audience changes[/dim]")
    return Panel(lines, title="[bold]What to try next[/bold]", title_align="left", padding=(1, 2))
