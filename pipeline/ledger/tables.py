"""Reads a CSV or NDJSON file into a DuckDB relation with columns c0, c1, … of text.

Header texts are data: they are matched to canonical names here and never become SQL. DuckDB reads clean files. What it
refuses (odd encodings, ragged rows, NUL bytes, an array of objects) is read once more, slower, in Python, row by row,
and each row that cannot be used says why.
"""

import codecs
import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.ledger.landing import UnreadableFile

DELIMITERS = ",;\t|"
MAX_FIELD = 1 << 20
"""A longer cell is a defect of the file: its row is rejected."""
BATCH = 50_000
SAMPLE = 1 << 16


@dataclass(frozen=True)
class Table:
    """A file's header and a SELECT that gives its rows, in order, as c0 … cn, `fault` and `raw`."""

    header: tuple[str, ...]
    select: str
    parameters: dict[str, object]


def read_table(con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, required: Sequence[str], *, may_repeat: bool = False) -> Table:
    """The table in `path`.

    Raises UnreadableFile when the file is empty, has none of the `required` columns, or names a column twice and none `may_repeat`.
    """
    encoding = encoding_of(path)
    with path.open("rb") as stream:
        sample = stream.read(SAMPLE).decode(encoding, "replace").removeprefix("\ufeff")
    if not sample.strip():
        raise UnreadableFile("the file is empty; even a file without rows has a header")
    if sample.lstrip()[0] in "{[":
        return _read_json(con, path, scratch, encoding, is_array=sample.lstrip()[0] == "[")
    delimiter, header = _header(sample)
    if any("\ufffd" in name for name in header):
        return read_table_again(path, scratch, required, may_repeat=may_repeat)  # not UTF-8; DuckDB skips the header and would not notice
    _check_header(header, required, may_repeat=may_repeat)
    columns = {f"c{number}": "VARCHAR" for number in range(len(header))}
    select = (
        "SELECT *, NULL::VARCHAR AS fault, NULL::VARCHAR AS raw"
        " FROM read_csv($path, header = true, auto_detect = false, delim = $delimiter,"
        " quote = '\"', escape = '\"', nullstr = $never, columns = $columns)"
    )
    parameters: dict[str, object] = {"path": str(path), "delimiter": delimiter, "never": "\x01\x02", "columns": columns}
    return Table(header, select, parameters)


def read_table_again(path: Path, scratch: Path, required: Sequence[str], *, may_repeat: bool = False) -> Table:
    """The table in a file that DuckDB refused, read in Python; rows that cannot be used carry a `fault`."""
    with path.open(encoding=_readable_encoding(path), errors="replace", newline="") as stream:
        sample = stream.read(SAMPLE)
        stream.seek(0)
        if sample.lstrip()[:1] in ("{", "["):
            records = list(_json_records(stream.read()))
            header = tuple(dict.fromkeys(key for _, record, _ in records for key in record))
            rows: Iterator[tuple[list[str], str | None, str]] = (
                ([_as_text(record.get(name)) for name in header], fault, raw) for fault, record, raw in records
            )
            return _spooled(header, rows, scratch)
        delimiter, header = _header(sample)
        _check_header(header, required, may_repeat=may_repeat)
        return _spooled(header, _csv_rows(stream, delimiter, len(header)), scratch)


def read_list(con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, name: str) -> Table:
    """The lines of a file without a header, as the one column `name`; empty lines are no rows."""
    source = """SELECT c0, NULL::VARCHAR AS fault, NULL::VARCHAR AS raw
        FROM read_csv($path, header = false, auto_detect = false, delim = $never, quote = '"', escape = '"', nullstr = $null,
            columns = {'c0': 'VARCHAR'})
        WHERE trim(c0) <> ''"""
    parameters: dict[str, object] = {"path": str(path), "never": "\x1f", "null": "\x01\x02"}
    try:
        con.execute(f"SELECT count(*) FROM ({source})", parameters).fetchall()
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException, duckdb.OutOfRangeException):
        lines = (line.strip().strip('"') for line in decoded_text(path).replace("\0", "").splitlines())
        return _spooled((name,), (([line], None, "") for line in lines if line), scratch)
    return Table((name,), source, parameters)


def encoding_of(path: Path) -> str:
    """UTF-16 when the byte order mark says so, else UTF-8 (with or without one)."""
    with path.open("rb") as stream:
        start = stream.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


def _readable_encoding(path: Path) -> str:
    """The encoding in which every byte can be read: what is no UTF-8 is taken for Windows' western one."""
    encoding = encoding_of(path)
    return "cp1252" if encoding == "utf-8-sig" and not _is_utf8(path) else encoding


def has_end(path: Path) -> bool:
    """Whether a file of JSON ends as JSON does: DuckDB overlooks a record of which there is but the first byte."""
    with path.open("rb") as stream:
        stream.seek(max(path.stat().st_size - SAMPLE, 0))
        return stream.read().rstrip().endswith((b"}", b"]"))


def decoded_text(path: Path) -> str:
    """The whole text of a file in an encoding in which it can be read; single bytes that cannot be are replaced."""
    return path.read_text(encoding=_readable_encoding(path), errors="replace")


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _header(sample: str) -> tuple[str, tuple[str, ...]]:
    """The delimiter is the one that splits the header line into most columns."""
    csv.field_size_limit(MAX_FIELD * 200)
    split = {mark: next(csv.reader(sample.splitlines(keepends=True), delimiter=mark)) for mark in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda mark: len(split[mark]))
    return delimiter, tuple(name.strip() for name in split[delimiter])


def _check_header(header: Sequence[str], required: Sequence[str], *, may_repeat: bool) -> None:
    names = [canonical(name) for name in header]
    missing = [name for name in required if name not in names]
    if missing:
        raise UnreadableFile(f"column {', '.join(repr(name) for name in missing)} is missing (found: {', '.join(header[:12])})")
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice and not may_repeat:
        raise UnreadableFile(f"column {twice[0]!r} stands twice in the header")


def canonical(name: str) -> str:
    """A header text as canonical names are compared: without case, outer space and BOM; blanks and hyphens as underscores."""
    return name.strip().removeprefix("\ufeff").lower().replace(" ", "_").replace("-", "_")


def _read_json(con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, encoding: str, *, is_array: bool) -> Table:
    # Told and not guessed: an array on one line would pass for one line of newline-delimited JSON.
    shape = "array" if is_array else "newline_delimited"
    source = f"read_json_objects($path, format = '{shape}', maximum_object_size = 16777216)"
    if encoding != "utf-8-sig" or not has_end(path):
        return read_table_again(path, scratch, ())
    try:
        keys = con.execute(f"SELECT DISTINCT unnest(json_keys(json)) AS name FROM {source} ORDER BY name", {"path": str(path)}).fetchall()
    except duckdb.Error:
        return read_table_again(path, scratch, ())
    header = tuple(str(name) for (name,) in keys)
    pointers = {f"k{number}": "/" + name.replace("~", "~0").replace("/", "~1") for number, name in enumerate(header)}
    columns = "".join(f"coalesce(json ->> $k{number}, '') AS c{number}, " for number in range(len(header)))
    select = f"SELECT {columns}NULL::VARCHAR AS fault, NULL::VARCHAR AS raw FROM {source}"
    return Table(header, select, {"path": str(path), **pointers})


def _json_records(text: str) -> Iterator[tuple[str | None, dict[str, object], str]]:
    """(fault, object, raw) of one JSON array or object, or of one object a line."""
    try:
        whole = json.loads(text)
    except ValueError:
        for line in filter(str.strip, text.split("\n")):
            try:
                value = json.loads(line)
            except ValueError:
                yield "json_unreadable", {}, line[:2000]
                continue
            yield (None, value, line) if isinstance(value, dict) else ("not_an_object", {}, line[:2000])
        return
    for value in whole if isinstance(whole, list) else [whole]:
        raw = json.dumps(value, ensure_ascii=False)
        yield (None, value, raw) if isinstance(value, dict) else ("not_an_object", {}, raw[:2000])


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _csv_rows(stream: Iterator[str], delimiter: str, width: int) -> Iterator[tuple[list[str], str | None, str]]:
    """(cells, fault, raw) of every row behind the header. A row of another width than the header is not guessed at."""
    csv.field_size_limit(MAX_FIELD * 200)
    reader = csv.reader((line.replace("\0", "") if "\0" in line else line for line in stream), delimiter=delimiter)
    next(reader, None)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield [""] * width, "line_unreadable", str(error)
            continue
        if not cells:
            continue
        if any(len(cell) > MAX_FIELD for cell in cells):
            yield [""] * width, "field_too_long", ""
        elif len(cells) != width:
            yield [""] * width, "too_few_fields" if len(cells) < width else "too_many_fields", delimiter.join(cells)[:2000]
        else:
            yield cells, None, ""


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
        if len(batch) >= BATCH:
            flush()
    flush()
    return Table(header, "SELECT * FROM read_parquet($parts)", {"parts": parts})
