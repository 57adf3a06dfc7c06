"""The page with which `presend demo` ends: who got in, who did not and why, where the files lie, what to try next.

It reads what was published – `latest.json`, `manifest.json`, the audience and the exclusions – and nothing else.
"""

import json
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from pipeline.logs import masked
from pipeline.reasons import Reason
from pipeline.workspace import Workspace


def results_page(workspace: Workspace, console: Console | None = None) -> None:
    """Print the newest run of every campaign in the outbox; addresses are masked. Prints a hint when there is none."""
    console = console or Console()
    newest = sorted(workspace.outbox.glob("*/*/latest.json"))
    if not newest:
        console.print("No campaign has published yet: `presend run` does, `presend status` tells what waits.", markup=False)
        return
    runs = [workspace.root / json.loads(path.read_text(encoding="utf-8"))["path"] for path in newest]
    manifests = [json.loads((run / "manifest.json").read_text(encoding="utf-8")) for run in runs]
    _title(console, "Who got in, who did not, and why")
    console.print('Each is counted once under "first", the reason with the smallest rank, and under every reason in "any".', style="dim")
    _lines(console, ["# for the commands below:", f"export PRESEND_WORKSPACE={workspace.root.resolve()}"])
    for run, manifest in zip(runs, manifests, strict=True):
        _title(console, f"{manifest['campaign']}  {_what(manifest)}")
        _campaign(console, run, manifest)
    _title(console, "Where the files lie")
    _lines(console, _places(workspace, runs))
    _title(console, "What to try next")
    richest = max(manifests, key=lambda manifest: len(manifest["reasons"]))
    _lines(console, _next_steps(richest["campaign"]))


def _title(console: Console, text: str) -> None:
    console.print()
    console.print(Rule(Text(text, style="bold"), align="left"))


def _lines(console: Console, lines: list[str]) -> None:
    """Lines that are copied from the page, each as one however narrow the terminal is; comments are dim."""
    for line in lines:
        console.print(Text(line, style="dim" if line.startswith("#") else ""), soft_wrap=True)


def _what(manifest: dict[str, Any]) -> str:
    words = (manifest["organisation"], manifest["brand"], manifest["list"], manifest["channel"], manifest["message_class"])
    return "(" + ", ".join(word for word in words if word) + ")"


def _campaign(console: Console, run: Path, manifest: dict[str, Any]) -> None:
    counts = manifest["counts"]
    console.print(
        Text.assemble(
            (f"{counts['audience']:,}", "bold green"),
            " in, ",
            (f"{counts['excluded']:,}", "bold red"),
            f" out, of {counts['candidates']:,} candidates",
            f" (control addresses: {counts['seeds']:,})" if counts["seeds"] else "",
        )
    )
    reasons = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    reasons.add_column("out because", no_wrap=True)
    reasons.add_column("first", justify="right", no_wrap=True)
    reasons.add_column("any", justify="right", no_wrap=True)
    reasons.add_column("that is", style="dim")
    any_reason, first_reason = manifest["reasons"], manifest["excluded_by_reason"]
    for name in sorted(any_reason, key=lambda name: (-first_reason.get(name, 0), -any_reason[name], name)):
        reasons.add_row(name, f"{first_reason.get(name, 0):,}", f"{any_reason[name]:,}", Reason(name).spec.meaning)
    console.print(reasons)
    for profile_id, what in _examples(run, manifest):
        _lines(console, [f"# {what}", f"uv run presend explain {manifest['campaign']} {profile_id}"])


_OUT = """
    SELECT profile_id, address, reason, reached_via
    FROM read_parquet($file)
    WHERE is_primary AND coalesce(address, '') <> ''
    ORDER BY
        rank NOT BETWEEN 30 AND 34, -- an opt-out, where there is one, that came by another way than the address
        CASE reached_via WHEN 'person' THEN 0 WHEN 'mailbox' THEN 1 WHEN 'profile' THEN 2 ELSE 3 END,
        rank,
        address,
        profile_id
    LIMIT 1
"""
_IN = {
    "audience.parquet": "SELECT profile_id, address FROM read_parquet($file) WHERE NOT is_seed ORDER BY address, profile_id LIMIT 1",
    "audience.csv": """
        SELECT profile_id, address FROM read_csv($file, all_varchar = true) WHERE is_seed = 'false' ORDER BY address, profile_id LIMIT 1
    """,
}


def _examples(run: Path, manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """Two profiles worth explaining: the exclusion that is hardest to guess (it came by the person, if one did), and one who is in."""
    examples: list[tuple[str, str]] = []
    with duckdb.connect() as con:
        for profile_id, address, reason, via in con.execute(_OUT, {"file": str(run / "exclusions.parquet")}).fetchall():
            reached = f", reached via {via}" if via and via != "address" else ""
            examples.append((profile_id, f"{masked(address)} is out: {reason}{reached}"))
        published = {file["name"] for file in manifest["files"]}
        name = next(name for name in _IN if name in published)
        for profile_id, address in con.execute(_IN[name], {"file": str(run / name)}).fetchall():
            examples.append((profile_id, f"{masked(address)} is in"))
    return examples


def _places(workspace: Workspace, runs: list[Path]) -> list[str]:
    return [
        f"{workspace.root.resolve()}/",
        *(f"  {run.relative_to(workspace.root)}/  (audience, reasons, report, manifest)" for run in runs),
        "  landing/      what arrived, untouched",
        "  rejected/     rows that could not be read, with the reason",
        f"  {workspace.warehouse.relative_to(workspace.root)}  everything, for analysts",
        "  presend.yaml, feeds/, campaigns/  the settings",
    ]


def _next_steps(campaign: str) -> list[str]:
    return [
        "# why is somebody in or out, and what would change it? (examples stand under each campaign)",
        f"uv run presend explain {campaign} PROFILE_ID",
        "# the warehouse, read-only, at any time",
        'duckdb -readonly "$PRESEND_WORKSPACE/warehouse/presend.duckdb" "FROM opt_out_reasons_by_month"',
        f"# change campaigns/{campaign}.yaml, another segment say, and see how the audience changes",
        f"uv run presend publish {campaign}",
        "# feeds and their age, campaigns and their windows, the last runs",
        "uv run presend status",
    ]
