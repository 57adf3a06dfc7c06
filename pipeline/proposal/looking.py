"""Looks at a file of unknown form: its columns, and the first of its rows. What it holds stays here: answers name columns only.

The rows are kept in a small file beside, so that every adapter can be asked in earnest whether it reads them.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from pipeline.errors import UsageError
from pipeline.ledger.json_tables import unwrapped
from pipeline.ledger.json_values import Unreadable, as_line, json_values
from pipeline.ledger.landing import LandingFile, UnreadableFile, opened, plainly_named
from pipeline.ledger.records import FORM_LINE
from pipeline.ledger.registers import CONTROL, IN_RECORDS
from pipeline.ledger.tables import REFUSALS, Table, read_table, read_table_again
from pipeline.ledger.texts import chunks_of, lines_of, sample_of

MOST_ROWS = 500
"""So many rows are looked at."""
DEEPEST = 3
RECORD_KEYS = (*IN_RECORDS, "id", "profile_id", "type", "event")
"""A record of people or events has one of these keys; an object without any is an envelope."""


@dataclass(frozen=True)
class Look:
    """A file: its name, its columns (in JSON paths with slashes) with the cells of the first rows, and a sample of it.

    `columns` is empty for what is neither a table nor JSON.
    """

    name: str
    columns: dict[str, list[str]]
    sample: Path
    is_json: bool = False
    text: str = ""

    def filled(self, column: str) -> list[str]:
        """The filled cells of a column."""
        return [cell.strip() for cell in self.columns[column] if cell.strip()]


def look_at(con: duckdb.DuckDBPyConnection, path: Path, scratch: Path) -> Look:
    """The look of a file; of an archive, of its first. Raises UsageError where it cannot be read."""
    try:
        found = path.stat()
        landed = LandingFile(path, path.name, found.st_size, (found.st_mtime_ns, found.st_ctime_ns, found.st_ino))
        with opened(landed, scratch) as contents:
            name, content = contents[0]
            return _look(con, Path(name).name, plainly_named(content, scratch), scratch)
    except (OSError, UnreadableFile) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"the file cannot be looked at: {reason}", where="--from", remedy="Name a file that holds rows.") from None


def _look(con: duckdb.DuckDBPyConnection, name: str, path: Path, scratch: Path) -> Look:
    sample = scratch / "sample"
    text = sample_of(path)
    if not text.strip():
        raise UnreadableFile("it is empty")
    if CONTROL.search(text):
        return Look(name, {}, path)
    first = text.lstrip()
    if first[0] in "{[":
        values = [value for value in islice(json_values(chunks_of(path)), MOST_ROWS) if not isinstance(value, Unreadable)]
        sample.write_text("".join(f"{as_line(value)}\n" for value in values), encoding="utf-8")
        return Look(name, _json_columns(values), sample, is_json=True)
    first_line = first.splitlines()[0].strip()
    if first[0] == "<" or first_line.startswith(("From ", "Return-Path:", "Received:")) or FORM_LINE.fullmatch(first_line):
        sample.write_text("".join(islice(lines_of(path), MOST_ROWS)), encoding="utf-8")
        return Look(name, {}, sample, text=first)
    try:
        table = read_table(con, path, scratch, (), may_repeat=True)
        rows = _rows(con, table)
    except REFUSALS:
        rows = _rows(con, table := read_table_again(path, scratch, (), may_repeat=True))
    with sample.open("w", encoding="utf-8", newline="") as sink:
        csv.writer(sink).writerows([table.header, *rows])
    columns: dict[str, list[str]] = {}
    for place, header in enumerate(table.header):
        columns.setdefault(header, [row[place] for row in rows])  # of those that are called alike the first stands for all
    return Look(name, columns, sample, text=first)


def _rows(con: duckdb.DuckDBPyConnection, table: Table) -> list[tuple[str, ...]]:
    cells = ", ".join(f"coalesce(c{number}, '')" for number in range(len(table.header)))
    return con.execute(f"SELECT {cells} FROM ({table.select}) WHERE fault IS NULL LIMIT {MOST_ROWS}", table.parameters).fetchall()


def _json_columns(values: list[object]) -> dict[str, list[str]]:
    records = [record for value in values for record in unwrapped(value, RECORD_KEYS) if isinstance(record, dict)][:MOST_ROWS]
    flat = [dict(_leaves(record, "", DEEPEST)) for record in records]
    return {name: [record.get(name, "") for record in flat] for name in dict.fromkeys(key for record in flat for key in record)}


def _leaves(record: dict[str, object], before: str, depth: int) -> Iterator[tuple[str, str]]:
    for key, value in record.items():
        if isinstance(value, dict) and depth:
            yield from _leaves(value, f"{before}{key}/", depth - 1)
        else:
            yield f"{before}{key}", value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
