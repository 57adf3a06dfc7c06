"""What an ingest would change, before it does: `presend ingest --dry-run`.

The new files are loaded beside the ledger, the state is built once from the ledger as it is and once with them, and the
two are compared. Nothing is kept.
"""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from pipeline import warehouse
from pipeline.config import Configuration
from pipeline.engines.local import quoted, scratch_folder
from pipeline.ledger import IngestReport, ingest
from pipeline.ledger.loads import read_loads
from pipeline.ledger.waivers import WAIVERS_FILE
from pipeline.ledger.wholes import CHAIN_FILE
from pipeline.logs import Progress
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Change:
    """How many restrictions of one sort would come or go: what they are, where, on which channel. Of a register it is those of its
    entries, and `channel` is empty: the register has it."""

    kind: str
    scope: str
    scope_id: str
    channel: str
    count: int


@dataclass(frozen=True)
class Reversals:
    """How many restrictions a feed's snapshot no longer says; nothing is lifted by that."""

    feed: str
    reason: str
    count: int


@dataclass(frozen=True)
class Rehearsal:
    """What would be loaded, and what that would change."""

    report: IngestReport
    new: tuple[Change, ...] = ()
    lifted: tuple[Change, ...] = ()
    reversals: tuple[Reversals, ...] = ()


def rehearse(
    workspace: Workspace, configuration: Configuration, received_at: datetime, names: Iterable[str], progress: Progress
) -> Rehearsal:
    """Ingest the feeds `names` (none: all) for trial at `received_at`. Raises what `ingest` raises."""
    with scratch_folder(workspace.scratch) as folder:
        beside = Workspace(folder)
        for load in workspace.ledger.glob("*/*/load.json"):
            link = beside.ledger / load.parent.relative_to(workspace.ledger)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(load.parent.resolve(), target_is_directory=True)
        for name in (CHAIN_FILE, WAIVERS_FILE):
            if (workspace.ledger / name).is_file():
                shutil.copy2(workspace.ledger / name, beside.ledger / name)
        report = ingest(workspace, configuration, received_at, names, progress, kept_in=beside)
        if not any(load.loaded for load in (*report.loads, *report.anew.loads) if not load.is_refused):
            return Rehearsal(report)
        before, after = folder / "before.duckdb", folder / "after.duckdb"
        warehouse.build_from(workspace, configuration, read_loads(workspace), before, received_at, progress)
        warehouse.build_from(beside, configuration, read_loads(beside), after, received_at, progress)
        return _compared(report, before, after)


def _compared(report: IngestReport, before: Path, after: Path) -> Rehearsal:
    with duckdb.connect() as con:
        con.execute(f"ATTACH {quoted(before)} AS was (READ_ONLY)")
        con.execute(f"ATTACH {quoted(after)} AS becomes (READ_ONLY)")
        reversals = con.execute(
            """SELECT feed, reason, count(*)
            FROM (SELECT * EXCLUDE (last_said_at) FROM becomes.reversal_candidate
                EXCEPT SELECT * EXCLUDE (last_said_at) FROM was.reversal_candidate)
            GROUP BY ALL ORDER BY ALL"""
        ).fetchall()
        return Rehearsal(
            report, _only_in(con, "becomes", "was"), _only_in(con, "was", "becomes"), tuple(Reversals(*row) for row in reversals)
        )


def _only_in(con: duckdb.DuckDBPyConnection, one: str, other: str) -> tuple[Change, ...]:
    """The restrictions that stand in one warehouse and not in the other, counted by what they are."""

    def told(warehouse: str) -> str:
        return f"""SELECT DISTINCT subject, kind, coalesce(scope, '') AS scope, coalesce(scope_id, '') AS scope_id, channel
            FROM {warehouse}.suppression
            UNION ALL SELECT DISTINCT value, 'registered', 'register', register, '' FROM {warehouse}.register_entry"""

    rows = con.execute(
        f"""SELECT kind, scope, scope_id, channel, count(*)
        FROM (FROM ({told(one)}) EXCEPT FROM ({told(other)}))
        GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    return tuple(Change(*row) for row in rows)
