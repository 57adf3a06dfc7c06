"""What the first rows of a file would become, and how many of all: `presend check FEED FILE`. Nothing is kept, and no address shown.

The file is loaded as the feed's settings say, into a ledger of its own that is thrown away.
"""

import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb

from pipeline.config import Configuration
from pipeline.engines.local import scratch_folder
from pipeline.errors import NotFound, UsageError
from pipeline.ledger import Load, ingest
from pipeline.logs import Progress, masked, masked_name
from pipeline.vocabulary import Kind
from pipeline.workspace import Workspace

ROWS = 5
SHOWN: dict[Kind, tuple[str, ...]] = {
    Kind.PROFILE: (
        *("operation", "organisation", "profile_id", "email_address", "phone_number", "first_name", "last_name", "birth_date", "street"),
        *("postal_code", "city", "country", "language", "updated_at", "external_id", "flags", "attributes"),
    ),
    Kind.CONSENT: (
        *("action", "channel", "address", "profile_id", "scope", "scope_id", "actor", "via", "occurred_from", "occurred_until"),
        *("reason", "reason_text", "vendor_label"),
    ),
    Kind.DELIVERY: (
        *("type", "bounce_class", "reason", "channel", "address", "campaign", "organisation", "occurred_from", "occurred_until"),
        "vendor_label",
    ),
    Kind.REGISTER: ("register", "entry_kind", "algorithm", "value"),
    Kind.REVIEW: ("channel", "address", "occurred_from"),
    Kind.ANSWER: ("review_id", "answer"),
}
PERSONAL = frozenset({"first_name", "last_name", "birth_date", "street"})
ADDRESSES = frozenset({"email_address", "phone_number", "address", "value"})
LONGEST = 60


@dataclass(frozen=True)
class Sample:
    """What became of a file, and its first rows by kind, masked: empty cells are left out. `fault` is why a row would be rejected."""

    load: Load
    rows: tuple[dict[str, str], ...]


def sample(workspace: Workspace, configuration: Configuration, feed: str, file: Path, at: datetime, progress: Progress) -> Sample:
    """The sample of a file under a feed's settings, received at `at`. Raises NotFound for an unknown feed, UsageError for no such file."""
    if feed not in configuration.feeds:
        raise NotFound(f"there is no feed {feed!r}", where="feeds/", remedy=f"Known: {', '.join(sorted(configuration.feeds)) or 'none'}.")
    if not file.is_file():
        raise UsageError("there is no such file", where=masked_name(str(file)), remedy="Name a file to look at.")
    alone = replace(configuration, feeds={feed: configuration.feeds[feed].model_copy(update={"files": "*", "parts": False})})
    with scratch_folder(workspace.scratch) as folder:
        beside = Workspace(folder)
        landed = beside.landing / feed / file.name.lstrip(".")
        landed.parent.mkdir(parents=True)
        shutil.copyfile(file, landed)
        loads = ingest(beside, alone, at, [feed], progress).loads
        if not loads:
            raise UsageError("the file holds nothing to load", where=masked_name(file.name), remedy="Look whether it is finished.")
        return Sample(loads[0], tuple(row for load in loads for row in _rows(beside, load))[:ROWS])


def _rows(workspace: Workspace, load: Load) -> list[dict[str, str]]:
    found: list[tuple[int, dict[str, str]]] = []
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        for kind, columns in SHOWN.items():
            path = workspace.ledger / load.feed / load.content / f"{kind}.parquet"
            if not path.is_file():
                continue
            cells = ", ".join(f"coalesce(CAST({name} AS VARCHAR), '')" for name in columns)
            rows = con.execute(
                f"""SELECT coalesce(record_number, file_row_number + 1), coalesce(fault, ''), {cells}
                FROM read_parquet($path, file_row_number = true) ORDER BY file_row_number LIMIT {ROWS}""",
                {"path": str(path)},
            ).fetchall()
            for number, fault, *values in rows:
                told = {name: _masked(name, value) for name, value in zip(columns, values, strict=True) if value not in ("", "{}")}
                found.append((number, {"row": str(number), "becomes": str(kind), **({"fault": fault} if fault else {}), **told}))
    return [row for _, row in sorted(found, key=lambda each: each[0])][:ROWS]


def _masked(name: str, value: str) -> str:
    if name in ADDRESSES:
        return masked(value)
    return f"{value[:1]}***" if name in PERSONAL else masked_name(value)[:LONGEST]
