"""What a workspace holds, as hashes to compare, and whether it is sound."""

import json
from hashlib import sha256
from pathlib import Path

import duckdb

from pipeline import outbox, publication
from pipeline.ledger import read_loads
from pipeline.workspace import Workspace


def bytes_of(folder: Path, *tops: str) -> dict[str, str]:
    """The SHA-256 of every finished file below the named top folders, by path."""
    found = {}
    for top in tops:
        for path in sorted((folder / top).rglob("*")):
            name = path.relative_to(folder)
            if path.is_file() and not any(part.startswith(".") for part in name.parts):
                found[name.as_posix()] = sha256(path.read_bytes()).hexdigest()
    return found


def tables_of(folder: Path) -> dict[str, str]:
    """The hash of every table and view that analysts see, exported sorted, by name."""
    found = {}
    with duckdb.connect(str(folder / "warehouse" / "presend.duckdb"), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        names = [
            str(name)
            for (name,) in con.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY 1").fetchall()
        ]
        for name in names:
            rows = con.execute(f'SELECT CAST(exported AS VARCHAR) FROM (SELECT * FROM "{name}") AS exported').fetchall()
            found[name] = sha256("\n".join(sorted(text for (text,) in rows)).encode()).hexdigest() + f" ({len(rows)} rows)"
    return found


def snapshot(folder: Path) -> dict[str, str]:
    """Everything that the same inputs must give again: ledger, rejects and outbox byte for byte, the warehouse by content."""
    return {
        **bytes_of(folder, "landing", "ledger", "rejected", "outbox"),
        **{f"warehouse/{name}": text for name, text in tables_of(folder).items()},
    }


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """The names by which two snapshots differ, each with what became of it."""
    return [
        f"{name}: {'missing' if name not in other else 'new' if name not in one else 'changed'}"
        for name in sorted({*one, *other})
        if one.get(name) != other.get(name)
    ]


def leftovers(folder: Path) -> list[str]:
    """What a command should have cleared away: half-written loads, warehouses and runs; the scratch folder may keep its own for a day."""
    return [str(path.relative_to(folder)) for top in ("ledger", "warehouse", "outbox", "rejected") for path in (folder / top).rglob(".*")]


def damage(folder: Path) -> list[str]:
    """What is half done or does not fit together where others read; whatever state the pipeline was stopped in, nothing is."""
    return [*_damaged_loads(folder), *_damaged_warehouse(folder), *_damaged_runs(folder)]


def _damaged_loads(folder: Path) -> list[str]:
    faults = []
    complete = {path.parent for path in folder.glob("ledger/*/*/load.json") if not path.parent.name.startswith(".")}
    faults += [
        f"{path}: a load without load.json" for path in folder.glob("ledger/*/*") if not path.name.startswith(".") and path not in complete
    ]
    with duckdb.connect() as con:
        for load in read_loads(Workspace(folder)):
            if load.rows != load.loaded + load.duplicate + load.ignored + load.rejected:
                faults.append(f"{load.load_id}: the four counts do not add up")
            for kind, rows in load.kinds.items():
                if rows and not load.is_refused:
                    file = folder / "ledger" / load.feed / load.content / f"{kind}.parquet"
                    con.execute("SELECT count(*), count(COLUMNS(*)) FROM read_parquet($file)", {"file": str(file)}).fetchall()
    return faults


def _damaged_warehouse(folder: Path) -> list[str]:
    if not (folder / "warehouse" / "presend.duckdb").exists():
        return []
    return [] if "profile" in tables_of(folder) else ["the warehouse has no profiles table"]


def _damaged_runs(folder: Path) -> list[str]:
    faults = []
    for run in (*outbox.all_runs(Workspace(folder)), *outbox.all_runs(Workspace(folder), is_pending=True)):
        faults += [f"{run.run_id}: {fault}" for fault in publication.file_faults(run)]
        if run.counts["candidates"] != run.counts["audience"] + run.counts["excluded"]:
            faults.append(f"{run.run_id}: the counts do not add up")
    for path in folder.glob("outbox/*/*/*"):
        if path.is_dir() and path.name != outbox.PENDING and not path.name.startswith(".") and not (path / outbox.MANIFEST).is_file():
            faults.append(f"{path.name}: a run without a manifest")
    for latest in folder.glob("outbox/*/*/latest.json"):
        named = json.loads(latest.read_text(encoding="utf-8"))
        if not (folder / named["path"] / outbox.MANIFEST).is_file():
            faults.append(f"{latest}: names a run that is not there")
    return faults
