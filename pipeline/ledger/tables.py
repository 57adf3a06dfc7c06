"""Reads a CSV or JSON file into a DuckDB relation with columns c0, c1, … of text.

Header texts are data: they are matched to canonical names here and never become SQL. DuckDB reads clean files. What it
refuses (odd encodings, ragged rows, NUL bytes, an array of objects) is read once more, slower, in Python, row by row,
and each row that cannot be used says why.
"""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import dropwhile
from pathlib import Path

import duckdb

from pipeline.flags import Lifting, meaning_of
from pipeline.ledger import quotes
from pipeline.ledger.json_places import said_first
from pipeline.ledger.json_tables import json_columns, json_rows
from pipeline.ledger.json_values import RAW_LENGTH
from pipeline.ledger.landing import UnreadableFile
from pipeline.ledger.rows import IGNORED, is_header, names_of, rows_sql
from pipeline.ledger.texts import UTF_8, canonical, encoding_of, has_end, lines_of, sample_of, shown

DELIMITERS = ",;\t|"
MAX_FIELD = 1 << 20
"""A longer cell is a defect of the file: its row is rejected."""
REFUSALS = (
    duckdb.InvalidInputException,
    duckdb.ConversionException,
    duckdb.IOException,
    duckdb.OutOfRangeException,
    duckdb.NotImplementedException,
)
"""What DuckDB says of a file that it cannot read; it is read once more in Python then."""
MOST_COLUMNS = 5_000
LONGEST_HEADER = 1 << 16
PREAMBLE = re.compile(r"\s*|sep=.\s*", re.IGNORECASE)
"""A line above the header: nothing, or what Excel wants to know."""
BATCH = 1_000_000
"""So many cells are held at once."""
LOOKED_AT = 100
MOST_REJECTED = 1_000_000
"""A file with more rows that cannot be used is refused: they would not fit into memory."""


@dataclass(frozen=True)
class Table:
    """A file's header and a SELECT that gives its rows, in order, as c0 … cn, `fault` and `raw`."""

    header: tuple[str, ...]
    select: str
    parameters: dict[str, object]
    is_json: bool = False


def read_table(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    scratch: Path,
    required: Sequence[str],
    *,
    may_repeat: bool = False,
    lifts: Lifting | None = None,
) -> Table:
    """The table in `path`.

    Raises UnreadableFile when the file is empty, has none of the `required` columns, or names a column twice that is no flag and that may
    not repeat.
    """
    encoding = encoding_of(path)
    sample = sample_of(path)
    if not sample.strip():
        raise UnreadableFile("the file is empty; even a file without rows has a header")
    if sample.lstrip()[0] in "{[":
        return _read_json(con, path, scratch, required, encoding, lifts, is_array=sample.lstrip()[0] == "[")
    first_lines = sample.splitlines(keepends=True)
    delimiter, header = _header(first_lines)
    if encoding != UTF_8 or PREAMBLE.fullmatch(first_lines[0]) or any("\ufffd" in name for name in header):
        return read_table_again(path, scratch, required, may_repeat=may_repeat)  # DuckDB skips the header and would not notice
    _check_header(header, required, may_repeat=may_repeat)
    columns = {f"c{number}": "VARCHAR" for number in range(len(header))}
    select = (
        "SELECT * FROM read_csv($path, header = true, auto_detect = false, delim = $delimiter,"
        " quote = '\"', escape = '\"', nullstr = $never, columns = $columns)"
    )
    parameters: dict[str, object] = {"path": str(path), "delimiter": delimiter, "never": "\x01\x02", "columns": columns}
    if quotes.runs_over_lines(path):
        quotes.require_no_hidden_rows(con, select, parameters, delimiter, len(header))
    return Table(header, rows_sql(select, len(header)), {**parameters, "header_names": names_of(header)})


def read_table_again(
    path: Path, scratch: Path, required: Sequence[str], *, may_repeat: bool = False, lifts: Lifting | None = None
) -> Table:
    """The table in a file that DuckDB refused, read in Python; rows that cannot be used carry a `fault`."""
    sample = sample_of(path)
    if sample.lstrip()[:1] in ("{", "["):
        found = json_rows(path, required, lifts)
        _check_width(found.header)
        table = replace(_spooled(tuple(found.header), found.rows, scratch), is_json=True)
        texts = {number: found.lifted[name] for number, name in enumerate(found.header) if name in found.lifted}
        said = ", ".join(f"{said_first(f'from_json(c{number}, $texts)', meaning)} AS c{number}" for number, meaning in texts.items())
        if not said:
            return table
        parameters = {**table.parameters, "texts": '["VARCHAR"]'}
        return replace(table, select=f"SELECT * REPLACE ({said}) FROM ({table.select})", parameters=parameters)
    delimiter, header = _header(list(_first_lines(path)))
    _check_header(header, required, may_repeat=may_repeat)
    return _spooled(header, _csv_rows(lines_of(path), delimiter, header), scratch)


def _first_lines(path: Path) -> Iterator[str]:
    length = 0
    for line in lines_of(path):
        yield line[:LONGEST_HEADER]
        length += len(line)
        if length > LONGEST_HEADER:
            return


def read_list(con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, name: str) -> Table:
    """The lines of a file without a header, as the one column `name`; empty lines are no rows."""
    source = """SELECT c0, NULL::VARCHAR AS fault, NULL::VARCHAR AS raw
        FROM read_csv($path, header = false, auto_detect = false, delim = $never, quote = '"', escape = '"', nullstr = $null,
            columns = {'c0': 'VARCHAR'})
        WHERE trim(c0) <> ''"""
    parameters: dict[str, object] = {"path": str(path), "never": "\x1f", "null": "\x01\x02"}
    try:
        # No entry has several lines: each is one, whatever quotes stand around them.
        if encoding_of(path) != UTF_8 or quotes.runs_over_lines(path):
            raise duckdb.InvalidInputException("to be read line by line")
        con.execute(f"SELECT count(*) FROM ({source})", parameters).fetchall()
    except REFUSALS:
        lines = (line.strip().strip('"') for line in lines_of(path))
        return _spooled((name,), (([line], None, "") for line in lines if line), scratch)
    return Table((name,), source, parameters)


def _header(lines: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The delimiter is the one that splits the header line into most columns."""
    split = {mark: next(filter(None, _cells(lines, mark)), [""]) for mark in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda mark: len(split[mark]))
    if any(quotes.hides_rows(name, place, delimiter, len(split[delimiter])) for place, name in enumerate(split[delimiter])):
        raise UnreadableFile(quotes.refusal(1))
    return delimiter, tuple(name.strip().removeprefix("\ufeff") for name in split[delimiter])


def _cells(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """The rows from the header on."""
    csv.field_size_limit(MAX_FIELD)
    try:
        yield from csv.reader(dropwhile(PREAMBLE.fullmatch, lines), delimiter=delimiter)
    except csv.Error as error:
        raise UnreadableFile("the header cannot be read") from error


def _check_header(header: Sequence[str], required: Sequence[str], *, may_repeat: bool) -> None:
    _check_width(header)
    names = [canonical(name) for name in header]
    missing = [name for name in required if canonical(name) not in names]
    if missing:
        raise UnreadableFile(f"column {', '.join(repr(name) for name in missing)} is missing (found: {shown(header)})")
    # Columns that say a "no" add up; of any other two nobody knows which is meant.
    twice = sorted({name for name, told in zip(names, header, strict=True) if name and names.count(name) > 1 and not meaning_of(told)})
    if twice and not may_repeat:
        raise UnreadableFile(f"column {twice[0]!r} stands twice in the header")


def _check_width(header: Sequence[str]) -> None:
    if len(header) > MOST_COLUMNS:
        raise UnreadableFile(f"the file has {len(header):,} columns: it is no table, or damaged")


def text_of_row(header: Sequence[str]) -> tuple[str, dict[str, object]]:
    """SQL for a row as it came, and what it asks for: its cells by header, or the line where it could not be split.

    Of columns that are called alike the later ones bear their number: a name stands once among the keys.
    """
    keys: dict[str, int] = {}
    for number, name in enumerate(header):
        key = name
        while key in keys:
            key += f" ({number + 1})"
        keys[key] = number
    if not keys:
        return "raw", {}
    cells = ", ".join(f"coalesce(c{number}, '')" for number in keys.values())
    return f"coalesce(nullif(raw, ''), to_json(map($header::VARCHAR[], [{cells}]))::VARCHAR)", {"header": list(keys)}


def alike(header: Sequence[str]) -> dict[str, list[int]]:
    """The columns of a header by their canonical names: several positions where they are called alike."""
    found: dict[str, list[int]] = {}
    for number, name in enumerate(header):
        if name:
            found.setdefault(canonical(name), []).append(number)
    return found


def one_cell(positions: Sequence[int]) -> str:
    """SQL for columns that are called alike: the first cell that is no plain no, else the first that is filled. So any "no" is kept."""
    if len(positions) == 1:
        return f"coalesce(c{positions[0]}, '')"
    said = [f"CASE WHEN is_yes(c{number}) THEN c{number} END" for number in positions]
    filled = [f"nullif(c{number}, '')" for number in positions]
    return f"coalesce({', '.join([*said, *filled])}, '')"


def _read_json(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    scratch: Path,
    wanted: Sequence[str],
    encoding: str,
    lifts: Lifting | None,
    *,
    is_array: bool,
) -> Table:
    if encoding != UTF_8 or not has_end(path):
        return read_table_again(path, scratch, wanted, lifts=lifts)
    try:
        found = json_columns(con, path, scratch, wanted, lifts, is_array=is_array)
    except duckdb.Error:
        return read_table_again(path, scratch, wanted, lifts=lifts)
    _check_width(found.header)
    columns = "".join(f"{cell} AS c{number}, " for number, cell in enumerate(found.cells))
    select = f"SELECT {columns}NULL::VARCHAR AS fault, NULL::VARCHAR AS raw FROM {found.source}"
    return Table(tuple(found.header), select, found.parameters, is_json=True)


@dataclass
class _Lines:
    """Lines that can be given back: those of a quoted cell that never ends are rows of their own."""

    lines: Iterator[str]
    number: int = 0
    """Of the line that was taken last."""
    again: deque[str] = field(default_factory=deque)
    taken: list[str] = field(default_factory=list)

    @property
    def first_number(self) -> int:
        """The number of the line in which the row begins."""
        return self.number - len(self.taken) + 1

    def skip_preamble(self) -> None:
        for line in self:
            self.taken.clear()
            if not PREAMBLE.fullmatch(line):
                self.number -= 1
                self.again.append(line)
                return

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.taken.append(self.again.popleft() if self.again else next(self.lines))
        self.number += 1
        return self.taken[-1]

    def give_back(self) -> None:
        self.number -= len(self.taken) - 1
        self.again.extendleft(reversed(self.taken[1:]))

    def skip_behind(self, mark: str) -> None:
        for line in self:
            self.taken.clear()
            if mark in line:
                return

    def hides_rows_in(self, cells: Sequence[str], delimiter: str) -> bool:
        """Whether a row that is as wide as the file has swallowed others."""
        width = len(cells)
        if quotes.holds_a_row(self.taken[1:], delimiter, width) or self.is_open(delimiter):
            return True
        several = [(place, cell) for place, cell in enumerate(cells) if "\n" in cell or "\r" in cell]
        return any(quotes.hides_rows(cell, place, delimiter, width) for place, cell in several)

    def is_open(self, delimiter: str) -> bool:
        """Whether a quoted cell reaches to the end of the file, over lines that are not empty."""
        if not any(line.strip() for line in self.taken[1:]):
            return False
        try:
            next(csv.reader(self.taken, delimiter=delimiter, strict=True), None)
        except csv.Error as error:
            return "unexpected end of data" in str(error)
        return False

    def hides_rows(self, delimiter: str, width: int) -> bool:
        """Whether there are rows of their own in what was taken for one row: a quote was opened and not closed."""
        try:
            return any(len(cells) == width for cells in csv.reader(self.taken[1:LOOKED_AT], delimiter=delimiter))
        except csv.Error:
            return False


def _csv_rows(lines: Iterator[str], delimiter: str, header: Sequence[str]) -> Iterator[tuple[list[str], str | None, str]]:
    """(cells, fault, raw) of every row behind the header. A row of another width than the header is not guessed at.

    Raises UnreadableFile when hardly any can be used, and where the header stands again in another order.
    """
    csv.field_size_limit(MAX_FIELD)
    width, names = len(header), names_of(header)
    source = _Lines(lines)
    source.skip_preamble()
    reader = csv.reader(source, delimiter=delimiter)
    next(reader, None)
    faults = 0
    while True:
        source.taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = None
        if cells is not None and not any(map(str.strip, cells)):
            continue
        if cells is not None and len(cells) == width:
            if len(source.taken) > 1 and source.hides_rows_in(cells, delimiter):
                raise UnreadableFile(quotes.refusal(source.first_number))
            yield cells, IGNORED if is_header(cells, names, source.first_number) else None, ""
            continue
        faults += 1
        if faults > MOST_REJECTED:
            raise UnreadableFile(f"more than {MOST_REJECTED:,} of its rows cannot be read")
        raw = source.taken[0][:RAW_LENGTH].rstrip("\r\n")
        if source.hides_rows(delimiter, width) or source.is_open(delimiter):
            source.give_back()
            yield [""] * width, "quote_unclosed", raw
        elif cells is None:
            if len(source.taken) > 1:
                source.skip_behind('"')
            yield [""] * width, "field_too_long", ""
        else:
            yield [""] * width, "too_few_fields" if len(cells) < width else "too_many_fields", raw


def _spooled(header: tuple[str, ...], rows: Iterator[tuple[list[str], str | None, str]], scratch: Path) -> Table:
    """Write rows to Parquet parts in `scratch` and give the SELECT that reads them back in order."""
    import polars as pl

    names = [f"c{number}" for number in range(len(header))]
    schema = dict.fromkeys((*names, "fault", "raw"), pl.String)
    parts: list[str] = []
    batch: list[tuple[str | None, ...]] = []

    def flush() -> None:
        part = scratch / f"part-{len(parts):05}.parquet"
        pl.DataFrame(batch, schema=schema, orient="row").write_parquet(part)
        parts.append(str(part))
        batch.clear()

    for cells, fault, raw in rows:
        batch.append((*cells, fault, raw))
        if len(batch) * len(names) >= BATCH:
            flush()
    flush()
    return Table(header, "SELECT * FROM read_parquet($parts)", {"parts": parts})
