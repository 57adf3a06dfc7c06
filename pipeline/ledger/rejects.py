"""Rejected rows: kept in the ledger beside the load, and written to rejected/<feed>/<file>.csv for people."""

import csv
import json
import os
from hashlib import sha256
from pathlib import Path

from pipeline import durable
from pipeline.ledger.loads import Load
from pipeline.workspace import Workspace

REJECTED = "rejected.parquet"
LONGEST_NAME = 240
LONGEST_PATH = 3800


def write_rejected(folder: Path, rejected: list[tuple[int, str, str]]) -> None:
    """Keep the rejected rows (row number, reason, the row as it came) in a load's folder; no file where there are none."""
    import polars as pl

    if rejected:
        schema = {"row_number": pl.Int64, "reason": pl.String, "row": pl.String}
        pl.DataFrame(sorted(rejected), schema=schema, orient="row").write_parquet(folder / REJECTED)


def publish_rejected(workspace: Workspace, load: Load, folder: Path) -> None:
    """Write rejected/<feed>/<file>.csv for people: row number, reason, the row as it came (JSON, so that no spreadsheet runs it)."""
    import polars as pl

    source = folder / REJECTED
    if not source.exists():
        return
    target = _target(workspace, load)
    durable.make_folder(target.parent)
    beside = target.with_name(f".{target.name}.tmp")
    with beside.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink, lineterminator="\n")
        writer.writerow(("row_number", "reason", "row"))
        for row_number, reason, row in pl.read_parquet(source).iter_rows():
            writer.writerow((row_number, reason, row if (row or "").startswith("{") else json.dumps({"row": row}, ensure_ascii=False)))
    durable.put(beside, target)


def _target(workspace: Workspace, load: Load) -> Path:
    """Where the rows go; beside it, under a name of its own, where another file's rows have taken the place: those of `foo` lie in
    foo.csv, and those of `foo.csv/bar` in a folder of that name."""
    top = workspace.inside("rejected", load.feed)
    target = top.joinpath(*(_fitting(part) for part in f"{load.file}.csv".split("/")))
    is_taken = target.is_dir() or any(folder.is_file() for folder in target.parents if folder.is_relative_to(top))
    if is_taken or len(os.fsencode(target)) > LONGEST_PATH:
        flat = load.file.replace("/", "-").encode()[: LONGEST_NAME - 20].decode(errors="ignore")
        return workspace.inside("rejected", load.feed, f"{flat}-{sha256(load.file.encode()).hexdigest()[:12]}.csv")
    return workspace.inside("rejected", load.feed, *target.relative_to(top).parts)


def _fitting(name: str) -> str:
    """A name that a folder takes, with room for what a file is called while it is written; a longer one is cut and told by its hash."""
    if len(name.encode()) <= LONGEST_NAME:
        return name
    return f"{name.encode()[: LONGEST_NAME - 20].decode(errors='ignore')}-{sha256(name.encode()).hexdigest()[:12]}.csv"
